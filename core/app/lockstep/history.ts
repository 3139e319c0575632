import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RowChange } from "../../contract/effects.ts";
import type { Behaviour, ComparePolicy } from "../../contract/verdict.ts";

/** One compared request, complete enough to be run again on the state it met. */
export type Case = {
	seq: number;
	route: string;
	function: string;
	version: number;
	/** Commits that the database held when legacy answered. */
	position: number;
	clock: number;
	request: { method: string; target: string; headers: [string, string][]; body: string };
	legacy: Behaviour;
	policy: ComparePolicy;
	clean: boolean;
	/** Set for this request alone, and taken back after it: of generated ones. Absent: none. */
	rows?: RowChange[];
	/** First reading of a failure, so that a frequent one does not push out a rare one; empty when clean. */
	kind: string;
};

/**
 * What a repair needs to run the past again: a baseline of the database, every commit since, and the compared cases.
 *
 *     baseline.db --commit 1--> --commit 2--> ... each case names its position on this line
 *
 * Commits live in a file beside the baseline, cases in memory (bounded per function: the newest failures of
 * each kind, the newest clean ones).
 */
export type History = {
	readonly dir: string;
	readonly baseline: string;
	readonly commitsFile: string;
	readonly position: number;
	/** Counts up when the past is forgotten: cases of an earlier one cannot be run any more. */
	readonly epoch: number;
	append(changes: RowChange[]): void;
	add(entry: Case): void;
	cases(functionName: string): Case[];
	/** Forgets the past: the baseline was made anew. */
	restart(): void;
};

const CLEAN_KEPT = 1_500;
/** Of each kind. */
const FAILING_KEPT = 16;

export function createHistory(dir: string): History {
	mkdirSync(dir, { recursive: true });
	const commitsFile = join(dir, "commits.jsonl");
	const byFunction = new Map<string, { clean: Case[]; failing: Case[] }>();
	let position = 0;
	let epoch = 0;
	writeFileSync(commitsFile, "");
	return {
		dir,
		baseline: join(dir, "baseline.db"),
		commitsFile,
		get position() {
			return position;
		},
		get epoch() {
			return epoch;
		},
		append(changes) {
			position++;
			appendFileSync(commitsFile, `${JSON.stringify(changes)}\n`);
		},
		add(entry) {
			const kept = byFunction.get(entry.function) ?? { clean: [], failing: [] };
			byFunction.set(entry.function, kept);
			if (entry.clean) {
				kept.clean.push(entry);
				if (kept.clean.length > CLEAN_KEPT) kept.clean.shift();
				return;
			}
			const alike = kept.failing.filter((one) => one.kind === entry.kind);
			if (alike.length >= FAILING_KEPT) kept.failing.splice(kept.failing.indexOf(alike[0] as Case), 1);
			kept.failing.push(entry);
		},
		cases(functionName) {
			const kept = byFunction.get(functionName);
			return kept ? [...kept.clean, ...kept.failing].sort((a, b) => a.position - b.position || a.seq - b.seq) : [];
		},
		restart() {
			position = 0;
			epoch++;
			byFunction.clear();
			rmSync(commitsFile, { force: true });
			writeFileSync(commitsFile, "");
		},
	};
}
