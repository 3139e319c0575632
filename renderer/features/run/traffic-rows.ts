import type { TrafficPoint } from "../../../core/contract/api.ts";
import { against } from "../../../core/contract/outcome.ts";
import type { ChartData } from "../../adapters/uplot.ts";

/** The charts of a run in columns of numbers. A second without an answer of one side has no latency: a gap, not a zero. */
export function trafficRows(points: readonly TrafficPoint[]) {
	const at = points.map((point) => point.at / 1000);
	const rows = (...picks: ((point: TrafficPoint) => number | null)[]): ChartData => [at, ...picks.map((pick) => points.map(pick))];
	const legacy = (value: number, point: TrafficPoint) => (point.legacyRps === 0 ? null : value);
	const modern = (value: number, point: TrafficPoint) => (point.modernRps === 0 && point.compared === 0 ? null : value);
	return {
		at,
		rate: rows(
			(point) => point.legacyRps,
			(point) => point.modernRps,
		),
		latency: rows(
			(point) => legacy(point.legacyP95, point),
			(point) => modern(point.modernP95, point),
			(point) => legacy(point.legacyP50, point),
			(point) => modern(point.modernP50, point),
		),
		errors: rows((point) => point.clientErrors),
		verdicts: rows(
			cleanOf,
			(point) => point.mismatched,
			(point) => point.failed + point.skewed,
		),
	};
}

export const cleanOf = (point: TrafficPoint): number => point.compared - against(point);
