import type { Candidate, CaseId, Trials } from "./trials.ts";

/** Pairs are tried outright below this number; beyond it only what single sites and omissions suggest. */
const pairLimit = 60;
const hittingLimit = 40;

/**
 * Smallest subsets of `pool` that pass all `cases`, given that `pool` as a whole does; all of one size.
 *
 *   singles            one batch; mostly the end
 *   pool without s     what each case cannot do without: its core
 *   core, pairs        interacting bugs
 *   core + hitting set where single sites are alternatives to each other
 *   ddmin              from the whole pool, when nothing above passes (Zeller and Hildebrandt 2002)
 */
export async function smallestSets(pool: Candidate, cases: CaseId[], trials: Trials): Promise<Candidate[]> {
	const passing = (candidates: Candidate[]): Candidate[] => candidates.filter((candidate) => trials.passesAll(candidate, cases));
	const singles = pool.map((site) => [site]);
	await trials.run([[], ...singles], cases);
	if (trials.passesAll([], cases)) return [[]];
	const alone = passing(singles);
	if (alone.length > 0) return alone;

	const omissions = pool.map((site) => without(pool, site));
	await trials.run(omissions, cases);
	const core = pool.filter((_, index) => !trials.passesAll(omissions[index] as Candidate, cases));
	const useful = pool.filter((site) => core.includes(site) || cases.some((id) => trials.passes([site], id) && !trials.passes([], id)));
	const pairs = useful.flatMap((a, index) => useful.slice(index + 1).map((b) => [a, b]));
	const suggested = [...(core.length > 1 ? [core] : []), ...(pairs.length <= pairLimit ? pairs : [])];
	await trials.run(suggested, cases);
	let found = passing(suggested);
	if (found.length === 0) found = passing(await coverRest(pool, core, cases, trials));
	if (found.length === 0) found = [await minimise(pool, cases, trials)];
	return shrink(found, cases, trials);
}

/** The core plus the fewest sites of which each remaining case needs one. */
async function coverRest(pool: Candidate, core: Candidate, cases: CaseId[], trials: Trials): Promise<Candidate[]> {
	await trials.run([core], cases);
	const open = cases.filter((id) => !trials.passes(core, id));
	const others = pool.filter((site) => !core.includes(site));
	await trials.run(
		others.map((site) => union(core, [site])),
		open,
	);
	const options = open.map((id) => others.filter((site) => trials.passes(union(core, [site]), id)));
	if (options.some((sites) => sites.length === 0)) return [];
	const candidates = hittingSets(options).map((sites) => union(core, sites));
	await trials.run(candidates, cases);
	return candidates;
}

/** All smallest sets that contain one of each list of options; at most `hittingLimit` of them, smallest first. */
export function hittingSets(options: number[][]): Candidate[] {
	for (let size = 1; size <= options.length; size++) {
		const found = new Map<string, Candidate>();
		const extend = (chosen: Candidate): void => {
			if (found.size >= hittingLimit) return;
			const open = options.find((sites) => !sites.some((site) => chosen.includes(site)));
			if (open === undefined) found.set(chosen.join(), chosen);
			else if (chosen.length < size) for (const site of open) extend(union(chosen, [site]));
		};
		extend([]);
		if (found.size > 0) return [...found.values()];
	}
	return [];
}

/** ddmin over complements: a set from which no single site can be left out. One batch for each granularity. */
async function minimise(pool: Candidate, cases: CaseId[], trials: Trials): Promise<Candidate> {
	let present = pool;
	let parts = 2;
	while (present.length >= 2) {
		const size = Math.ceil(present.length / parts);
		const chunks = Array.from({ length: Math.ceil(present.length / size) }, (_, index) => present.slice(index * size, (index + 1) * size));
		const smaller = [...chunks, ...chunks.map((chunk) => present.filter((site) => !chunk.includes(site)))];
		await trials.run(smaller, cases);
		const next = smaller.find((candidate) => candidate.length > 0 && trials.passesAll(candidate, cases));
		if (next !== undefined) {
			parts = chunks.includes(next) ? 2 : Math.max(parts - 1, 2);
			present = next;
		} else if (parts >= present.length) return present;
		else parts = Math.min(parts * 2, present.length);
	}
	return present;
}

/** Leaves out what can be left out, then keeps the smallest. */
async function shrink(candidates: Candidate[], cases: CaseId[], trials: Trials): Promise<Candidate[]> {
	let present = candidates;
	for (;;) {
		const size = Math.min(...present.map((candidate) => candidate.length));
		const smallest = present.filter((candidate) => candidate.length === size);
		const smaller = size > 1 ? smallest.flatMap((candidate) => candidate.map((site) => without(candidate, site))) : [];
		await trials.run(smaller, cases);
		const next = smaller.filter((candidate) => trials.passesAll(candidate, cases));
		if (next.length === 0) return [...new Map(smallest.map((candidate) => [candidate.join(), candidate])).values()];
		present = next;
	}
}

export const without = (candidate: Candidate, site: number): Candidate => candidate.filter((other) => other !== site);

export const union = (a: Candidate, b: Candidate): Candidate => [...new Set([...a, ...b])].sort((x, y) => x - y);
