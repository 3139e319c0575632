import { type Expr, type ExprId, visitExprs } from "../../contract/ir.ts";
import type { CaseId } from "../trials.ts";
import { learnCondition, under } from "./condition.ts";
import type { Edit } from "./edit.ts";
import { explainEdits } from "./explain-edits.ts";
import { editsOf } from "./operators.ts";
import { requestVariables } from "./origins.ts";
import type { EditProblem, EditRepair, Outcome } from "./problem.ts";
import { placesOf } from "./relevance.ts";
import { constantsAt, factorsAt, solve } from "./solve.ts";

/** Candidates of one round; between rounds the budget is looked at. */
const width = 24;
const probes = 3;
const maxTries = 3;
/** So many patches of equal standing are remembered; more say nothing new. */
const enough = 4;
const maxPairs = 80;

/**
 * Finds the smallest change of the blueprint with which every failing case agrees with legacy and no clean one changes, and puts at most
 * three before the held-out cases. It decides by trials alone; a change that explains the failures and breaks clean cases is given a
 * condition when one can be learned from the request.
 */
export async function searchEdits(problem: EditProblem): Promise<EditRepair> {
	const { blueprint, clean, evaluate } = problem;
	const started = problem.now();
	const isOver = (): boolean => problem.now() - started > problem.budgetMs;
	let candidatesTried = 0;
	const run = async (candidates: Edit[][], cases: readonly CaseId[]): Promise<Outcome[][]> => {
		candidatesTried += candidates.length;
		return candidates.length === 0 || cases.length === 0 ? candidates.map(() => []) : evaluate(candidates, cases);
	};
	const [base = []] = await evaluate([[]], problem.failing);
	const failing = problem.failing.filter((_, index) => base[index]?.agrees === false);
	const gapsOf = new Map(problem.failing.map((id, index) => [id, base[index]?.gaps ?? []]));
	const [cleanBase = []] = await evaluate([[]], clean);
	const sound = clean.filter((_, index) => cleanBase[index]?.agrees);
	const probed = diverse(failing, gapsOf);
	const [probe] = probed;
	const accepted: Edit[][] = [];
	/** What explains every failing case and changes clean ones, with those. */
	const tooWide: { edit: Edit; broken: CaseId[] }[] = [];
	/** What explains some of the failing cases and changes no clean one. */
	const partial: { edits: Edit[]; passed: Set<CaseId> }[] = [];

	const tryAll = async (edits: readonly Edit[]): Promise<void> => {
		for (let at = 0; at < edits.length && accepted.length < enough && !isOver(); at += width) {
			const batch = edits.slice(at, at + width).map((edit) => [edit]);
			await judge(batch);
			const next = edits[at + width];
			// The smallest explanation first: what costs more is not looked at once one is found.
			if (accepted.length > 0 && next !== undefined && next.cost > costOf(accepted[0] as Edit[]) + 1) return;
		}
	};
	const judge = async (batch: Edit[][]): Promise<void> => {
		const quick = await run(batch, probed);
		const hopeful = batch.filter((_, index) => (quick[index] ?? []).some(({ agrees }) => agrees));
		const outcomes = await run(hopeful, failing);
		for (const [index, edits] of hopeful.entries()) {
			const passed = failing.filter((_, column) => outcomes[index]?.[column]?.agrees);
			const [after = []] = await run([edits], sound);
			const broken = sound.filter((_, column) => !after[column]?.agrees);
			if (broken.length === 0 && passed.length === failing.length) accepted.push(edits);
			else if (broken.length === 0) partial.push({ edits, passed: new Set(passed) });
			else if (passed.length === failing.length && edits.length === 1) tooWide.push({ edit: edits[0] as Edit, broken });
		}
	};

	if (probe !== undefined) {
		const ranked = rank(problem, failing, gapsOf);
		const [close, wide, far] = ranked.levels;
		const numeric = failing.filter((id) => (gapsOf.get(id) ?? []).length > 0).slice(0, 4);
		const numericBase = numeric.map((id): Outcome => ({ agrees: false, gaps: gapsOf.get(id) ?? [] }));
		const solved = async (unknowns: ReturnType<typeof constantsAt>): Promise<Edit[]> => {
			candidatesTried += unknowns.length;
			const found = await solve(unknowns, numeric, numericBase, evaluate);
			return found.sort((a, b) => a.cost - b.cost);
		};
		const steps: (() => Promise<void>)[] = [
			() => tryAll(close.filter(({ cost }) => cost <= 2)),
			async () => tryAll(await solved(constantsAt(blueprint, ranked.union))),
			() => tryAll(close.filter(({ cost }) => cost > 2)),
			() => tryAll(wide),
			() => branches(problem, failing, tooWide, tryAll),
			async () => tryAll(await solved(factorsAt(blueprint, ranked.intersection))),
			() => branches(problem, failing, tooWide, tryAll),
			() => pairs(partial, failing, judge, accepted, isOver),
			() => tryAll(far),
		];
		for (const step of steps) if (accepted.length === 0 && !isOver()) await step();
	}

	const ranked = accepted.sort((a, b) => costOf(a) - costOf(b) || a.length - b.length);
	const tries: EditRepair["tries"] = [];
	let chosen: Edit[] = [];
	for (const edits of ranked.slice(0, maxTries)) {
		const [after = []] = await run([edits], problem.heldOut);
		const brokeHeldOut = problem.heldOut.filter((_, index) => !after[index]?.agrees);
		tries.push({ edits, brokeHeldOut });
		if (brokeHeldOut.length > 0) continue;
		chosen = edits;
		break;
	}
	const ranOut = isOver() && chosen.length === 0;
	const explained = chosen.length === 0 ? [] : failing;
	const facts = {
		edits: chosen,
		failing: failing.length,
		clean: sound.length,
		heldOut: problem.heldOut.length,
		tries,
		candidatesTried,
		ranOut,
	};
	return { edits: chosen, explained, tries, candidatesTried, ranOut, explanation: explainEdits(facts) };
}

const costOf = (edits: readonly Edit[]): number => edits.reduce((sum, { cost }) => sum + cost, 0);

/** A few failing cases that differ in different fields. */
function diverse(failing: readonly CaseId[], gaps: ReadonlyMap<CaseId, readonly { field: string }[]>): CaseId[] {
	const seen = new Map<string, CaseId>();
	for (const id of failing) {
		const key = (gaps.get(id) ?? []).map(({ field }) => field).join();
		if (!seen.has(key)) seen.set(key, id);
	}
	return [...seen.values()].slice(0, probes);
}

/** Every edit, in three parts: where all differing fields come from, where one of them does, and the rest. */
function rank({ blueprint }: EditProblem, failing: readonly CaseId[], gaps: ReadonlyMap<CaseId, readonly { field: string }[]>) {
	const fields = new Set(failing.flatMap((id) => (gaps.get(id) ?? []).map(({ field }) => field)));
	const sets = [...fields].map((field) => placesOf(blueprint, field)).filter((set) => set.size > 0);
	const union = new Set<ExprId>(sets.flatMap((set) => [...set]));
	const everywhere = (id: ExprId): boolean => sets.length > 0 && sets.every((set) => set.has(id));
	const intersection = new Set([...union].filter(everywhere));
	const all = editsOf(blueprint);
	const levels: [Edit[], Edit[], Edit[]] = [
		all.filter(({ at }) => intersection.has(at)),
		all.filter(({ at }) => union.has(at) && !intersection.has(at)),
		all.filter(({ at }) => !union.has(at)),
	];
	return { levels, union, intersection };
}

/** Gives what explains too much a condition over the request. */
async function branches(
	{ blueprint, requestOf }: EditProblem,
	failing: readonly CaseId[],
	tooWide: { edit: Edit; broken: CaseId[] }[],
	tryAll: (edits: readonly Edit[]) => Promise<void>,
): Promise<void> {
	const origins = requestVariables(blueprint);
	const before = new Map<ExprId, Expr>();
	for (const fn of blueprint.functions) visitExprs(fn, (expr) => void before.set(expr.id, expr));
	const found: Edit[] = [];
	for (const { edit, broken } of tooWide.splice(0)) {
		const own = before.get(edit.at);
		const names = origins.get(edit.holder) ?? [];
		if (own === undefined || names.length === 0) continue;
		const condition = learnCondition(failing.map(requestOf), broken.map(requestOf), names);
		if (condition !== null) found.push(under(condition, edit, own));
	}
	await tryAll(found.sort((a, b) => a.cost - b.cost));
}

/** Two changes that each explain a part. */
async function pairs(
	partial: readonly { edits: Edit[]; passed: Set<CaseId> }[],
	failing: readonly CaseId[],
	judge: (batch: Edit[][]) => Promise<void>,
	accepted: readonly Edit[][],
	isOver: () => boolean,
): Promise<void> {
	const ordered = [...partial].sort((a, b) => b.passed.size - a.passed.size || costOf(a.edits) - costOf(b.edits)).slice(0, 30);
	const found: Edit[][] = [];
	for (const [index, a] of ordered.entries())
		for (const b of ordered.slice(index + 1)) {
			const [one, two] = [a.edits[0] as Edit, b.edits[0] as Edit];
			if (one.at !== two.at && failing.every((id) => a.passed.has(id) || b.passed.has(id))) found.push([one, two]);
		}
	const sorted = found.sort((a, b) => costOf(a) - costOf(b)).slice(0, maxPairs);
	for (let at = 0; at < sorted.length && accepted.length === 0 && !isOver(); at += width) await judge(sorted.slice(at, at + width));
}
