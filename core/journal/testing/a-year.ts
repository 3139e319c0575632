/** Measured on a journal of `entries`; times in milliseconds, sizes in bytes. */
export type Costs = {
	entries: number;
	bytes: number;
	appendMs: number;
	verifyMs: number;
	replayMs: number;
	projectMs: number;
};

/**
 * The same for `yearly` entries, each cost taken as proportional to their number: on paper, not measured. The projection's memory and
 * the time of a query do not grow further ([J13]).
 */
export function aYear(costs: Costs, yearly = 100_000_000) {
	const times = yearly / costs.entries;
	return {
		gigabytes: (times * costs.bytes) / 1e9,
		appendMinutes: (times * costs.appendMs) / 60_000,
		openMinutes: (times * costs.verifyMs) / 60_000,
		replayMinutes: (times * costs.replayMs) / 60_000,
		projectMinutes: (times * costs.projectMs) / 60_000,
	};
}
