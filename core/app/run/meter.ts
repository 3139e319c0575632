import type { TrafficPoint } from "../../contract/api.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Policy, RunEvent } from "../../contract/run.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { latencyTails } from "./latency-tails.ts";

/** What one second saw. */
type Second = {
	at: number;
	legacy: number[];
	modern: number[];
	shadow: number[];
	errors: number;
	compared: number;
	mismatched: number;
	failed: number;
	skewed: number;
};
/** One canary request, or one of legacy's for the same routes. */
type Sample = { at: number; ms: number; failed: boolean };

export type Meter = {
	exchange(exchange: Exchange): void;
	compared(ms: number, outcome: Outcome): void;
	/** Finished seconds, oldest first. */
	points(): TrafficPoint[];
	/**
	 * Since `from`, for these routes: the new service's answers, both sides' p95 in ms (0 without samples), and its answers beyond what
	 * legacy's quantiles allow, and legacy's own errors. Of legacy the answers since `from` count, and the last ones before it where those are few.
	 */
	canary(routes: string[], from: number, allowed: Policy["guards"]): Omit<Extract<RunEvent, { kind: "measured" }>, "kind" | "at">;
	/** Start of the last request that legacy answered; 0: none yet. */
	readonly lastLegacyAt: number;
};

const KEPT_SECONDS = 120;
const KEPT_SAMPLES = 2_000;
/** As many of legacy at least, where there were so many. */
const LEGACY_SAMPLES = 400;

/** Counts and latencies of what the gateway reports, in bounded memory. */
export function createMeter(now: () => number): Meter {
	const seconds: Second[] = [];
	const modern = new Map<string, Sample[]>();
	const legacy = new Map<string, Sample[]>();
	let lastLegacyAt = 0;

	function second(): Second {
		const at = Math.floor(now() / 1_000) * 1_000;
		let last = seconds.at(-1);
		if (last?.at !== at) {
			last = { at, legacy: [], modern: [], shadow: [], errors: 0, compared: 0, mismatched: 0, failed: 0, skewed: 0 };
			seconds.push(last);
			if (seconds.length > KEPT_SECONDS + 1) seconds.shift();
		}
		return last;
	}

	function keep(samples: Map<string, Sample[]>, route: string, sample: Sample): void {
		const list = samples.get(route) ?? [];
		samples.set(route, list);
		list.push(sample);
		if (list.length > KEPT_SAMPLES) list.shift();
	}

	return {
		exchange(exchange) {
			const here = second();
			const ms = exchange.endedAt - exchange.startedAt;
			if (exchange.error !== null && exchange.response.status === 0) here.errors++;
			if (exchange.arm === "modern") here.modern.push(ms);
			else {
				here.legacy.push(ms);
				lastLegacyAt = Math.max(lastLegacyAt, exchange.startedAt);
			}
			// The new service was chosen and could not be asked, because it had failed before.
			const isEjected = exchange.decision === "ejected";
			const failed = isEjected || exchange.arm === "failover" || exchange.response.status === 0 || exchange.response.status >= 500;
			const isModern = isEjected || exchange.arm !== "legacy";
			keep(isModern ? modern : legacy, exchange.route ?? "-", { at: exchange.startedAt, ms, failed });
		},
		compared(ms, outcome) {
			const here = second();
			here.compared++;
			here.shadow.push(ms);
			if (outcome !== "clean" && outcome !== "accepted") here[outcome]++;
		},
		points() {
			const present = Math.floor(now() / 1_000) * 1_000;
			return seconds.filter((entry) => entry.at < present).map(pointOf);
		},
		canary(routes, from, allowed) {
			const sent = routes.flatMap((route) => modern.get(route) ?? []).filter((sample) => sample.at >= from);
			const answered = sent.filter((sample) => !sample.failed).map((sample) => sample.ms);
			const all = routes.flatMap((route) => legacy.get(route) ?? []).sort((a, b) => a.at - b.at);
			const since = all.filter((sample) => sample.at >= from);
			const besides = since.length < LEGACY_SAMPLES ? all.slice(-LEGACY_SAMPLES) : since;
			const beside = besides.map((sample) => sample.ms);
			return {
				requests: sent.length,
				errors: sent.filter((sample) => sample.failed).length,
				legacyRequests: besides.length,
				legacyErrors: besides.filter((sample) => sample.failed).length,
				modernP95: quantile(answered, 0.95),
				legacyP95: quantile(beside, 0.95),
				tails: latencyTails(answered, beside, allowed),
			};
		},
		get lastLegacyAt() {
			return lastLegacyAt;
		},
	};
}

function pointOf(second: Second): TrafficPoint {
	const modern = second.modern.length > 0 ? second.modern : second.shadow;
	return {
		at: second.at,
		legacyRps: second.legacy.length,
		modernRps: second.modern.length,
		clientErrors: second.errors,
		legacyP50: quantile(second.legacy, 0.5),
		legacyP95: quantile(second.legacy, 0.95),
		modernP50: quantile(modern, 0.5),
		modernP95: quantile(modern, 0.95),
		compared: second.compared,
		mismatched: second.mismatched,
		failed: second.failed,
		skewed: second.skewed,
	};
}

/** Nearest rank; 0 for no values. */
export function quantile(values: number[], share: number): number {
	if (values.length === 0) return 0;
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
