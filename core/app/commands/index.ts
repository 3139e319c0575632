// The commands of `phoenix`: each reads its words, calls the engine, and prints words or JSON.
// A command has no logic of its own; what it can do, the screen can do by the same verb. Each is loaded only when it is
// asked for, so that the kill switch starts fast and depends on nothing else.
import type { Command } from "./command.ts";

export const commands: Record<string, () => Promise<Command>> = {
	map: async () => (await import("./map.ts")).mapCommand,
	inspect: async () => (await import("./inspect.ts")).inspectCommand,
	blueprint: async () => (await import("./blueprint.ts")).blueprintCommand,
	generate: async () => (await import("./blueprint.ts")).generateCommand,
	translate: async () => (await import("./translate.ts")).translateCommand,
	serve: async () => (await import("./serve.ts")).serveCommand,
	run: async () => (await import("./run.ts")).runCommand,
	demo: async () => (await import("./demo.ts")).demoCommand,
	panic: async () => (await import("./panic.ts")).panicCommand,
	gateway: async () => (await import("./gateway.ts")).gatewayCommand,
	runtime: async () => (await import("./runtime.ts")).runtimeCommand,
	report: async () => (await import("./report.ts")).reportCommand,
	journal: async () => (await import("./journal.ts")).journalCommand,
	record: async () => (await import("./record.ts")).recordCommand,
	recording: async () => (await import("./recording.ts")).recordingCommand,
	replay: async () => (await import("./replay.ts")).replayCommand,
	outbound: async () => (await import("./outbound.ts")).outboundCommand,
	verdicts: async () => (await import("./verdicts.ts")).verdictsCommand,
	effects: async () => (await import("./effects.ts")).effectsCommand,
	key: async () => (await import("./key.ts")).keyCommand,
};

export async function usage(): Promise<string> {
	const all = await Promise.all(Object.values(commands).map((load) => load()));
	const lines = all.map((command) => `  phoenix ${command.usage}\n      ${command.about}`);
	return `Phoenix Engine: one function at a time, under live traffic, with proof.\n\n${lines.join("\n")}\n\nEvery command takes --json and --help. State is kept in --state DIR (default .phoenix).`;
}
