import { groupOf } from "../../compare/index.ts";
import type { ComparedProtocol, ComparedSide, ComparisonReport, DifferenceGroup, RouteComparison } from "../../contract/comparison.ts";
import type { Exchange, ShadowAnswer } from "../../contract/traffic.ts";
import { bytesOf, protocolOf, type Side, textOf } from "./compared-sides.ts";
import { type Judgement, sidesOf } from "./judge-pair.ts";

const routesKept = 1_000;
const reasonsKept = 20;
const groupsKept = 200;
const examplesKept = 3;
const differencesShown = 20;
const shownText = 4_096;
const rateSeconds = 10;

type Route = RouteComparison & { seconds: Map<number, number> };

/** The books: each exchange is counted once as seen, and once for what became of it. */
export type Tally = {
	seen(id: string, protocol: ComparedProtocol): void;
	judged(id: string, exchange: Exchange, answer: ShadowAnswer, judgement: Judgement): void;
	/** It will never be compared. */
	uncompared(id: string, reason: string): void;
	stray(): void;
	report(now: number): Omit<ComparisonReport, "copies" | "isRunning" | "gatewayPid" | "taken">;
};

type OnGroup = (group: DifferenceGroup, exchange: Exchange) => void;

/** Goes on from `former`; what waited in that life cannot be compared any more. `onGroup`: with the first mismatch of each. */
export function createTally(now: () => number, former: ComparisonReport | null, onGroup: OnGroup = () => {}): Tally {
	const routes = new Map<string, Route>();
	const groups = new Map<string, DifferenceGroup>();
	for (const route of former?.routes ?? []) {
		const uncompared = { ...route.uncompared };
		if (route.waiting > 0) uncompared["comparison-restarted"] = (uncompared["comparison-restarted"] ?? 0) + route.waiting;
		routes.set(route.id, { ...route, uncompared, waiting: 0, seconds: new Map() });
	}
	for (const group of former?.groups ?? []) groups.set(group.id, group);
	const since = former?.since ?? now();
	let [ungrouped, strayAnswers] = [former?.ungrouped ?? 0, former?.strayAnswers ?? 0];

	/** Beyond what is kept, routes share one line. */
	function routeOf(id: string, protocol: ComparedProtocol): Route {
		const key = routes.has(id) || routes.size < routesKept ? id : "(others)";
		const known = routes.get(key);
		if (known !== undefined) return known;
		const counts = { seen: 0, matched: 0, mismatched: 0, waiting: 0, perSecond: 0 };
		const route: Route = { id: key, protocol, ...counts, failed: {}, uncompared: {}, seconds: new Map() };
		routes.set(key, route);
		return route;
	}

	function isOver(route: Route): void {
		route.waiting--;
		const second = Math.floor(now() / 1_000);
		route.seconds.set(second, (route.seconds.get(second) ?? 0) + 1);
		for (const one of route.seconds.keys()) if (one <= second - rateSeconds) route.seconds.delete(one);
	}

	function group(id: string, exchange: Exchange, answer: ShadowAnswer, judgement: Extract<Judgement, { kind: "mismatch" }>): void {
		const { key, cause, field } = groupOf(id, judgement.verdict);
		const known = groups.get(key);
		if (known === undefined && groups.size >= groupsKept) {
			ungrouped++;
			return;
		}
		const at = now();
		const found = known ?? { id: key, route: id, field, cause, count: 0, firstAt: at, lastAt: at, examples: [] };
		groups.set(key, found);
		if (known === undefined) onGroup(found, exchange);
		found.count++;
		found.lastAt = at;
		if (found.examples.length >= examplesKept) return;
		const { legacy, modern } = sidesOf(exchange, answer);
		found.examples.push({
			at: exchange.startedAt,
			method: exchange.request.method,
			target: cut(exchange.request.target),
			request: showBody(exchange.request),
			legacy: showSide(legacy),
			modern: showSide(modern),
			differences: judgement.verdict.differences.slice(0, differencesShown),
		});
	}

	return {
		seen(id, protocol) {
			const route = routeOf(id, protocol);
			// A route that takes both is called after what compares its messages.
			if (route.protocol === "http") route.protocol = protocol;
			route.seen++;
			route.waiting++;
		},
		judged(id, exchange, answer, judgement) {
			const route = routeOf(id, protocolOf(exchange));
			isOver(route);
			switch (judgement.kind) {
				case "match":
					route.matched++;
					return;
				case "mismatch":
					route.mismatched++;
					group(route.id, exchange, answer, judgement);
					return;
				case "failed":
					countIn(route.failed, judgement.reason);
					return;
				case "uncompared":
					countIn(route.uncompared, judgement.reason);
			}
		},
		uncompared(id, reason) {
			const route = routeOf(id, "http");
			isOver(route);
			countIn(route.uncompared, reason);
		},
		stray() {
			strayAnswers++;
		},
		report(at) {
			const second = Math.floor(at / 1_000);
			const rows = [...routes.values()].map(({ seconds, ...route }) => {
				const recent = [...seconds].filter(([one]) => one > second - rateSeconds && one <= second);
				return {
					...route,
					failed: { ...route.failed },
					uncompared: { ...route.uncompared },
					perSecond: recent.reduce((sum, [, count]) => sum + count, 0) / rateSeconds,
				};
			});
			const sorted = [...groups.values()].sort((a, b) => b.count - a.count).map((one) => ({ ...one, examples: [...one.examples] }));
			return { since, at, routes: rows, groups: sorted, ungrouped, strayAnswers };
		},
	};
}

function countIn(counts: Record<string, number>, reason: string): void {
	const key = reason in counts || Object.keys(counts).length < reasonsKept ? reason : "other reasons";
	counts[key] = (counts[key] ?? 0) + 1;
}

const cut = (text: string): string => (text.length > shownText ? `${text.slice(0, shownText)}…` : text);
const showBody = (side: { body: string }): string => cut(textOf(bytesOf(side)));

function showSide(side: Side): ComparedSide {
	return { status: side.status, headers: side.headers.slice(0, 50).map(([name, value]) => [name, cut(value)]), body: showBody(side) };
}
