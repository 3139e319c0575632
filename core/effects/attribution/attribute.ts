import type { Attribution, Commit } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { assign, type Choice, type Row } from "./assignment.ts";
import {
	type AttributionMemory,
	type Candidate,
	habitOf,
	type KnownCommit,
	type KnownExchange,
	knowCommit,
	knowExchange,
	learnGone,
	routeOf,
	type Scored,
} from "./attribution-memory.ts";
import { companionBits } from "./companions.ts";
import { nameMerged } from "./merged-commits.ts";

export { type AttributionMemory, createAttributionMemory } from "./attribution-memory.ts";

/** Clocks of two processes of one machine agree better than this. */
const slackMs = 5;
/** Below it a commit is ambiguous. */
const leastConfidence = 0.75;
/** What a signature that was never seen surely for a route can reach, and what a greedy assignment can. */
const uncalibrated = 0.8;
const calibratedAfter = 3;
/** Only what was as sure as this is learned from. */
const sureEnough = 0.95;
const closeBits = 3;
const mostOptions = 48;
const clearBits = 8;
/** What leads by more needs no other evidence. */
const unclearBits = 12;
const mostBits = 16;

/**
 * Ties each commit to the request that made it, to nobody (background), or says that it cannot tell. Evidence are the values
 * that both share, by how rare they are; what is known of the route; the other commits of the same request, by their order and the
 * time between them; and that a request is given one commit of each signature at most.
 *
 * Made to be called again and again with growing, overlapping lists: a commit is learned from once, when it is no longer
 * named. Exchanges that can have made no commit should not be given.
 */
export function attribute(commits: Commit[], exchanges: Exchange[], memory: AttributionMemory): Attribution[] {
	memory.call++;
	learnGone(memory, new Set(commits.map((commit) => commit.index)));
	const before = memory.serial;
	const known = exchanges.map((exchange) => knowExchange(memory, exchange));
	const fresh = known.filter((exchange) => exchange.serial > before);
	const isAllThere = known.length - fresh.length === memory.named;
	memory.named = known.length;
	const entries = commits.map((commit) => {
		const entry = knowCommit(memory, commit);
		const isChanged = link(entry, entry.linkedTo === before ? fresh : known, isAllThere, memory);
		if (isChanged || entry.scored === null) entry.scored = score(entry, memory);
		return { entry, scored: entry.scored };
	});
	const first = assign(entries.map(({ entry, scored }) => rowOf(entry, scored)));
	const coupled = couple(entries, first, memory);
	const choices = coupled === null ? first : assign(coupled.map(({ entry, scored }) => rowOf(entry, scored)));
	const answers = (coupled ?? entries).map(({ entry, scored }, index) => {
		const choice = choices[index] as Choice;
		const last = entry.concluded;
		if (
			last !== null &&
			last.scored === scored &&
			last.to === choice.to &&
			last.regret === choice.regret &&
			last.found.kind !== "ambiguous"
		)
			return { entry, found: last.found };
		const found = conclude(entry, scored, choice, memory);
		entry.concluded = { scored, to: choice.to, regret: choice.regret, found };
		return { entry, found };
	});
	return nameMerged(answers, known, slackMs);
}

/** Looks at new exchanges, forgets those that are gone. True when the scores need to be made anew. */
function link(entry: KnownCommit, exchanges: readonly KnownExchange[], isAllThere: boolean, memory: AttributionMemory): boolean {
	const { commit, tokens, telling } = entry;
	// One that went because nobody could tell which commit is its own can still own this one.
	const isLive = (known: KnownExchange) => known.call === memory.call || known.suspected === known.call;
	let isChanged = false;
	const bareBefore = entry.bare.length;
	if (!isAllThere && !entry.linked.every(({ known }) => isLive(known))) {
		entry.linked = entry.linked.filter(({ known }) => isLive(known));
		isChanged = true;
	}
	if (!isAllThere && !entry.bare.every(({ known }) => isLive(known))) entry.bare = entry.bare.filter(({ known }) => isLive(known));
	for (const known of exchanges) {
		if (known.serial <= entry.linkedTo) continue;
		const { startedAt, endedAt } = known.exchange;
		if (startedAt > commit.at || commit.since > endedAt + slackMs) continue;
		const links: number[] = [];
		for (const token of telling) if (known.tokens.has(tokens[token] as string)) links.push(token);
		if (links.length === 0) entry.bare.push({ known, isLike: tokens.some((token) => known.tokens.has(token)) });
		else {
			entry.linked.push({ known, links });
			isChanged = true;
		}
	}
	entry.linkedTo = memory.serial;
	if (entry.scored?.rest === null && (entry.bare.length !== bareBefore || exchanges.length > 0)) return true;
	const width = entry.linked.length + entry.bare.length;
	const last = entry.scored?.width ?? 0;
	return isChanged || (width !== last && (last < 4 || width > last * 1.25 || width < last * 0.8));
}

function score(entry: KnownCommit, memory: AttributionMemory): Scored {
	const counts = memory.signatures.get(entry.signature) ?? { requests: 0, idle: 0 };
	// What the jobs that were seen while nothing was open never made is rarely a job's.
	const unseen = counts.idle === 0 ? Math.min(4, Math.log2(1 + memory.idle / 4)) : 0;
	const none = clip(Math.log2((counts.idle + 0.5) / (counts.requests + 1)) - unseen, 10);
	const width = entry.linked.length + entry.bare.length;
	const bits = new Float64Array(entry.tokens.length);
	// Twins are one: that several asked the same does not make it usual.
	const distinct = new Set<string>();
	for (const { known, links } of entry.linked) {
		if (distinct.has(known.twins)) continue;
		distinct.add(known.twins);
		for (const token of links) bits[token] = (bits[token] as number) + 1;
	}
	const others = distinct.size + entry.bare.length;
	for (let token = 0; token < bits.length; token++)
		if (bits[token]) bits[token] = rarity(entry.tokens[token] as string, bits[token] as number, others, memory);
	const judges = new Map<string, Judge>();
	const judgeFor = (route: string) => {
		const judge = judges.get(route) ?? judgeOf(route, entry, bits, memory);
		judges.set(route, judge);
		return judge;
	};
	const share = -Math.log2(width);
	const candidates = entry.linked.map(
		({ known, links }): Candidate => ({ known, links, score: judgeFor(routeOf(known)).linked(links) + share }),
	);
	const bare = entry.bare.map(({ known, isLike }): Candidate => {
		const judge = judgeFor(routeOf(known));
		return { known, links: [], score: (isLike ? judge.like : judge.unlike) + share };
	});
	const best = candidates.reduce((most, candidate) => Math.max(most, candidate.score), none);
	const together = Math.log2(bare.reduce((sum, candidate) => sum + 2 ** candidate.score, 0));
	const isClear = together < best - clearBits / 2;
	if (!isClear) candidates.push(...bare);
	// Of equals the one that ends first: the others can still own a later commit.
	candidates.sort((a, b) => b.score - a.score || a.known.exchange.endedAt - b.known.exchange.endedAt);
	return { candidates, none, bits, width, rest: isClear ? together : null };
}

/**
 * How unlikely it is that an exchange holds this token by accident, in bits: by the recent exchanges, or by those that are
 * open at the same time when it is more usual among them (a time of day is). Few exchanges: by the token's length.
 */
function rarity(token: string, sharers: number, candidates: number, memory: AttributionMemory): number {
	const unseen = 3 ** -Math.min(token.length, 12);
	const overall = ((memory.frequency.get(token) ?? 1) - 1 + 10 * unseen) / (memory.exchanges.size - 1 + 10);
	const beside = (sharers - 1 + unseen) / candidates;
	return Math.min(mostBits, -Math.log2(Math.max(overall, beside)));
}

/** Scores of exchanges of one route: by their links; with nothing telling in common; with nothing at all. */
type Judge = { linked(links: number[]): number; like: number; unlike: number };

function judgeOf(route: string, known: KnownCommit, bits: Float64Array, memory: AttributionMemory): Judge {
	const habit = habitOf(memory, route, known.signature);
	const worth = new Float64Array(bits.length);
	/** Tokens that this route's commits always share with the request, and what it costs when one does not. */
	const missing = new Float64Array(bits.length);
	for (const token of known.telling) {
		let rate = 0.5;
		for (const place of known.places[token] as string[]) {
			const counts = habit?.places.get(place);
			if (counts === undefined || counts.seen < calibratedAfter) continue;
			const own = (counts.linked + 0.5) / (counts.seen + 1);
			rate = Math.max(rate === 0.5 ? 0 : rate, own);
			if (own >= 0.9 && counts.seen >= 8) missing[token] = Math.min(missing[token] as number, Math.max(-8, Math.log2(1 - own)));
		}
		worth[token] = Math.max(0, (bits[token] as number) + Math.log2(Math.max(rate, 1e-6)));
	}
	const owed = missing.reduce((sum, cost) => sum + cost, 0);
	const [seen, unlinked] = [habit?.seen ?? 0, habit?.unlinked ?? 0];
	const usual = usualness(route, known.signature, memory);
	return {
		linked(links) {
			let total = usual + owed;
			for (const token of links) total += (worth[token] as number) - (missing[token] as number);
			return total;
		},
		// Nearly every request shares something with the rows it writes.
		like: usual + owed + Math.log2((unlinked + 10) / (seen + 10)),
		unlike: usual + owed + Math.log2((unlinked + 0.5) / (seen + 10)),
	};
}

/** How much more often this route makes such a commit than requests do on the whole, in bits. */
function usualness(route: string, signature: string, memory: AttributionMemory): number {
	const overall = ((memory.signatures.get(signature)?.requests ?? 0) + 1) / (memory.requests + 10);
	const here = ((habitOf(memory, route, signature)?.seen ?? 0) + 2 * overall) / ((memory.routes.get(route) ?? 0) + 2);
	return clip(Math.log2(here / overall), 10);
}

type Entry = { entry: KnownCommit; scored: Scored };

/**
 * The scores again, for those commits whose owner is not clear, with what the other commits of each candidate say: those that are its
 * own for good, and those that the first assignment gave it clearly. Null: nothing is known of such companions, or all is clear.
 */
function couple(entries: readonly Entry[], first: readonly Choice[], memory: AttributionMemory): Entry[] | null {
	if (memory.requests === 0 || first.every(({ regret }) => regret >= unclearBits)) return null;
	const given = new Map<KnownExchange, Map<string, number>>();
	for (const [index, { to, regret }] of first.entries()) {
		const { entry, scored } = entries[index] as Entry;
		if (to === null || regret < clearBits) continue;
		const owner = scored.candidates.find(({ known }) => columnOf(entry, known) === to)?.known;
		if (owner === undefined) continue;
		const own = given.get(owner) ?? new Map(owner.taken);
		given.set(owner, own.set(entry.signature, entry.commit.at));
	}
	let isCoupled = false;
	const coupled = entries.map(({ entry, scored }, index): Entry => {
		if ((first[index] as Choice).regret >= unclearBits) return { entry, scored };
		let isMoved = false;
		const candidates = scored.candidates.map((candidate) => {
			const { known } = candidate;
			const bits = companionBits(memory, routeOf(known), known, given.get(known) ?? known.taken, entry.signature, entry.commit.at);
			if (bits === 0) return candidate;
			isMoved = true;
			return { ...candidate, score: candidate.score + bits };
		});
		if (!isMoved) return { entry, scored };
		isCoupled = true;
		candidates.sort((a, b) => b.score - a.score || a.known.exchange.endedAt - b.known.exchange.endedAt);
		return { entry, scored: { ...scored, candidates } };
	});
	return isCoupled ? coupled : null;
}

/** An exchange may take one commit of each signature. */
function columnOf(entry: KnownCommit, known: KnownExchange): number {
	return known.serial * 4_096 + (entry.number % 4_096);
}

function rowOf(entry: KnownCommit, { candidates, none }: Scored): Row {
	const best = candidates[0]?.score ?? none;
	const options: Row["options"] = [];
	let together = 0;
	for (const { known, score: own } of candidates) {
		if (own < best - 30) break;
		if (known.taken.has(entry.signature)) continue;
		together += 2 ** (own - best);
		if (options.length < mostOptions) options.push({ to: columnOf(entry, known), score: own });
	}
	// Whether anybody made it is decided by all of them together: many who may each have made it speak against nobody.
	return { none: none - Math.max(0, Math.log2(together)), options };
}

function conclude(
	entry: KnownCommit,
	{ candidates, none, bits, width, rest }: Scored,
	{ to, regret, isExact }: Choice,
	memory: AttributionMemory,
): Attribution {
	const { index } = entry.commit;
	entry.lesson = null;
	entry.owner = null;
	if (width === 0) {
		entry.lesson = "idle";
		return { kind: "background", commit: index, confidence: 0.99 };
	}
	const chosen = candidates.find((candidate) => columnOf(entry, candidate.known) === to);
	// One that made such a commit before may have made two: rules know one of each signature only.
	const repeater = candidates.find(({ known }) => known.taken.has(entry.signature) && known.twins !== chosen?.known.twins);
	if (repeater !== undefined && repeater.score > (chosen?.score ?? none) - closeBits) return ambiguous(index, candidates, memory);
	const rivals = rivalsOf(chosen, candidates, none);
	const unlisted = rest === null ? 0 : 2 ** (rest - (chosen?.score ?? none));
	const sure = (isExact ? 1 : uncalibrated) / (1 + rivals * 2 ** -regret + unlisted);
	if (chosen === undefined) {
		const counts = memory.signatures.get(entry.signature);
		// Of a kind that nobody was seen to make nothing is said when somebody shares values with it.
		const isKnown = counts !== undefined && (counts.idle > 0 || counts.requests >= calibratedAfter);
		if (!isKnown && candidates.some(({ links }) => links.length > 0)) return ambiguous(index, candidates, memory);
		if (sure >= leastConfidence) return { kind: "background", commit: index, confidence: Math.min(sure, uncalibrated + 0.1) };
		return ambiguous(index, candidates, memory);
	}
	// Its owner was given up before: nobody who is still there made it.
	if (chosen.known.call !== memory.call) return { kind: "ambiguous", commit: index, candidates: [] };
	entry.owner = chosen.known;
	const route = routeOf(chosen.known);
	if (sure >= sureEnough) entry.lesson = { route, links: chosen.links };
	const isCalibrated = (habitOf(memory, route, entry.signature)?.seen ?? 0) >= calibratedAfter;
	const confidence = isCalibrated ? sure : Math.min(sure, uncalibrated);
	const exchangeable = sure < sureEnough && isExchangeable(chosen, candidates, none);
	if (confidence < leastConfidence && !exchangeable) {
		entry.owner = null;
		return ambiguous(index, candidates, memory);
	}
	const links = chosen.links.toSorted((a, b) => (bits[b] as number) - (bits[a] as number)).map((token) => entry.tokens[token] as string);
	return { kind: "request", commit: index, seq: chosen.known.exchange.seq, confidence, exchangeable, links };
}

/** How many other owners, nobody among them, are about as likely as the likeliest. */
function rivalsOf(chosen: Candidate | undefined, candidates: readonly Candidate[], none: number): number {
	const next = candidates[0] === chosen ? candidates[1] : candidates[0];
	const strongest = Math.max(next?.score ?? Number.NEGATIVE_INFINITY, chosen === undefined ? Number.NEGATIVE_INFINITY : none);
	let rivals = chosen !== undefined && none > strongest - closeBits ? 1 : 0;
	for (const candidate of candidates) {
		if (candidate.score <= strongest - closeBits) break;
		if (candidate !== chosen) rivals++;
	}
	return rivals;
}

function ambiguous(commit: number, candidates: readonly Candidate[], memory: AttributionMemory): Attribution {
	const [best] = candidates;
	const close = candidates.filter((candidate) => candidate.score > (best?.score ?? 0) - closeBits).map((candidate) => candidate.known);
	for (const known of close) known.suspected = known.call;
	return { kind: "ambiguous", commit, candidates: close.filter((known) => known.call === memory.call).map((known) => known.exchange.seq) };
}

/**
 * All that could have made the commit as well as the chosen one asked the same and got the same: whichever is taken, nothing
 * else follows.
 */
function isExchangeable(chosen: Candidate, candidates: readonly Candidate[], none: number): boolean {
	const lead = Math.log2(sureEnough / (1 - sureEnough));
	const equals = candidates.filter((candidate) => candidate.score > chosen.score - lead);
	if (equals.length < 2 || none > chosen.score + Math.log2(equals.length) - closeBits / 2) return false;
	return equals.every((candidate) => candidate.known.twins === chosen.known.twins);
}

function clip(bits: number, most: number): number {
	return Math.max(-most, Math.min(most, bits));
}
