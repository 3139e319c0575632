import { createHash } from "node:crypto";
import { isTruncated } from "../capture/body-tap.ts";
import type { Visit } from "../client/visit.ts";

/** Mirrored requests with an idempotency key, of the last minutes: who comes with the same once more is a client's retry. */
export type Retries = {
	/** Whether this one is; if not, it is remembered, unless its answer invites a repeat. To be asked once for each mirrored visit that ends. */
	isRetry(visit: Visit, at: number): boolean;
	/** Digests of requests that another worker has answered. */
	learn(digests: readonly string[], at: number): void;
};

const rememberedMs = 10 * 60_000;
const rememberedMost = 65_536;

/** Answers after which the next try is the one that counts: too early, too many, or in work (RFC 9110; 425: RFC 8470; 429: RFC 6585). */
const passing = new Set([408, 409, 425, 429]);

type RetriesDeps = {
	most?: number;
	/** One is remembered that was not known. */
	onSeen?: ((digest: string) => void) | undefined;
};

export function createRetries({ most = rememberedMost, onSeen }: RetriesDeps = {}): Retries {
	/** By digest, the oldest first: until when. */
	const seen = new Map<string, number>();

	function remember(digest: string, at: number): void {
		seen.delete(digest);
		seen.set(digest, at + rememberedMs);
		if (seen.size > most) seen.delete(seen.keys().next().value as string);
	}

	return {
		learn(digests, at) {
			for (const digest of digests) remember(digest, at);
		},
		isRetry(visit, at) {
			const { key, requestTap } = visit;
			// Of a longer body only a part is there; two that begin alike are not the same.
			if (key === null || !visit.isCaptured || isTruncated(requestTap)) return false;
			const hash = createHash("sha256").update(`${visit.method} ${visit.target}\n${key}\n${visit.route}\n`);
			for (const chunk of requestTap.chunks) hash.update(chunk);
			const digest = hash.digest("base64");
			const until = seen.get(digest);
			const isKnown = until !== undefined && at < until;
			// Who left before the answer was out (status 0) has the next one compared, unless the copy of this one goes out.
			const isSeen = visit.status !== 0 || visit.mirror !== null;
			const isAnswered = visit.isAnswered && isSeen && visit.status < 500 && !passing.has(visit.status);
			if (isKnown || isAnswered) remember(digest, at);
			if (isAnswered && !isKnown) onSeen?.(digest);
			return isKnown;
		},
	};
}

/** Gathers what is told to the other workers, for a moment: a retry comes at the earliest when its client has waited for something. */
export function createSeenNews(tell: (news: { kind: "seen"; digests: string[] }) => void): (digest: string) => void {
	let digests: string[] = [];
	return (digest) => {
		if (digests.length === 0)
			setImmediate(() => {
				tell({ kind: "seen", digests });
				digests = [];
			});
		digests.push(digest);
	};
}
