// The commands of `phoenix`: each reads its words, calls the engine, and prints words or JSON.
// A command has no logic of its own; what it can do, the screen can do by the same verb.
import { demoCommand } from "./demo.ts";
import { journalCommand } from "./journal.ts";
import { mapCommand } from "./map.ts";
import { panicCommand } from "./panic.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { blueprintCommand, generateCommand } from "./translate.ts";
import type { Command } from "./command.ts";

export const commands: Record<string, Command> = {
	map: mapCommand,
	blueprint: blueprintCommand,
	generate: generateCommand,
	serve: serveCommand,
	run: runCommand,
	demo: demoCommand,
	panic: panicCommand,
	journal: journalCommand,
};

export function usage(): string {
	const width = Math.max(...Object.values(commands).map((command) => command.usage.length));
	const lines = Object.values(commands).map((command) => `  phoenix ${command.usage.padEnd(width)}  ${command.about}`);
	return `Phoenix Engine: one function at a time, under live traffic, with proof.\n\n${lines.join("\n")}\n\nEvery command takes --json and --help. State is kept in --state DIR (default .phoenix).`;
}
