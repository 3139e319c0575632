import { dropSlot, openSource, removeLeftTriggers, type SourceConfig, sqlitePath, switchJournalMode } from "../../effects/index.ts";
import { type Command, type CommandInput, numberOf, textOf, wrongUsage } from "./command.ts";

export const effectsCommand: Command = {
	usage:
		"effects DATABASE [--triggers | --snapshot] [--poll MS] [--slot NAME] [--after POSITION] | effects switch DATABASE [--back] | effects clean DATABASE | effects drop DATABASE --slot NAME",
	about:
		"The committed row changes of a database (a SQLite file, postgres://..., Debezium events: kafka://HOST:PORT/TOPIC, debezium:FILE), live as JSON lines until Ctrl+C; its switch to a write-ahead log, and back; the removal of triggers that a killed source left in it; the end of a slot.",
	options: { triggers: "boolean", snapshot: "boolean", poll: "string", slot: "string", after: "string", back: "boolean" },
	async run(input) {
		const [first, second, ...rest] = input.positionals;
		if (first === undefined || rest.length > 0) wrongUsage();
		if (second === undefined) return follow(first, wayOf(input), input);
		if (first === "switch") return change(second, input);
		if (first === "drop") return drop(second, input);
		return first === "clean" ? clean(second, input) : wrongUsage();
	},
};

async function drop(database: string, input: CommandInput): Promise<undefined> {
	const slot = textOf(input, "slot") ?? wrongUsage();
	const wasThere = await dropSlot(database, slot);
	if (input.json) console.log(JSON.stringify({ slot, dropped: wasThere }));
	else console.log(wasThere ? `The slot ${slot} and its publication are gone.` : `There was no slot ${slot}.`);
}

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
	const [slot, after] = [textOf(input, "slot"), textOf(input, "after")];
	const source = await openSource({
		database,
		way,
		...(pollMs === undefined ? {} : { pollMs }),
		...(slot === undefined ? {} : { slot }),
		...(after === undefined ? {} : { after }),
	});
	const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
	const ended = Promise.withResolvers<void>();
	// A reader that goes away (`| head`) ends the command as Ctrl+C does.
	process.stdout.once("error", () => ended.resolve());
	for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ended.resolve());
	print({
		...{ kind: "source", method: source.method, about: source.about, tables: source.tables },
		...(source.position === null ? {} : { position: source.position }),
	});
	source.onLost(ended.reject);
	source.onSchema((change) => print({ kind: "schema", ...change }));
	source.subscribe((commit) => print({ kind: "commit", ...commit, ...(source.position === null ? {} : { position: source.position }) }));
	try {
		await ended.promise;
		await source.drain();
	} finally {
		await source.stop();
	}
}
