import type { Site } from "../../contract/blueprint.ts";
import type { MismatchExample, MismatchGroup } from "../../contract/verdict.ts";
import { describeRows } from "../../compare/index.ts";
import type { LaneResult } from "../lockstep/lane.ts";
import type { Recorder } from "./recorder.ts";
import { bodyText } from "../lockstep/shadow-request.ts";

export type Groups = {
	/** Puts a mismatch into its group, which may be new; gives the group's id. */
	add(result: LaneResult, key: { key: string; cause: string; field: string; rowsOnly: boolean }): string;
	/** First reading of each failing request of a function, by its sequence number. */
	suspicions(functionName: string): Record<number, string>;
	/** A patch answers requests by its sites (`bySite`: alone): cause and place of their groups are now known. */
	explain(functionName: string, sites: Site[], bySite: Record<string, number[]>): void;
	/** Mismatches of this version and earlier are answered by a patch. */
	heal(functionName: string, version: number): void;
	list(): MismatchGroup[];
	restore(groups: MismatchGroup[]): void;
};

type Entry = { group: MismatchGroup; version: number; seqs: Map<number, string> };

/** Mismatches by cause, one example each; a new version of a service opens new groups. */
export function createGroups(record: Recorder, now: () => number): Groups {
	const entries = new Map<string, Entry>();
	return {
		add(result, { key, cause, field, rowsOnly }) {
			const { service, exchange } = result;
			const id = `${service.function}-v${service.version}-${key}`;
			let entry = entries.get(id);
			if (entry === undefined) {
				const group: MismatchGroup = { id, function: service.function, cause, field, where: null, count: 0, firstAt: now(), example: exampleOf(result), rowsOnly, state: "open" };
				entry = { group, version: service.version, seqs: new Map() };
				entries.set(id, entry);
				record("mismatch.group", { id, function: service.function, cause, field, where: null, rowsOnly, seq: exchange.seq });
			}
			entry.group.count++;
			entry.seqs.set(exchange.seq, result.verdict.differences[0]?.suspicion ?? cause);
			return id;
		},
		suspicions(functionName) {
			const own = [...entries.values()].filter((entry) => entry.group.function === functionName && entry.group.state === "open");
			return Object.fromEntries(own.flatMap((entry) => [...entry.seqs]));
		},
		explain(functionName, sites, bySite) {
			for (const { group, seqs } of entries.values()) {
				if (group.function !== functionName || group.state !== "open") continue;
				const shares = sites.map((site) => ({ site, count: (bySite[site.expr] ?? []).filter((seq) => seqs.has(seq)).length }));
				const best = shares.reduce((a, b) => (b.count > a.count ? b : a), { site: sites[0], count: 0 });
				if (best.count === 0 || best.site === undefined) continue;
				group.cause = best.site.cause;
				group.where = `${best.site.span.file}:${best.site.span.line}`;
				record("mismatch.group", { id: group.id, function: functionName, cause: group.cause, field: group.field, where: group.where, rowsOnly: group.rowsOnly, seq: group.example.seq });
			}
		},
		heal(functionName, version) {
			for (const entry of entries.values()) {
				if (entry.group.function === functionName && entry.version <= version && entry.group.state === "open") entry.group.state = "healed";
			}
		},
		list: () => [...entries.values()].map((entry) => entry.group),
		restore(groups) {
			for (const group of groups) entries.set(group.id, { group, version: 0, seqs: new Map() });
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
