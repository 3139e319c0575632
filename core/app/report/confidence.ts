import {
	branchMethod,
	cleanForOneLook,
	cleanNeeded,
	evidenceVerdict,
	method,
	ruleAhead,
	upperBound,
	weakestFirst,
} from "../../arbiter/index.ts";
import type { Confidence, ConfidencePoint } from "../../contract/history.ts";
import type { Migration, Policy } from "../../contract/run.ts";

/** Counts of one version after one comparison; the bound follows from them. */
type Sample = { seq: number; at: number; version: number; clean: number; against: number };

/** The way of the evidence of one function, in bounded memory. */
export type Curve = {
	add(seq: number, at: number, version: number, clean: boolean): void;
	/** Oldest first: first, last and every fault of each version are among them. */
	samples(): readonly Sample[];
	/** Comparisons a second between `from` and `now`. */
	rate(now: number, windowMs: number): number;
};

const KEPT = 480;
const RECENT = 6_000;

export function createCurve(): Curve {
	let kept: Sample[] = [];
	let last: Sample | null = null;
	/** Of every so many comparisons one is kept; doubled whenever there are too many. */
	let stride = 1;
	let since = 0;
	const recent: number[] = [];

	return {
		add(seq, at, version, clean) {
			const isNew = last === null || last.version !== version;
			if (last !== null && version < last.version) return;
			const counts = isNew || last === null ? { clean: 0, against: 0 } : last;
			if (isNew && last !== null && kept.at(-1) !== last) kept.push(last);
			last = { seq, at, version, clean: counts.clean + (clean ? 1 : 0), against: counts.against + (clean ? 0 : 1) };
			recent.push(at);
			if (recent.length > RECENT) recent.splice(0, RECENT / 2);
			since++;
			if (!isNew && clean && since < stride) return;
			since = 0;
			kept.push(last);
			if (kept.length <= KEPT) return;
			stride *= 2;
			kept = thinned(kept);
		},
		samples: () => (last === null || kept.at(-1) === last ? kept : [...kept, last]),
		rate(now, windowMs) {
			const inside = recent.filter((at) => at > now - windowMs && at <= now).length;
			const first = recent.find((at) => at > now - windowMs);
			// A function that was compared for ten seconds has the rate of these ten.
			const span = first === undefined ? windowMs : Math.max(5_000, now - first);
			return inside / (span / 1_000);
		},
	};
}

/** Every other one goes, but the ends of each version stay. */
function thinned(samples: Sample[]): Sample[] {
	return samples.filter((sample, index) => {
		const isEnd = samples[index - 1]?.version !== sample.version || samples[index + 1]?.version !== sample.version;
		return isEnd || index % 2 === 0;
	});
}

export function pointsOf(curve: Curve | undefined, alpha: number): ConfidencePoint[] {
	return (curve?.samples() ?? []).map((sample) => ({
		...sample,
		bound: upperBound({ n: sample.clean + sample.against, k: sample.against, alpha }),
	}));
}

/** What the journal tells of one function: its comparisons, and what was let pass in which version. */
type Told = { curve: Curve; tolerated: readonly { version: number; field: string; check: string }[] };

/** Everything that the confidence of one function is made of, at one moment. */
export function confidenceOf(migration: Migration, policy: Policy, tale: Told | null, now: number): Confidence {
	const curve = tale?.curve;
	const { clean, mismatched, failed, skewed = 0, accepted = 0, bound, needed } = migration.evidence;
	const { minClean, maxMismatchRate: limit } = policy.shadow;
	const rate = curve?.rate(now, 60_000) ?? 0;
	const more = needed ?? shortOf(migration, policy);
	return {
		function: migration.function,
		version: migration.version,
		method,
		alpha: policy.alpha,
		clean,
		mismatched,
		failed,
		skewed,
		accepted,
		acceptances: migration.acceptances ?? [],
		bound,
		limit,
		minClean,
		needed,
		openMismatches: migration.openFailures,
		rate,
		etaMs: more === null || rate === 0 ? null : (more / rate) * 1_000,
		points: pointsOf(curve, policy.alpha),
		tolerated: (tale?.tolerated ?? []).filter(({ version }) => version === migration.version).map(({ field, check }) => ({ field, check })),
		...branchesOf(migration, policy),
	};
}

function branchesOf(migration: Migration, policy: Policy) {
	const ahead = ruleAhead(migration, policy);
	const limits = ahead === null || ahead.rule.maxMismatchRate >= 1 ? null : { alpha: policy.alpha, limit: ahead.rule.maxMismatchRate };
	return {
		verdict: evidenceVerdict(migration, policy),
		branches: weakestFirst(migration.evidence.branches ?? []),
		waivers: migration.waivers ?? [],
		branchRule: ahead === null ? null : { ...ahead.rule, weight: ahead.weight },
		branchNeeds: limits === null ? null : { oneLook: cleanForOneLook(limits), everyLook: cleanNeeded({ n: 0, k: 0, ...limits }) },
		branchMethod,
	};
}

/** What would be needed of the next version, which begins at zero: the time that a heal costs is not in it. */
function shortOf({ openFailures }: Migration, { alpha, shadow }: Policy): number | null {
	if (openFailures === 0) return null;
	const fresh = cleanNeeded({ n: 0, k: 0, alpha, limit: shadow.maxMismatchRate });
	return fresh === null ? null : Math.max(fresh, shadow.minClean);
}
