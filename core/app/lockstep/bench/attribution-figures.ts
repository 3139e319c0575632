import type { Attribution } from "../../../contract/effects.ts";
import type { Exchange } from "../../../contract/traffic.ts";
import type { Followed } from "./legacy.ts";

/**
 * Counted in row changes. `right`: share of the attributable ones whose commit was given to the request that made it, or to nobody when
 * nobody did; an ambiguous answer is not right. Not attributable are the changes of a request beside which another one that asked exactly
 * the same was open: `sameQuestion` of them got another answer, `exchangeable` got the same answer too and were named so. `stated95`: share stated at 0.95 or more; `wrongAt95`: how many of those
 * are wrong.
 */
export type RegimeFigures = {
	right: number;
	stated95: number;
	wrongAt95: number;
	changes: number;
	attributable: number;
	sameQuestion: number;
	exchangeable: number;
	ambiguous: number;
	wrong: number;
	/** Of the requests that own commits: how many own several, and how many of those got all of them and nothing else. */
	several: number;
	severalWhole: number;
	requests: number;
	overlap: number;
	roundP50Ms: number;
	roundP95Ms: number;
};

export function figuresOf(followed: Followed, finals: readonly Attribution[], roundMs: readonly number[], from: number): RegimeFigures {
	const truth = followed.truth();
	const { commits, exchanges, ids } = followed;
	if (truth.length !== commits.length) throw new Error(`${truth.length} commits were made and ${commits.length} were seen`);
	if (finals.length !== commits.length) throw new Error(`${commits.length - finals.length} commits were never settled`);
	const bySeq = new Map(exchanges.map((exchange) => [exchange.seq, exchange]));
	const byId = new Map(exchanges.map((exchange) => [ids.get(exchange.seq) ?? "-", exchange]));
	const sum = { changes: 0, attributable: 0, sameQuestion: 0, right: 0, stated: 0, wrongAt95: 0, exchangeable: 0, ambiguous: 0, wrong: 0 };
	const owned = new Map<string, { given: string[]; made: string[] }>();
	const of = (id: string) => {
		const own = owned.get(id) ?? { given: [], made: [] };
		owned.set(id, own);
		return own;
	};
	for (const [index, found] of finals.entries()) {
		if (index < from) continue;
		const rows = commits[index]?.changes.length ?? 0;
		const owner = truth[index] as string;
		const given = found.kind === "request" ? (ids.get(found.seq) ?? "-") : "-";
		if (owner !== "-") of(owner).made.push(String(index));
		if (given !== "-") of(given).given.push(String(index));
		sum.changes += rows;
		if (found.kind === "request" && found.exchangeable && isTwin(byId.get(owner), bySeq.get(found.seq))) {
			sum.exchangeable += rows;
			continue;
		}
		const isAsked = owner !== "-" && hasSame(byId.get(owner), commits[index]?.at ?? 0, exchanges);
		if (isAsked) sum.sameQuestion += rows;
		else sum.attributable += rows;
		const isRight = found.kind !== "ambiguous" && given === owner;
		if (!isAsked) {
			if (isRight) sum.right += rows;
			else if (found.kind === "ambiguous") sum.ambiguous += rows;
			else sum.wrong += rows;
		}
		if (found.kind === "ambiguous" || found.confidence < 0.95) continue;
		if (!isAsked) sum.stated += rows;
		// Also where several asked the same: a sure answer must be right.
		if (!isRight) sum.wrongAt95 += rows;
	}
	const several = [...owned.values()].filter(({ made }) => made.length > 1);
	const sorted = roundMs.toSorted((a, b) => a - b);
	const at = (quantile: number) => sorted[Math.floor(sorted.length * quantile)] ?? 0;
	return {
		right: share(sum.right, sum.attributable),
		stated95: share(sum.stated, sum.attributable),
		wrongAt95: sum.wrongAt95,
		changes: sum.changes,
		attributable: sum.attributable,
		sameQuestion: sum.sameQuestion,
		exchangeable: sum.exchangeable,
		ambiguous: sum.ambiguous,
		wrong: sum.wrong,
		several: several.length,
		severalWhole: several.filter(({ given, made }) => given.join() === made.join()).length,
		requests: exchanges.length,
		overlap: overlapOf(exchanges),
		roundP50Ms: at(0.5),
		roundP95Ms: at(0.95),
	};
}

function hasSame(own: Exchange | undefined, at: number, exchanges: readonly Exchange[]): boolean {
	return exchanges.some(
		(other) =>
			other !== own &&
			other.route === own?.route &&
			other.request.body === own.request.body &&
			other.request.target === own.request.target &&
			other.startedAt <= at &&
			other.endedAt + 5 >= at,
	);
}

function isTwin(a: Exchange | undefined, b: Exchange | undefined): boolean {
	const key = (one: Exchange) =>
		[one.route, one.request.method, one.request.target, one.request.body, one.response.status, one.response.body].join(" ");
	return a !== undefined && b !== undefined && key(a) === key(b);
}

/** How many other requests were open in the middle of one, on average. */
function overlapOf(exchanges: readonly Exchange[]): number {
	let total = 0;
	const some = exchanges.filter((_, index) => index % 7 === 0);
	for (const { startedAt, endedAt } of some) {
		const middle = (startedAt + endedAt) / 2;
		total += exchanges.filter((other) => other.startedAt <= middle && other.endedAt >= middle).length;
	}
	return Math.round(total / Math.max(1, some.length));
}

function share(part: number, whole: number): number {
	return whole === 0 ? 1 : Math.round((part / whole) * 1e5) / 1e5;
}
