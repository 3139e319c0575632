import { learnNoise } from "../../compare/index.ts";
import type { ComparisonRule } from "../../contract/comparison.ts";
import type { NoisyField, Repeat } from "../../contract/noise.ts";

/** Of one route: what of its answers varies by itself, and the rule that would let pass what a check keeps honest. */
export type RouteNoise = { route: string; repeats: number; fields: NoisyField[]; rule: ComparisonRule };

/** Repeats kept of each route, the first ones, and routes. */
const KEPT = 1_000;
const ROUTES = 200;

/** Gathers what a replica of legacy answered to recorded requests, route by route (`GET /fees`). */
export function createNoiseLearner() {
	const byRoute = new Map<string, Repeat[]>();
	return {
		add(method: string, target: string, repeat: Repeat): void {
			const route = `${method} ${target.replace(/[?#].*$/s, "")}`;
			const repeats = byRoute.get(route) ?? [];
			if (repeats.length >= KEPT || (repeats.length === 0 && byRoute.size >= ROUTES)) return;
			byRoute.set(route, repeats);
			repeats.push(repeat);
		},
		result: (): RouteNoise[] =>
			[...byRoute].flatMap(([route, repeats]) => {
				const fields = learnNoise(repeats);
				return fields.length === 0 ? [] : [{ route, repeats: repeats.length, fields, rule: ruleOf(fields) }];
			}),
	};
}

/** Numbers, and what nobody can explain, are left to people. */
function ruleOf(fields: readonly NoisyField[]): ComparisonRule {
	const of = (kind: NoisyField["kind"]) => fields.filter((one) => one.kind === kind).map(({ field }) => field);
	const [random, clock, order] = [of("random"), of("clock"), of("order")];
	return {
		...(random.length === 0 ? {} : { random }),
		...(clock.length === 0 ? {} : { clock }),
		...(order.length === 0 ? {} : { lists: Object.fromEntries(order.map((field) => [field, "set" as const])) }),
	};
}
