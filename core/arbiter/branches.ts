import type { BranchName } from "../contract/branches.ts";
import { against, type Outcome } from "../contract/outcome.ts";
import type { BranchEvidence, BranchRule, Gate, Migration, Policy, ProbeCounts, Waiver } from "../contract/run.ts";
import { cleanNeeded, upperBound } from "./confidence.ts";
import { counted, grouped, percent } from "./words.ts";

/**
 * Evidence per branch, rules [A60] to [A68]. Each live branch has its own martingale M over the requests that take it. The gate asks
 * every one of them to rule out the limit, so what decides is the smallest. If any live branch b is worse than the limit, the
 * smallest is at most M of b, which ever reaches 1 / alpha with probability at most alpha: the minimum of e-values is an e-value for
 * "at least one branch is worse than the limit", and alpha need not be divided by the number of branches (the intersection-union
 * test: Berger 1982, Multiparameter hypothesis testing and acceptance sampling; for e-values: Vovk and Wang 2021).
 */
export const branchMethod = {
	words:
		"Each branch is judged by the requests that took it. The next weight is set only when every live branch has ruled out the limit by itself, so the weakest decides. If any of them were worse than the limit, it would have to be wrong about exactly that one, which happens with probability at most alpha however often one looks; so alpha is not divided by the number of branches. A bound in the table holds for its own branch; that all of them hold at once is not claimed.",
	source: "Berger 1982, Technometrics 24; Vovk and Wang 2021, Annals of Statistics 49; core/arbiter/SPEC.md [A60] to [A68]",
};

export type RuleAhead = { weight: number; rule: BranchRule };

/** [A63] The rule of the weight that comes next; of the last one when there is none; null when the policy asks for nothing. */
export function ruleAhead({ stage, canary }: Pick<Migration, "stage" | "canary">, policy: Policy): RuleAhead | null {
	const last = policy.canary.length - 1;
	const at = stage === "promoted" ? last : stage === "canary" && canary !== null ? Math.min(canary.step + 1, last) : 0;
	const step = policy.canary[at];
	return step?.branches === undefined ? null : { weight: step.weight, rule: step.branches };
}

/** [A60] Nothing is counted yet; a branch that was live stays so. Without names: the same branches again. */
export function freshBranches(names: BranchName[] | undefined, before: BranchEvidence[] | undefined): BranchEvidence[] | undefined {
	const known = names ?? before;
	if (known === undefined) return undefined;
	const live = new Set(before?.filter((branch) => branch.live).map(({ id }) => id));
	return known.map(({ id, words, file, line }) => ({
		...{ id, words, file, line, clean: 0, mismatched: 0, failed: 0, bound: 1, needed: null },
		live: live.has(id),
	}));
}

/** What a verdict changes in the branches: `taken` as the event says, `hasOpen` and `rule` as they are after it. */
type Seen = {
	taken: readonly number[] | undefined;
	outcome: Outcome;
	alpha: number;
	hasOpen: boolean;
	rule: BranchRule | undefined;
};

/** [A61] [A62] One verdict counted in the branches that it took, or in every live one when that is not known and it is not clean. */
export function countBranches(branches: BranchEvidence[], { taken, outcome, alpha, hasOpen, rule }: Seen): BranchEvidence[] {
	if (taken === undefined && outcome === "clean") return branches;
	const of = taken === undefined ? null : new Set(taken);
	return branches.map((branch, index) => {
		if (of === null ? !branch.live : !of.has(index)) return branch;
		const next = { ...branch, live: true, [outcome]: (branch[outcome] ?? 0) + 1 };
		// One clean request more is one needed less, exactly; anything else is computed anew.
		const needed = outcome === "clean" && branch.needed !== null ? Math.max(0, branch.needed - 1) : neededOf(next, hasOpen, alpha, rule);
		return { ...next, bound: upperBound({ ...countsOf(next), alpha }), needed };
	});
}

/** [A63] `needed` of every branch for the weight that is next. */
export function weighedBranches(migration: Migration, policy: Policy): BranchEvidence[] | undefined {
	const rule = ruleAhead(migration, policy)?.rule;
	return migration.evidence.branches?.map((branch) => ({
		...branch,
		needed: neededOf(branch, migration.openFailures > 0, policy.alpha, rule),
	}));
}

function neededOf(branch: BranchEvidence, hasOpen: boolean, alpha: number, rule: BranchRule | undefined): number | null {
	if (hasOpen && branch.mismatched > 0) return null;
	if (rule === undefined) return 0;
	const more = cleanNeeded({ ...countsOf(branch), alpha, limit: rule.maxMismatchRate });
	return more === null ? null : Math.max(more, rule.minClean - branch.clean, 0);
}

function countsOf(branch: BranchEvidence): { n: number; k: number } {
	const k = against(branch);
	return { n: branch.clean + k, k };
}

/** [A64] By the counts alone. The bound comes from a search that ends this close to it. */
export function isMet({ clean, bound }: BranchEvidence, rule: BranchRule): boolean {
	return clean >= rule.minClean && bound <= rule.maxMismatchRate + 1e-12;
}

/** [A66] A waiver stands for missing evidence, never for evidence to the contrary. */
export function waiverOf({ waivers = [] }: Pick<Migration, "waivers">, branch: BranchEvidence): Waiver | null {
	if (against(branch) > 0 || (branch.generated?.differing ?? 0) > 0) return null;
	return waivers.find((waiver) => waiver.branch === branch.id) ?? null;
}

/** [A64] [A65] Before a weight: every live branch, and what is to hold of those that no live request took. */
export function branchGates(migration: Migration, ahead: RuleAhead | null): Gate[] {
	if (ahead === null) return [];
	const { rule } = ahead;
	const branches = migration.evidence.branches ?? [];
	const isWaived = (branch: BranchEvidence) => rule.waivable && waiverOf(migration, branch) !== null;
	const live = branches.filter((branch) => branch.live);
	const short = weakestFirst(live.filter((branch) => !isMet(branch, rule) && !isWaived(branch)));
	const limit = rule.maxMismatchRate >= 1 ? "" : `, bound ≤ ${percent(rule.maxMismatchRate)}`;
	const asked: Gate = {
		name: "evidence per branch",
		value:
			live.length === 0 ? "no branch reached" : `${live.length - short.length} of ${counted(live.length, "live branch", "live branches")}`,
		limit: rule.minClean === 0 && limit === "" ? "counted, nothing asked" : `each ≥ ${grouped(rule.minClean)} clean${limit}`,
		open: live.length > 0 && short.length === 0,
		opens: opensBy(branches, short),
	};
	if (rule.unreached === "ignored") return [asked];
	const unreached = branches.filter((branch) => !branch.live && !isWaived(branch) && !isProbed(branch, rule));
	const generated = rule.unreached === "generated" ? `${minGeneratedOf(rule)} clean generated requests` : null;
	const ways = ["a live request", generated, rule.waivable ? "a signed waiver" : null].filter((way) => way !== null);
	return [
		asked,
		{
			name: unreachedGate,
			value: String(unreached.length),
			limit: generated === null ? "0, or each waived" : `0, or each with ${generated}${rule.waivable ? " or a waiver" : ""}`,
			open: unreached.length === 0,
			opens: unreached.length === 0 ? "" : `${sentence(ways)}: ${listed(unreached.map((branch) => placed(branch)))}.`,
		},
	];
}

export const unreachedGate = "branches without live evidence";

/** [A71] */
const isProbed = ({ generated }: BranchEvidence, rule: BranchRule): boolean =>
	rule.unreached === "generated" && generated !== undefined && generated.differing === 0 && generated.clean >= minGeneratedOf(rule);

export const minGeneratedOf = ({ minGenerated = 20 }: Pick<BranchRule, "minGenerated">): number => minGenerated;

function sentence(ways: string[]): string {
	const text = ways.length > 1 ? `${ways.slice(0, -1).join(", ")} or ${ways.at(-1)}` : (ways[0] ?? "");
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** [A70] What the last round of generated requests says of the branches that they took. */
export function withGenerated(branches: BranchEvidence[], counts: ProbeCounts["branches"]): BranchEvidence[] {
	const byPlace = new Map(counts.map(([place, clean, differing]) => [place, { clean, differing }]));
	return branches.map(({ generated: _, ...branch }, place) => {
		const generated = byPlace.get(place);
		return generated === undefined ? branch : { ...branch, generated };
	});
}

function opensBy(branches: readonly BranchEvidence[], short: readonly BranchEvidence[]): string {
	const [weakest] = short;
	if (branches.length === 0) return "A version whose branches are counted: the next one.";
	if (weakest === undefined) return "A live request.";
	const rest =
		short.length > 1
			? ` ${counted(short.length - 1, "other branch", "other branches")} also fall${short.length === 2 ? "s" : ""} short.`
			: "";
	return `${missing(weakest)}.${rest}`;
}

/** "1,204 more clean requests of branch country == 'EU': no (banca/fees.py:12)". */
export function missing(branch: BranchEvidence): string {
	if (branch.needed === null) return `a version without the mismatch of branch ${placed(branch)}`;
	return `${counted(Math.max(1, branch.needed), "more clean request")} of branch ${placed(branch)}`;
}

export const placed = ({ words, file, line }: BranchName): string => `${words} (${file}:${line})`;

const SHOWN = 3;

function listed(names: readonly string[]): string {
	const more = names.length - SHOWN;
	return names.slice(0, SHOWN).join("; ") + (more > 0 ? `; and ${grouped(more)} more` : "");
}

/** Live ones first, of these the one that needs most; then those that no live request took, in the order of the source. */
export function weakestFirst(branches: readonly BranchEvidence[]): BranchEvidence[] {
	const weight = ({ needed }: BranchEvidence) => needed ?? Number.POSITIVE_INFINITY;
	return branches.toSorted((a, b) => {
		if (a.live !== b.live) return a.live ? -1 : 1;
		if (!a.live) return 0;
		return weight(a) === weight(b) ? b.bound - a.bound : weight(b) > weight(a) ? 1 : -1;
	});
}
