/** Milliseconds; each percentile at most 1 % above the true one. */
export type Percentiles = { count: number; mean: number; p50: number; p90: number; p99: number; max: number };

const STEP = Math.log(1.01);

/** Times in buckets that grow by 1 %, so that millions of them take no memory. */
export function createLatencies() {
	const buckets: number[] = [];
	let [count, sum, max] = [0, 0, 0];

	/** The upper end of the bucket, and never more than was seen. */
	function at(share: number): number {
		let left = Math.ceil(count * share);
		for (let bucket = 0; bucket < buckets.length; bucket++) {
			left -= buckets[bucket] ?? 0;
			if (left <= 0) return Math.min(max, (Math.exp((bucket + 1) * STEP) - 1) / 1_000);
		}
		return max;
	}

	return {
		add(ms: number): void {
			const bucket = Math.floor(Math.log(Math.max(0, ms) * 1_000 + 1) / STEP);
			buckets[bucket] = (buckets[bucket] ?? 0) + 1;
			count++;
			sum += ms;
			if (ms > max) max = ms;
		},
		percentiles: (): Percentiles => ({ count, mean: count === 0 ? 0 : sum / count, p50: at(0.5), p90: at(0.9), p99: at(0.99), max }),
	};
}
