/** How often, and how long after a commit of the first signature, the same request made one of the second; per route. */
export type Companions = { seen: number; delays: Float64Array };

/** What is known: `companions` by route, line feed, signature, line feed, later signature; `habits` by route, line feed, signature. */
export type KnownCompanions = { companions: Map<string, Companions>; habits: ReadonlyMap<string, { seen: number }> };

/** A request by what counts here: its time, and the commits that are its own for good (signature and time). */
export type Member = { exchange: { startedAt: number; endedAt: number }; taken: ReadonlyMap<string, number> };

/** Half octaves of a millisecond: the last begins at about a quarter of an hour. */
const buckets = 40;
const most = 8;
const mostOfDelay = 3;
const maxCompanions = 2_000;
const knownAfter = 8;

/** Learns that this request, which made `known.taken` before, made a commit of `signature` at `at` (ms). */
export function learnCompanions(memory: KnownCompanions, route: string, known: Member, signature: string, at: number): void {
	for (const [earlier, before] of known.taken) {
		const [first, second] = before <= at ? [earlier, signature] : [signature, earlier];
		const key = keyOf(route, first, second);
		const pair = memory.companions.get(key) ?? { seen: 0, delays: new Float64Array(buckets) };
		pair.seen++;
		const bucket = bucketOf(Math.abs(at - before));
		pair.delays[bucket] = (pair.delays[bucket] as number) + 1;
		memory.companions.delete(key);
		memory.companions.set(key, pair);
		if (memory.companions.size > maxCompanions) memory.companions.delete(memory.companions.keys().next().value as string);
	}
}

/**
 * How much the other commits of a request speak for (or against) its having made this one too, in bits from -8 to 8 each: by how
 * often its route makes both, and by the delay between them against one that is spread evenly over the rest of the request. 0 while
 * less than eight commits of the other kind are known.
 */
export function companionBits(
	memory: KnownCompanions,
	route: string,
	known: Member,
	others: ReadonlyMap<string, number>,
	signature: string,
	at: number,
): number {
	let bits = 0;
	for (const [other, otherAt] of others) {
		if (other === signature) continue;
		const seen = memory.habits.get(`${route}\n${other}`)?.seen ?? 0;
		if (seen < knownAfter) continue;
		const own = memory.habits.get(`${route}\n${signature}`)?.seen ?? 0;
		const isAfter = otherAt <= at;
		const pair = memory.companions.get(isAfter ? keyOf(route, other, signature) : keyOf(route, signature, other));
		const together = ((pair?.seen ?? 0) + 0.3) / (seen + 0.6);
		// As if the two had nothing to do with each other: what a request of this route does anyway.
		const alone = Math.min(1, (own + 0.3) / (Math.max(own, seen) + 0.6));
		let evidence = Math.log2(together / alone);
		if (pair !== undefined && pair.seen >= knownAfter) {
			const rest = isAfter ? known.exchange.endedAt - otherAt : otherAt - known.exchange.startedAt;
			// A delay alone must never make a commit sure.
			evidence += clip(Math.log2(densityOf(pair, Math.abs(at - otherAt)) * Math.max(1, rest)), mostOfDelay);
		}
		bits += clip(evidence, most);
	}
	return bits;
}

function clip(bits: number, limit: number): number {
	return Math.max(-limit, Math.min(limit, bits));
}

function densityOf({ seen, delays }: Companions, delay: number): number {
	const bucket = bucketOf(delay);
	// A neighbour counts for a part: few delays were seen.
	const near = ((delays[bucket - 1] ?? 0) + (delays[bucket + 1] ?? 0)) / 4;
	return ((delays[bucket] as number) + near + 0.5) / (seen * 1.5 + 0.5 * buckets) / widthOf(bucket);
}

function bucketOf(delay: number): number {
	return Math.min(buckets - 1, Math.floor(2 * Math.log2(delay + 1)));
}

function widthOf(bucket: number): number {
	return 2 ** ((bucket + 1) / 2) - 2 ** (bucket / 2);
}

function keyOf(route: string, first: string, second: string): string {
	return `${route}\n${first}\n${second}`;
}
