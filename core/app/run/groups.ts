import { describeRows } from "../../compare/index.ts";
import type { Site } from "../../contract/blueprint.ts";
import type { RowChange } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import type { Behaviour, ExampleSide, MismatchExample, MismatchGroup } from "../../contract/verdict.ts";
import type { LaneResult, LaneService } from "../lockstep/lane.ts";
import { bodyText } from "../lockstep/shadow-request.ts";
import type { Recorder } from "./recorder.ts";

/** What is kept of a request whose answers or rows differ. */
export type Differing = Pick<LaneResult, "verdict" | "legacy" | "modern"> & {
	service: Pick<LaneService, "function" | "version">;
	exchange: Pick<Exchange, "seq" | "request">;
	/** Rows that were set for this request alone. */
	rows?: RowChange[];
};

export type Groups = {
	/** Puts a mismatch into its group, which may be new; gives the group's id. */
	add(result: Differing, key: { key: string; cause: string; field: string; rowsOnly: boolean }): string;
	/** First reading of each failing request of a function, by its sequence number. */
	suspicions(functionName: string): Record<number, string>;
	/** Failing requests of a function whose cause is not proven. */
	unexplained(functionName: string): Set<number>;
	/**
	 * A patch answers requests by its sites: they leave the group of their first reading for one of their proven cause. `bySite`:
	 * which requests need the site.
	 */
	explain(functionName: string, sites: Site[], bySite: Record<string, number[]>): void;
	/** Mismatches of this version and earlier are answered by a patch, but for those that need one of `left`, sites it left out. */
	heal(functionName: string, version: number, left?: string[]): void;
	/** A patch was reverted: what its sites answered differs again. */
	reopen(functionName: string, sites: string[]): void;
	list(): MismatchGroup[];
	/** Transactions of a group to look at, oldest first, at most `EXAMPLES_KEPT`; empty for a group that is gone. */
	examples(id: string): MismatchExample[];
	/** What a former core left, as its journal tells, in the place of what is here. */
	restore(groups: MismatchGroup[], examples?: ReadonlyMap<string, MismatchExample[]>): void;
};

/** `from`: the group of the first reading, out of which a proven one came; `before`: members that a former core counted. */
type Entry = {
	group: MismatchGroup;
	version: number;
	seqs: Map<number, string>;
	from: string | null;
	before: number;
	/** The group's own example first. */
	examples: MismatchExample[];
};

const EXAMPLES_KEPT = 5;
const ROWS_KEPT = 60;

/** Mismatches by cause, a few examples each. */
export function createGroups(record: Recorder, now: () => number): Groups {
	const entries = new Map<string, Entry>();

	function recount(entry: Entry): void {
		entry.group.count = entry.before + entry.seqs.size;
	}

	function note({ group }: Entry): void {
		record("mismatch.group", { ...group });
	}

	function keep(entry: Entry, example: MismatchExample): void {
		if (entry.examples.length >= EXAMPLES_KEPT || entry.examples.some((one) => one.seq === example.seq)) return;
		entry.examples.push(example);
		record("mismatch.example", { function: entry.group.function, group: entry.group.id, example });
	}

	function prove({ group, version, seqs, examples }: Entry, site: Site, needing: number[]): void {
		const id = `${group.function}-${site.expr}-${group.field}`;
		const shown = examples.filter((example) => needing.includes(example.seq));
		const example = shown[0] ?? group.example;
		const proven: Entry = entries.get(id) ?? {
			version,
			before: 0,
			from: group.id,
			seqs: new Map(),
			examples: [example],
			group: { ...group, id, cause: site.cause, where: `${site.span.file}:${site.span.line}`, count: 0, example },
		};
		entries.set(id, proven);
		for (const one of shown) keep(proven, one);
		for (const seq of needing) proven.seqs.set(seq, seqs.get(seq) ?? site.cause);
		proven.group.state = "open";
		proven.version = Math.max(proven.version, version);
		recount(proven);
		note(proven);
	}

	return {
		add(result, { key, cause, field, rowsOnly }) {
			const { service, exchange } = result;
			const id = `${service.function}-${key}`;
			let entry = entries.get(id);
			if (entry === undefined) {
				const group: MismatchGroup = {
					id,
					function: service.function,
					cause,
					field,
					where: null,
					count: 0,
					firstAt: now(),
					example: exampleOf(result),
					rowsOnly,
					state: "open",
				};
				entry = { group, version: service.version, seqs: new Map(), from: null, before: 0, examples: [group.example] };
				entries.set(id, entry);
				note(entry);
			} else if (entry.examples.length < EXAMPLES_KEPT) keep(entry, exampleOf(result));
			entry.seqs.set(exchange.seq, result.verdict.differences[0]?.suspicion ?? cause);
			recount(entry);
			entry.group.state = "open";
			entry.version = service.version;
			return id;
		},
		unexplained(functionName) {
			const own = [...entries.values()].filter((entry) => entry.group.function === functionName && entry.group.where === null);
			return new Set(own.flatMap((entry) => [...entry.seqs.keys()]));
		},
		suspicions(functionName) {
			const own = [...entries.values()].filter((entry) => entry.group.function === functionName && entry.group.state === "open");
			return Object.fromEntries(own.flatMap((entry) => [...entry.seqs]));
		},
		explain(functionName, sites, bySite) {
			for (const [id, entry] of [...entries]) {
				const { group } = entry;
				if (group.function !== functionName || group.where !== null) continue;
				for (const site of sites) {
					const needing = (bySite[site.expr] ?? []).filter((seq) => entry.seqs.has(seq));
					if (needing.length === 0) continue;
					prove(entry, site, needing);
					for (const seq of needing) entry.seqs.delete(seq);
				}
				const had = group.count;
				recount(entry);
				if (group.count === 0) entries.delete(id);
				if (group.count !== had) note(entry);
			}
		},
		heal(functionName, version, left = []) {
			const isLeft = ({ id }: MismatchGroup) => left.some((expr) => id.startsWith(`${functionName}-${expr}-`));
			for (const [id, entry] of [...entries]) {
				const { group, seqs } = entry;
				if (group.function !== functionName || entry.version > version || isLeft(group)) continue;
				const isNews = group.state !== "healed";
				group.state = "healed";
				// More of what a cause was proven for: the history keeps only some cases of a kind.
				const proven = [...entries.values()].filter((other) => other.from === id).sort((a, b) => b.seqs.size - a.seqs.size)[0];
				if (group.where !== null || proven === undefined) {
					if (isNews) note(entry);
					continue;
				}
				for (const [seq, suspicion] of seqs) proven.seqs.set(seq, suspicion);
				recount(proven);
				note(proven);
				entries.delete(id);
				note({ ...entry, group: { ...group, count: 0 } });
			}
		},
		reopen(functionName, sites) {
			for (const entry of entries.values()) {
				const { group } = entry;
				if (group.function !== functionName || group.state !== "healed") continue;
				if (!sites.some((expr) => group.id.startsWith(`${functionName}-${expr}-`))) continue;
				group.state = "open";
				note(entry);
			}
		},
		list: () => [...entries.values()].map((entry) => entry.group),
		examples: (id) => entries.get(id)?.examples ?? [],
		restore(groups, examples) {
			entries.clear();
			for (const group of groups) {
				const more = (examples?.get(group.id) ?? []).filter((one) => one.seq !== group.example.seq);
				entries.set(group.id, { group, version: 0, seqs: new Map(), from: null, before: group.count, examples: [group.example, ...more] });
			}
		},
	};
}

function exampleOf(result: Differing): MismatchExample {
	const { exchange, legacy, modern, verdict, rows = [] } = result;
	return {
		...(rows.length === 0 ? {} : { set: describeRows(rows.slice(0, ROWS_KEPT)) }),
		seq: exchange.seq,
		request: { ...exchange.request, body: bodyText(exchange.request.body) },
		legacy: sideOf(legacy),
		modern: sideOf(modern),
		differences: verdict.differences,
	};
}

/** A request that changes thousands of rows is an example by its first ones; the lines say how many there are. */
function sideOf({ status, body, changes }: Behaviour): ExampleSide {
	const rows = describeRows(changes.slice(0, ROWS_KEPT));
	if (changes.length > ROWS_KEPT) rows.push(`and ${changes.length - ROWS_KEPT} more`);
	return { status, body, rows, changes: changes.slice(0, ROWS_KEPT) };
}
