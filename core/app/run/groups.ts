import { describeRows } from "../../compare/index.ts";
import type { Site } from "../../contract/blueprint.ts";
import type { MismatchExample, MismatchGroup } from "../../contract/verdict.ts";
import type { LaneResult } from "../lockstep/lane.ts";
import { bodyText } from "../lockstep/shadow-request.ts";
import type { Recorder } from "./recorder.ts";

export type Groups = {
	/** Puts a mismatch into its group, which may be new; gives the group's id. */
	add(result: LaneResult, key: { key: string; cause: string; field: string; rowsOnly: boolean }): string;
	/** First reading of each failing request of a function, by its sequence number. */
	suspicions(functionName: string): Record<number, string>;
	/** Failing requests of a function whose cause is not proven. */
	unexplained(functionName: string): Set<number>;
	/**
	 * A patch answers requests by its sites: they leave the group of their first reading for one of their proven cause. `bySite`:
	 * which requests need the site.
	 */
	explain(functionName: string, sites: Site[], bySite: Record<string, number[]>): void;
	/** Mismatches of this version and earlier are answered by a patch. */
	heal(functionName: string, version: number): void;
	list(): MismatchGroup[];
	/** What a former core left, as its journal tells. */
	restore(groups: MismatchGroup[]): void;
};

/** `from`: the group of the first reading, out of which a proven one came; `before`: members that a former core counted. */
type Entry = { group: MismatchGroup; version: number; seqs: Map<number, string>; from: string | null; before: number };

/** Mismatches by cause, one example each. */
export function createGroups(record: Recorder, now: () => number): Groups {
	const entries = new Map<string, Entry>();

	function recount(entry: Entry): void {
		entry.group.count = entry.before + entry.seqs.size;
	}

	function note({ group }: Entry): void {
		record("mismatch.group", { ...group });
	}

	function prove({ group, version, seqs }: Entry, site: Site, needing: number[]): void {
		const id = `${group.function}-${site.expr}-${group.field}`;
		const proven: Entry = entries.get(id) ?? {
			version,
			before: 0,
			from: group.id,
			seqs: new Map(),
			group: { ...group, id, cause: site.cause, where: `${site.span.file}:${site.span.line}`, count: 0 },
		};
		entries.set(id, proven);
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
				entry = { group, version: service.version, seqs: new Map(), from: null, before: 0 };
				entries.set(id, entry);
				note(entry);
			}
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
		heal(functionName, version) {
			for (const [id, entry] of [...entries]) {
				const { group, seqs } = entry;
				if (group.function !== functionName || entry.version > version) continue;
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
		list: () => [...entries.values()].map((entry) => entry.group),
		restore(groups) {
			for (const group of groups) entries.set(group.id, { group, version: 0, seqs: new Map(), from: null, before: group.count });
		},
	};
}

function exampleOf(result: LaneResult): MismatchExample {
	const { exchange, legacy, modern, verdict } = result;
	return {
		seq: exchange.seq,
		request: { ...exchange.request, body: bodyText(exchange.request.body) },
		legacy: { status: legacy.status, body: legacy.body, rows: describeRows(legacy.changes) },
		modern: { status: modern.status, body: modern.body, rows: describeRows(modern.changes) },
		differences: verdict.differences,
	};
}
