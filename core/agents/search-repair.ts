import type { Site } from "../contract/blueprint.ts";
import { explain } from "./explain.ts";
import { preferenceOf } from "./preference.ts";
import type { Repair, RepairProblem } from "./repair.ts";
import { smallestSets, without } from "./smallest.ts";
import { type Candidate, type CaseId, createTrials, type Trials } from "./trials.ts";

/** After this many rounds in which every candidate changed a clean case, nothing is repaired. */
const rounds = 4;
/** Sets of equal size that are put before the gate together. */
const gateWidth = 6;

/**
 * Finds the smallest set of sites whose exact meaning explains every failing case and changes no clean one.
 * What cannot be explained is named, and the rest repaired all the same. Throws CANCELLED when `signal` aborts.
 */
export async function searchRepair(problem: RepairProblem, signal?: AbortSignal): Promise<Repair> {
	const sites = problem.sites.filter((site) => problem.choices[site.expr] !== "exact").sort(inSourceOrder);
	const trials = createTrials(
		sites.map((site) => site.expr),
		problem.evaluate,
		signal,
	);
	let pool: Candidate = sites.map((_, index) => index);
	await trials.run([[], pool, ...pool.map((site) => [site])], problem.failing);
	const reproduced = problem.failing.filter((id) => !trials.passes([], id));
	const prefer = preferenceOf(sites, reproduced, problem.suspicions ?? {});
	/** Clean cases that an earlier round would have broken, and that the whole pool keeps. */
	const kept: CaseId[] = [];
	for (let round = 0; round < rounds; round++) {
		const found = await explainMost(pool, reproduced, kept, trials);
		if (found === null) break;
		const ranked = found.sets.sort((a, b) => prefer(b) - prefer(a) || a.join().localeCompare(b.join()));
		const best = ranked.slice(0, gateWidth);
		await trials.run([[], ...best], problem.clean);
		const sound = problem.clean.filter((id) => trials.passes([], id));
		const allowed = best.filter((candidate) => trials.passesAll(candidate, sound));
		const [chosen] = allowed;
		if (chosen !== undefined) return conclude(problem, sites, chosen, ranked, trials);
		const broken = sound.filter((id) => !trials.passes(best[0] as Candidate, id));
		const singles = (best[0] as Candidate).map((site) => [site]);
		await trials.run([pool, ...singles], broken);
		const rescued = broken.filter((id) => trials.passes(pool, id));
		kept.push(...rescued);
		// A site that breaks a clean case by itself, and also among all others, cannot be right.
		const harmful = singles.flatMap((single) =>
			broken.some((id) => !trials.passes(single, id) && !trials.passes(pool, id)) ? single : [],
		);
		if (rescued.length === 0 && harmful.length === 0) harmful.push((best[0] as Candidate)[0] as number);
		pool = pool.filter((site) => !harmful.includes(site));
	}
	return conclude(problem, sites, [], [], trials);
}

/** The smallest sets for as many failing cases as one set can explain; null when none can be explained. */
async function explainMost(pool: Candidate, failing: CaseId[], kept: CaseId[], trials: Trials): Promise<{ sets: Candidate[] } | null> {
	if (pool.length === 0) return null;
	const singles = pool.map((site) => [site]);
	await trials.run([pool, ...singles], [...failing, ...kept]);
	const whole = failing.filter((id) => trials.passes(pool, id));
	const alone = singles.map((single) => failing.filter((id) => trials.passes(single, id)));
	const most = Math.max(0, ...alone.map((cases) => cases.length));
	if (whole.length === 0 && most === 0) return null;
	// The whole pool is exact and should explain everything; where a part explains more, the part is believed.
	if (most > whole.length || !trials.passesAll(pool, kept)) {
		const sets = singles.filter((single, index) => (alone[index] as CaseId[]).length === most && trials.passesAll(single, kept));
		return most === 0 || sets.length === 0 ? null : { sets };
	}
	return { sets: await smallestSets(pool, [...whole, ...kept], trials) };
}

async function conclude(problem: RepairProblem, sites: Site[], chosen: Candidate, ranked: Candidate[], trials: Trials): Promise<Repair> {
	const { failing, clean } = problem;
	const parts = chosen.length > 1 ? chosen.map((site) => without(chosen, site)) : [[]];
	await trials.run([[], chosen, ...parts], failing);
	await trials.run([[], chosen], clean);
	const notReproduced = failing.filter((id) => trials.passes([], id));
	const explained = failing.filter((id) => trials.passes(chosen, id) && !notReproduced.includes(id));
	const unexplained = failing.filter((id) => !trials.passes(chosen, id));
	const sound = clean.filter((id) => trials.passes([], id));
	const ties = ranked.filter((other) => other.join() !== chosen.join() && trials.passesAll(other, explained));
	const needs = chosen.map((_, index) => explained.filter((id) => !trials.passes(parts[index] as Candidate, id)).length);
	const picked = chosen.map((index) => sites[index] as Site);
	const repair: Omit<Repair, "explanation"> = {
		sites: picked,
		cause: [...new Set(picked.map((site) => site.cause))].join(", "),
		explained,
		unexplained,
		notReproduced,
		gate: {
			failing: { passed: failing.length - unexplained.length, total: failing.length },
			clean: { passed: sound.filter((id) => trials.passes(chosen, id)).length, total: sound.length },
		},
		ties: ties.map((other) => other.map((index) => (sites[index] as Site).expr)),
		candidatesTried: trials.tried,
		batches: trials.batches,
	};
	const tiedSites = ties.map((other) => other.map((index) => sites[index] as Site));
	return {
		...repair,
		explanation: explain({ ...repair, needs, tiedSites, skipped: clean.length - sound.length, siteCount: sites.length }),
	};
}

function inSourceOrder({ span: a, expr: x }: Site, { span: b, expr: y }: Site): number {
	return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || x.localeCompare(y);
}
