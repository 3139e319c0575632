import { Fault } from "../../base/index.ts";
import { openSource, removeLeftTriggers, type SourceConfig, sqlitePath, switchJournalMode } from "../../effects/index.ts";
import { type Command, type CommandInput, numberOf, wrongUsage } from "./command.ts";

export const effectsCommand: Command = {
	usage: "effects DATABASE [--triggers | --snapshot] [--poll MS] | effects switch DATABASE [--back] | effects clean DATABASE",
	about:
		"The committed row changes of a database, live as JSON lines until Ctrl+C; its switch to a write-ahead log, and back; or the removal of triggers that a killed source left in it.",
	options: { triggers: "boolean", snapshot: "boolean", poll: "string", back: "boolean" },
	async run(input) {
		const [first, second, ...rest] = input.positionals;
		if (first === undefined || rest.length > 0) wrongUsage();
		if (second === undefined) return follow(first, wayOf(input), input);
		if (first === "switch") return change(second, input);
		return first === "clean" ? clean(second, input) : wrongUsage();
	},
};

function change(database: string, input: CommandInput): undefined {
	const to = input.values.back === true ? "delete" : "wal";
	const file = sqlitePath(database);
	const before = switchJournalMode(file, to);
	if (input.json) console.log(JSON.stringify({ file, before, after: to }));
	else
		console.log(
			before === to ? `${file} is in ${to} mode already.` : `${file} was in ${before} mode and is in ${to} mode now; it stays so.`,
		);
}

async function clean(database: string, input: CommandInput): Promise<undefined> {
	const file = sqlitePath(database);
	const removed = await removeLeftTriggers(file, { isForced: true });
	if (input.json) console.log(JSON.stringify({ file, removed }));
	else console.log(removed ? `The triggers and the change log of Phoenix were taken out of ${file}.` : `${file} holds nothing of Phoenix.`);
}

function wayOf({ values }: CommandInput): NonNullable<SourceConfig["way"]> {
	if (values.triggers === true && values.snapshot === true) wrongUsage();
	return values.triggers === true ? "triggers" : values.snapshot === true ? "snapshot" : "log";
}

async function follow(database: string, way: NonNullable<SourceConfig["way"]>, input: CommandInput): Promise<undefined> {
	const pollMs = numberOf(input, "poll");
	if (pollMs !== undefined && !(pollMs >= 1 && pollMs <= 3_600_000)) wrongUsage();
	const source = await openSource({
		database,
		way,
		...(pollMs === undefined ? {} : { pollMs }),
	});
	const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
	const ended = Promise.withResolvers<void>();
	// A reader that goes away (`| head`) ends the command as Ctrl+C does.
	process.stdout.once("error", () => ended.resolve());
	for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ended.resolve());
	print({ kind: "source", method: source.method, about: source.about, tables: source.tables });
	source.onLost((reason) => {
		const remedy = "Start the command again; it begins at the present state.";
		ended.reject(new Fault("DATABASE_UNSUITABLE", { file: database, reason, remedy }));
	});
	source.onSchema((change) => print({ kind: "schema", ...change }));
	source.subscribe((commit) => print({ kind: "commit", ...commit }));
	try {
		await ended.promise;
		await source.drain();
	} finally {
		await source.stop();
	}
}
