import type { Attribution, Commit, SqlValue } from "../contract/effects.ts";
import type { Exchange } from "../contract/traffic.ts";

export type AttributionMemory = { routes: Map<string, Map<string, number>> };

export function createAttributionMemory(): AttributionMemory {
	return { routes: new Map() };
}

/** Clocks of two processes of one machine agree better than this. */
const SLACK_MS = 5;

/** Ties commits to requests: by the time window, then by the values that both sides share; one request for one commit. */
export function attribute(commits: Commit[], exchanges: Exchange[], memory: AttributionMemory): Attribution[] {
	const tokens = new Map<number, Set<string>>();
	const tokensOf = (exchange: Exchange) => {
		const present = tokens.get(exchange.seq);
		if (present !== undefined) return present;
		const decode = (body: string) => Buffer.from(body, "base64").toString("utf8");
		const headers = exchange.request.headers.map(([, value]) => value).join(" ");
		const text = `${exchange.request.target} ${headers} ${decode(exchange.request.body)} ${decode(exchange.response.body)}`;
		const made = new Set(text.split(/[^\w.:-]+/).map(canonical));
		tokens.set(exchange.seq, made);
		return made;
	};
	const taken = new Set<number>();
	return commits.map((commit): Attribution => {
		const candidates = exchanges.filter(
			(exchange) => !taken.has(exchange.seq) && exchange.startedAt <= commit.at && commit.since <= exchange.endedAt + SLACK_MS,
		);
		const values = [
			...new Set(
				commit.changes.flatMap((change) =>
					Object.values(change.after ?? change.before ?? {})
						.flatMap((value) => spoken(value).split(/[^\w.:-]+/))
						.map(canonical),
				),
			),
		].filter((value) => value.length >= 3);
		const scored = candidates
			.map((exchange) => ({ exchange, links: values.filter((value) => tokensOf(exchange).has(value)) }))
			.map(({ exchange, links }) => ({ exchange, links, score: links.reduce((sum, link) => sum + link.length, 0) }))
			.filter(({ score }) => score > 0)
			.sort((a, b) => b.score - a.score);
		const [best, second] = scored;
		if (best === undefined) return { kind: "background", commit: commit.index, confidence: 0.5 };
		if (second !== undefined && second.score >= best.score)
			return {
				kind: "ambiguous",
				commit: commit.index,
				candidates: scored.filter((one) => one.score === best.score).map((one) => one.exchange.seq),
			};
		taken.add(best.exchange.seq);
		void memory;
		return { kind: "request", commit: commit.index, seq: best.exchange.seq, confidence: 0.95, links: best.links };
	});
}

/** Numbers are compared by value: `000123` and 123, `250.00` and 250 are the same. */
function canonical(token: string): string {
	return /^-?\d+(\.\d+)?$/.test(token) ? String(Number(token)) : token;
}

function spoken(value: SqlValue): string {
	if (value === null) return "";
	if ("i" in value) return value.i;
	if ("r" in value) return String(value.r);
	return "t" in value ? value.t : "";
}
