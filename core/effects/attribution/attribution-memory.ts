import type { Attribution, Commit } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { type Companions, learnCompanions } from "./companions.ts";
import { type CommitValues, commitValues, exchangeTokens } from "./value-tokens.ts";

/** What was learned of one route's commits of one signature. */
export type Habit = {
	seen: number;
	/** Of them those that shared no value with the request. */
	unlinked: number;
	/** Per place (`table.column`): in how many its value stood in the request or answer too. */
	places: Map<string, { seen: number; linked: number }>;
};

export type KnownExchange = {
	exchange: Exchange;
	tokens: Set<string>;
	/** Equal for exchanges that asked the same and got the same. */
	twins: string;
	/** Order of arrival, from 1. */
	serial: number;
	/** The number of the call that last named it. */
	call: number;
	/** The number of the call that last named it as one of several that may own a commit. */
	suspected: number;
	/** Commits that are its own for good: signature and time. */
	taken: Map<string, number>;
};

/** One exchange that may own a commit; `score` in bits, against an exchange that has nothing to do with it. */
export type Candidate = { known: KnownExchange; links: number[]; score: number };

/** Candidates, best first; `none`: the bits for nobody. `bits`: what each shared token says. `width`: all candidates. `rest`: how well those do together, in bits,
 * that are not among the candidates because they share nothing telling; null when they are. */
export type Scored = { candidates: Candidate[]; none: number; bits: Float64Array; width: number; rest: number | null };

export type KnownCommit = CommitValues & {
	commit: Commit;
	/** Of the signature; for the columns of the assignment. */
	number: number;
	/** Numbers of the tokens that say something: those that stand in one exchange of four at most. */
	telling: number[];
	/** Exchanges whose window meets that of the commit: with the tokens (by number) that both hold, and the others; `isLike`: they share what is common. */
	linked: { known: KnownExchange; links: number[] }[];
	bare: { known: KnownExchange; isLike: boolean }[];
	/** All exchanges up to this serial were looked at. */
	linkedTo: number;
	/** The last scores, for as long as its candidates stay. */
	scored: Scored | null;
	/** What was last concluded, and from what. */
	concluded: { scored: Scored; to: number | null; regret: number; found: Attribution } | null;
	/** Whose it is by what the last call said. */
	owner: KnownExchange | null;
	/** What the last call said: to be learned once the commit is gone from the calls. */
	lesson: { route: string; links: number[] } | "idle" | null;
};

/** All that is kept between two calls of `attribute`; every map is bounded. */
export type AttributionMemory = {
	exchanges: Map<number, KnownExchange>;
	/** In how many of the known exchanges a token stands. */
	frequency: Map<string, number>;
	commits: Map<number, KnownCommit>;
	/** route, line feed, signature -> habit. */
	habits: Map<string, Habit>;
	/** Per signature: commits of requests, and commits made while no request was open. */
	signatures: Map<string, { requests: number; idle: number }>;
	/** Per route, and over all: learned commits of requests. */
	routes: Map<string, number>;
	requests: number;
	/** Commits made while no request was open. */
	idle: number;
	/** route, line feed, signature, line feed, signature that came after it. */
	companions: Map<string, Companions>;
	/** A number for each signature of a commit that was named lately. */
	numbers: Map<string, number>;
	lastNumber: number;
	serial: number;
	call: number;
	/** How many exchanges the last call named. */
	named: number;
	/** Commits up to this index were learned. */
	learnedTo: number;
};

const maxExchanges = 5_000;
const maxHabits = 2_000;
const maxSignatures = 1_000;
const maxPlaces = 200;

export function createAttributionMemory(): AttributionMemory {
	return {
		exchanges: new Map(),
		frequency: new Map(),
		commits: new Map(),
		habits: new Map(),
		signatures: new Map(),
		routes: new Map(),
		requests: 0,
		idle: 0,
		companions: new Map(),
		numbers: new Map(),
		lastNumber: 0,
		serial: 0,
		call: 0,
		named: 0,
		learnedTo: 0,
	};
}

/** The exchange with its tokens, which are made once. The oldest beyond 5,000 are forgotten. */
export function knowExchange(memory: AttributionMemory, exchange: Exchange): KnownExchange {
	const present = memory.exchanges.get(exchange.seq);
	if (present !== undefined && present.exchange.startedAt === exchange.startedAt) {
		present.call = memory.call;
		return present;
	}
	if (present !== undefined) forget(memory, present);
	const known: KnownExchange = {
		exchange,
		tokens: exchangeTokens(exchange),
		twins: twinsOf(exchange),
		serial: ++memory.serial,
		call: memory.call,
		suspected: 0,
		taken: new Map(),
	};
	for (const token of known.tokens) memory.frequency.set(token, (memory.frequency.get(token) ?? 0) + 1);
	memory.exchanges.set(exchange.seq, known);
	for (const oldest of memory.exchanges.values()) {
		if (memory.exchanges.size <= maxExchanges || oldest.call === memory.call) break;
		forget(memory, oldest);
	}
	return known;
}

/** Long ones have no twins: that costs evidence, never truth. */
function twinsOf({ seq, route, request, response }: Exchange): string {
	if (request.body.length + response.body.length > 4_096) return String(seq);
	return [route, request.method, request.target, request.body, response.status, response.body].join(" ");
}

function forget(memory: AttributionMemory, known: KnownExchange): void {
	memory.exchanges.delete(known.exchange.seq);
	for (const token of known.tokens) {
		const count = (memory.frequency.get(token) ?? 1) - 1;
		if (count === 0) memory.frequency.delete(token);
		else memory.frequency.set(token, count);
	}
}

export function knowCommit(memory: AttributionMemory, commit: Commit): KnownCommit {
	const present = memory.commits.get(commit.index);
	if (present !== undefined && present.commit.at === commit.at) return present;
	const values = commitValues(commit);
	const most = Math.max(12, memory.exchanges.size / 4);
	const telling = values.tokens.flatMap((token, number) => ((memory.frequency.get(token) ?? 0) <= most ? number : []));
	const number = memory.numbers.get(values.signature) ?? ++memory.lastNumber;
	setNewest(memory.numbers, values.signature, number, maxSignatures);
	const known: KnownCommit = {
		...values,
		commit,
		number,
		telling,
		linked: [],
		bare: [],
		linkedTo: 0,
		scored: null,
		concluded: null,
		owner: null,
		lesson: null,
	};
	memory.commits.set(commit.index, known);
	return known;
}

export function habitOf(memory: AttributionMemory, route: string, signature: string): Habit | undefined {
	return memory.habits.get(`${route}\n${signature}`);
}

/**
 * Learns the commits that the present call no longer names, each once, from what was last said of them: as long as a
 * commit is named, requests that could own it may still be missing.
 */
export function learnGone(memory: AttributionMemory, present: ReadonlySet<number>): void {
	for (const [index, known] of memory.commits) {
		if (present.has(index)) continue;
		memory.commits.delete(index);
		const { owner } = known;
		if (index <= memory.learnedTo) continue;
		memory.learnedTo = index;
		const isSure = known.lesson !== null && known.lesson !== "idle";
		if (owner !== null && isSure) learnCompanions(memory, routeOf(owner), owner, known.signature, known.commit.at);
		owner?.taken.set(known.signature, known.commit.at);
		if (known.lesson === null) continue;
		const counts = memory.signatures.get(known.signature) ?? { requests: 0, idle: 0 };
		setNewest(memory.signatures, known.signature, counts, maxSignatures);
		if (known.lesson === "idle") {
			counts.idle++;
			memory.idle++;
		} else {
			counts.requests++;
			memory.requests++;
			setNewest(memory.routes, known.lesson.route, (memory.routes.get(known.lesson.route) ?? 0) + 1, maxHabits);
			learnHabit(memory, known, known.lesson);
		}
	}
}

function learnHabit(memory: AttributionMemory, known: KnownCommit, { route, links }: { route: string; links: number[] }): void {
	const habit = habitOf(memory, route, known.signature) ?? { seen: 0, unlinked: 0, places: new Map() };
	setNewest(memory.habits, `${route}\n${known.signature}`, habit, maxHabits);
	habit.seen++;
	if (links.length === 0) habit.unlinked++;
	const linked = new Set(links);
	for (const [token, places] of known.places.entries()) {
		for (const place of places) {
			const counts = habit.places.get(place) ?? { seen: 0, linked: 0 };
			if (!habit.places.has(place) && habit.places.size >= maxPlaces) continue;
			counts.seen++;
			if (linked.has(token)) counts.linked++;
			habit.places.set(place, counts);
		}
	}
}

export function routeOf({ exchange }: KnownExchange): string {
	return exchange.route ?? `${exchange.request.method} -`;
}

function setNewest<T>(map: Map<string, T>, key: string, value: T, most: number): void {
	map.delete(key);
	map.set(key, value);
	if (map.size > most) map.delete(map.keys().next().value as string);
}
