import type { CanaryRecord, Decision } from "../../contract/history.ts";
import type { JournalEntry } from "../../contract/journal.ts";
import type { BranchEvidence, Migration, Patch, Policy } from "../../contract/run.ts";
import type { MismatchGroup } from "../../contract/verdict.ts";
import { branchesSince } from "./branches.ts";
import { type Curve, createCurve } from "./confidence.ts";
import { createDecisionReader } from "./decisions.ts";

/** What the journal tells of one function, for people. */
export type Tale = {
	function: string;
	policy: Policy | null;
	/** As last recorded; comparisons after it are in `curve`. */
	migration: Migration | null;
	curve: Curve;
	/** Of the version of `migration`, with the comparisons since; null where they were not counted. */
	branches: BranchEvidence[] | null;
	/** What was let pass, by version, and the check that it passed. */
	tolerated: { version: number; field: string; check: string }[];
	blueprint: { hash: string; rules: number; statements: number; lines: number } | null;
	versions: { version: number; at: number; files: Record<string, string>; exact: string[] }[];
	canary: CanaryRecord[];
	promoted: { at: number; version: number; clean: number; bound: number } | null;
	compared: number;
	dropped: number;
};

/** The journal retold: decisions in order, and a tale for each function. Follows the journal entry by entry. */
export type Chronicle = {
	add(entry: JournalEntry): void;
	/** Hears entries on their way to somebody else. */
	hear(entries: Iterable<JournalEntry>): Generator<JournalEntry>;
	decisions(): readonly Decision[];
	tale(functionName: string): Tale | null;
	tales(): Tale[];
	groups(): MismatchGroup[];
	patches(): Patch[];
	/** Whole run. */
	readonly facts: {
		project: { dir: string; functions: number; routes: number; tables: number } | null;
		legacy: string | null;
		runs: { run: string; at: number; functions: string[]; policy: string }[];
		dropped: Record<string, number>;
		panics: { at: number; reason: string; ms: number | null }[];
		/** The kill switch was pressed and not cleared. */
		panicked: boolean;
		retired: { at: number; quietMs: number } | null;
	};
};

const TOLERATED_KEPT = 1_000;

export function createChronicle(): Chronicle {
	const read = createDecisionReader();
	const decisions: Decision[] = [];
	const tales = new Map<string, Tale>();
	const groups = new Map<string, MismatchGroup>();
	const patches = new Map<string, Patch>();
	const facts: { -readonly [K in keyof Chronicle["facts"]]: Chronicle["facts"][K] } = {
		project: null,
		legacy: null,
		runs: [],
		dropped: {},
		panics: [],
		panicked: false,
		retired: null,
	};

	function tale(name: string): Tale {
		const found = tales.get(name) ?? {
			function: name,
			policy: null,
			migration: null,
			curve: createCurve(),
			branches: null,
			tolerated: [],
			blueprint: null,
			versions: [],
			canary: [],
			promoted: null,
			compared: 0,
			dropped: 0,
		};
		tales.set(name, found);
		return found;
	}

	function take(entry: JournalEntry): void {
		switch (entry.kind) {
			case "project.opened": {
				const { dir, functions, routes, tables } = entry.data;
				facts.project = { dir, functions, routes, tables };
				break;
			}
			case "system.attached":
				facts.legacy = entry.data.legacy;
				break;
			case "run.started": {
				const { run, functions, policy } = entry.data;
				facts.runs.push({ run, at: entry.at, functions, policy: policy.name });
				for (const name of functions) tale(name).policy = policy;
				break;
			}
			case "run.state":
				Object.assign(tale(entry.data.function), {
					migration: entry.data.migration,
					branches: entry.data.migration.evidence.branches ?? null,
				});
				break;
			case "blueprint.made": {
				const { hash, rules, statements, lines } = entry.data;
				tale(entry.data.function).blueprint = { hash, rules, statements, lines };
				break;
			}
			case "service.generated": {
				const { version, files, exact } = entry.data;
				tale(entry.data.function).versions.push({ version, at: entry.at, files, exact });
				break;
			}
			case "compared": {
				const { function: name, version, verdict } = entry.data;
				const mine = tale(name);
				mine.compared++;
				// What was accepted is neither for nor against the service.
				if (verdict !== "accepted") mine.curve.add(entry.seq, entry.at, version, verdict === "identical" || verdict === "equivalent");
				mine.branches = branchesSince(mine, entry.data);
				const group = groups.get(entry.data.group ?? "");
				if (group) groups.set(group.id, { ...group, count: group.count + 1 });
				break;
			}
			case "tolerated": {
				const { version, field, check } = entry.data;
				const { tolerated } = tale(entry.data.function);
				const isKnown = tolerated.some((one) => one.version === version && one.field === field && one.check === check);
				if (!isKnown && tolerated.length < TOLERATED_KEPT) tolerated.push({ version, field, check });
				break;
			}
			case "dropped":
				if (entry.data.function !== "") tale(entry.data.function).dropped += entry.data.count;
				facts.dropped[entry.data.reason] = (facts.dropped[entry.data.reason] ?? 0) + entry.data.count;
				break;
			case "mismatch.group":
				if (entry.data.count === 0 && groups.has(entry.data.id)) groups.delete(entry.data.id);
				else groups.set(entry.data.id, entry.data);
				break;
			case "patch.proposed":
				patches.set(entry.data.id, entry.data);
				break;
			case "patch.decided": {
				const patch = patches.get(entry.data.patch);
				if (patch) patches.set(patch.id, { ...patch, state: entry.data.decision === "accepted" ? "applied" : "refused" });
				break;
			}
			case "canary.step":
				tale(entry.data.function).canary.push(entry.data);
				break;
			case "function.promoted": {
				const { version, clean, bound } = entry.data;
				tale(entry.data.function).promoted = { at: entry.at, version, clean, bound };
				break;
			}
			case "panic":
				facts.panics.push({ at: entry.at, reason: entry.data.reason, ms: entry.data.ms });
				facts.panicked = true;
				break;
			case "panic.cleared":
				facts.panicked = false;
				break;
			case "legacy.retired":
				facts.retired = { at: entry.at, quietMs: entry.data.quietMs };
				break;
			default:
				break;
		}
	}

	const chronicle: Chronicle = {
		*hear(entries) {
			for (const entry of entries) {
				chronicle.add(entry);
				yield entry;
			}
		},
		add(entry) {
			take(entry);
			const decision = read(entry);
			if (decision !== null) decisions.push(decision);
		},
		decisions: () => decisions,
		tale: (name) => tales.get(name) ?? null,
		tales: () => [...tales.values()].filter((one) => one.migration !== null || one.policy !== null),
		groups: () => [...groups.values()].filter((group) => group.count > 0),
		patches: () => [...patches.values()],
		facts,
	};
	return chronicle;
}
