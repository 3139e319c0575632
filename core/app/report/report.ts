import { hash } from "node:crypto";
import type { Blueprint } from "../../contract/blueprint.ts";
import type { CanaryRecord, ConfidencePoint, Decision } from "../../contract/history.ts";
import type { Evidence, Patch, Policy, Stage, Waiver } from "../../contract/run.ts";
import type { MismatchGroup } from "../../contract/verdict.ts";
import type { Chronicle, Tale } from "./chronicle.ts";
import { pointsOf } from "./confidence.ts";
import { historyOf } from "./history.ts";

export type FunctionReport = {
	function: string;
	stage: Stage | "waiting";
	reason: string;
	routes: string[];
	version: number;
	evidence: Evidence;
	waivers: Waiver[];
	compared: number;
	dropped: number;
	policy: Policy | null;
	moved: { functions: { id: string; place: string }[]; tables: { name: string; access: string }[]; statements: number; lines: number };
	rules: { id: string; kind: string; text: string; place: string }[];
	blueprint: string | null;
	versions: { version: number; at: number; files: number; exact: number; sha256: string }[];
	confidence: ConfidencePoint[];
	decisions: Decision[];
	mismatches: MismatchGroup[];
	patches: Patch[];
	canary: CanaryRecord[];
	promoted: Tale["promoted"];
};

/** Everything that a report says, before it is HTML or PDF. Plain data; times in milliseconds since the epoch. */
export type Report = {
	title: string;
	project: { name: string; functions: number; routes: number; tables: number };
	legacy: string | null;
	writtenAt: number;
	runs: Chronicle["facts"]["runs"];
	functions: FunctionReport[];
	/** What concerned the whole run. */
	decisions: Decision[];
	dropped: Record<string, number>;
	panics: Chronicle["facts"]["panics"];
	retired: Chronicle["facts"]["retired"];
	proof: Proof;
	/** The map with the cut marked, as SVG; null where it cannot be drawn. */
	map: string | null;
};

/** The chain of hashes when the report was written. */
export type Proof = { entries: number; head: string; whole: boolean; brokenAt: number | null };

export type ReportSource = {
	chronicle: Chronicle;
	/** Name of the code base. */
	name: string;
	blueprint(functionName: string): Blueprint | null;
	proof: Proof;
	map: string | null;
	writtenAt: number;
	/** Of this one alone; absent: of every function that was started. */
	function?: string | undefined;
};

/** The same journal gives the same report; only `writtenAt` is of the moment. */
export function reportOf({ chronicle, name, blueprint, proof, map, writtenAt, function: only }: ReportSource): Report {
	const tales = chronicle.tales().filter((tale) => only === undefined || tale.function === only);
	const { facts } = chronicle;
	const { functions = 0, routes = 0, tables = 0 } = facts.project ?? {};
	return {
		title: only === undefined ? `Migration of ${name}` : `Migration of ${only}`,
		project: { name, functions, routes, tables },
		legacy: facts.legacy,
		writtenAt,
		runs: facts.runs.filter((run) => only === undefined || run.functions.includes(only)),
		functions: tales.map((tale) => functionReport(tale, chronicle, blueprint(tale.function))),
		decisions: chronicle.decisions().filter((decision) => decision.function === null && decision.kind !== "routing"),
		dropped: facts.dropped,
		panics: facts.panics,
		retired: facts.retired,
		proof,
		map,
	};
}

function functionReport(tale: Tale, chronicle: Chronicle, blueprint: Blueprint | null): FunctionReport {
	const { migration, policy } = tale;
	const own = <T extends { function: string }>(items: T[]) => items.filter((item) => item.function === tale.function);
	return {
		function: tale.function,
		stage: migration?.stage ?? "waiting",
		reason: migration?.reason ?? "",
		routes: migration?.routes ?? [],
		version: migration?.version ?? 0,
		evidence: evidenceOf(tale),
		waivers: migration?.waivers ?? [],
		compared: tale.compared,
		dropped: tale.dropped,
		policy,
		moved: {
			functions: (blueprint?.functions ?? []).map(({ id, span }) => ({ id, place: `${span.file}:${span.line}-${span.endLine}` })),
			tables: (blueprint?.tables ?? []).map((table) => ({ name: table.name, access: accessOf(table.access) })),
			statements: blueprint?.statements.length ?? tale.blueprint?.statements ?? 0,
			lines: tale.blueprint?.lines ?? 0,
		},
		rules: (blueprint?.rules ?? []).map(({ id, kind, text, span }) => ({ id, kind, text, place: `${span.file}:${span.line}` })),
		blueprint: tale.blueprint?.hash ?? null,
		versions: tale.versions.map(({ version, at, files, exact }) => ({
			version,
			at,
			files: Object.keys(files).length,
			exact: exact.length,
			sha256: hashOf(files),
		})),
		confidence: pointsOf(tale.curve, policy?.alpha ?? 0.05),
		decisions: historyOf(chronicle, { function: tale.function }).filter((decision) => decision.function !== null),
		mismatches: own(chronicle.groups()),
		patches: own(chronicle.patches()),
		canary: tale.canary,
		promoted: tale.promoted,
	};
}

/** The state that was recorded last, with the comparisons since. */
function evidenceOf(tale: Tale): Evidence {
	const { migration, curve, policy } = tale;
	const recorded = migration?.evidence ?? { version: 0, clean: 0, mismatched: 0, failed: 0, bound: 1, needed: null };
	const last = pointsOf(curve, policy?.alpha ?? 0.05).at(-1);
	const branches = tale.branches === null ? {} : { branches: tale.branches };
	if (last === undefined || last.version !== recorded.version) return recorded;
	const { clean, against, bound } = last;
	// Which of the later ones failed is not kept; what counts against counts alike.
	const failed = Math.min(recorded.failed, against);
	const skewed = Math.min(recorded.skewed ?? 0, against - failed);
	return { ...recorded, clean, failed, skewed, mismatched: against - failed - skewed, bound, ...branches };
}

const accessOf = ({ read, write }: { read: boolean; write: boolean }): string =>
	read && write ? "read, written" : write ? "written" : "read";

/** One hash for a version: of its files' hashes by path, as `sha256sum` prints them. */
function hashOf(files: Record<string, string>): string {
	const lines = Object.keys(files)
		.sort()
		.map((path) => `${files[path]}  ${path}\n`);
	return hash("sha256", lines.join(""), "hex");
}
