import type { JournalRecord } from "../../contract/journal.ts";

type Written = Extract<JournalRecord, { kind: "compared" | "dropped" | "run.event" }>;

const functions = ["operations.transfer", "operations.statement", "accounts.open", "loans.instalment", "terminal.login"];

/**
 * What a year of comparisons writes, drawn from a seed: 92 comparisons of 100 clean with the branches that they took, 1 with two
 * differences, 6 events, 1 drop. Each call gives the next record.
 */
export function journalTraffic(seed: number) {
	let state = seed >>> 0;
	const next = (below: number) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
	let seq = 0;
	return (): Written => {
		seq++;
		const name = functions[next(functions.length)] as string;
		const chance = next(100);
		if (chance === 0) return { kind: "dropped", data: { function: name, count: 1 + next(5), reason: "ambiguous" } };
		const compared = { function: name, version: 1 + next(4), seq, rows: next(4), ms: next(9_000) / 1_000, branches: branches(next) };
		if (chance <= 6)
			return {
				kind: "run.event",
				data: { function: name, event: { kind: "verdict", at: 1_763_836_139_000 + seq, version: 1, clean: true, failed: false } },
			};
		if (chance > 7) return { kind: "compared", data: { ...compared, verdict: "identical" } };
		const differences = ["amount", "balance"].map((field) => ({
			field: `answer/${field}`,
			legacy: `${next(1_000_000) / 100}`,
			modern: `${next(1_000_000) / 100}`,
			kind: "number" as const,
			suspicion: "rounding",
		}));
		return { kind: "compared", data: { ...compared, verdict: "mismatch", differences, group: `${name}-${next(40)}` } };
	};
}

function branches(next: (below: number) => number): number[] {
	return Array.from({ length: 2 + next(4) }, () => next(60)).sort((a, b) => a - b);
}
