import type { OutputLine, ProcessInfo, RuntimeState } from "../../contract/runtime.ts";
import { type Command, type CommandInput, numberOf, textOf, wrongUsage } from "./command.ts";
import { type Client, withEngine } from "./connect.ts";

export const runtimeCommand: Command = {
	usage: "runtime [output SOURCE|follow FILE] [--follow] [--grep TEXT] [--regex] [--count 100]",
	about: "The processes of a running engine with what they take, answer and write; `follow` reads a legacy log file along.",
	options: { follow: "boolean", grep: "string", regex: "boolean", count: "string", state: "string" },
	async run(input) {
		const [verb, subject] = input.positionals;
		return withEngine(input, async (client) => {
			if (verb === undefined) return list(client, input);
			if (subject === undefined) return wrongUsage();
			if (verb === "output") return output(client, input, subject);
			if (verb !== "follow") return wrongUsage();
			await client.runtime.follow({ file: subject });
			console.log(input.json ? "{}" : `Phoenix reads ${subject} along as the output of legacy.`);
			return 0;
		});
	},
};

async function list(client: Client, input: CommandInput): Promise<number> {
	const state = await client.runtime.list({});
	if (input.json) console.log(JSON.stringify(state));
	else for (const line of tableOf(state)) console.log(line);
	return 0;
}

function tableOf({ processes, measured, at, output }: RuntimeState): string[] {
	const running = processes.filter(({ endedAt }) => endedAt === null);
	const rows = running.map((info) => [info.id, info.role, ...figuresOf(info, measured, at)]);
	const head = ["SOURCE", "ROLE", "PID", "PORT", "CPU", "MEMORY", "THREADS", "FILES", "UP", "RESTARTS", "HEALTH", "LINES"];
	const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
	const lines = [head, ...rows].map((row) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join("  ")
			.trimEnd(),
	);
	const silent = running.flatMap(({ id, output: { captured, ...more } }) =>
		captured ? [] : [`${id}: ${"reason" in more ? more.reason : ""}`],
	);
	const held = `${output.held} lines held, ${output.forgotten} older ones only in their files`;
	return [...lines, "", held, ...silent, ...(measured ? [] : ["Resources are not measured on this system."])];
}

function figuresOf(info: ProcessInfo, measured: boolean, at: number): string[] {
	const { resources, health, startedAt, restarts, output } = info;
	const none = measured ? "-" : "not measured";
	return [
		String(info.pid ?? "-"),
		String(info.port ?? "-"),
		resources === null ? none : `${resources.cpu.toFixed(1)} %`,
		resources === null ? none : `${(resources.rss / 1e6).toFixed(1)} MB`,
		resources === null ? none : String(resources.threads),
		resources === null ? none : String(resources.files ?? "-"),
		startedAt === null ? "-" : `${Math.round((at - startedAt) / 1000)} s`,
		String(restarts ?? "-"),
		health === null ? "-" : `${health.ok ? "ok" : "NOT OK"}, ${health.answer}, ${health.ms.toFixed(1)} ms`,
		output.captured ? String(output.lines) : "-",
	];
}

async function output(client: Client, input: CommandInput, source: string): Promise<number> {
	const text = textOf(input, "grep");
	const regex = input.values.regex === true;
	const limit = Math.min(20_000, Math.max(1, numberOf(input, "count") ?? 100));
	const { processes, output: memory } = await client.runtime.list({});
	const info = processes.find(({ id }) => id === source);
	if (info?.output.captured === false) console.error(`${source}: ${info.output.reason}`);
	else if (info === undefined) console.error(`No process is called ${source}. There are: ${processes.map(({ id }) => id).join(", ")}.`);
	if (info?.output.captured !== true) return 1;
	const past =
		text === undefined
			? await client.runtime.lines({ source, before: memory.last + 1, limit })
			: await client.runtime.search({ source, text, regex, before: memory.last + 1, limit });
	const say = (line: OutputLine) => console.log(input.json ? JSON.stringify(line) : wordsOf(line));
	for (const line of past.lines) say(line);
	if (input.values.follow !== true) return 0;
	const fits = matching(text, regex);
	const stop = new AbortController();
	for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
	try {
		const feed = await client.runtime.output({ source, since: memory.last, life: memory.life }, { signal: stop.signal });
		for await (const { lines, missed } of feed) {
			if (missed > 0) console.error(`${missed} lines were missed; they are in ${info.output.files.join(", ")}`);
			for (const line of lines) if (fits(line.text)) say(line);
		}
	} catch (error) {
		if (!stop.signal.aborted) throw error;
	}
	return 0;
}

function matching(text: string | undefined, regex: boolean): (line: string) => boolean {
	if (text === undefined) return () => true;
	if (!regex) return (line) => line.toLowerCase().includes(text.toLowerCase());
	const pattern = new RegExp(text, "iu");
	return (line) => pattern.test(line);
}

function wordsOf({ at, stream, text }: OutputLine): string {
	return `${at === null ? "earlier     " : new Date(at).toISOString().slice(11, 23)} ${stream === "err" ? "! " : "  "}${text}`;
}
