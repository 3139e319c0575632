export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that at least this share of all does not exceed. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** null where either side was not measured. */
export function ratio(of: number | null | undefined, to: number | null | undefined): number | null {
	if (of === null || of === undefined || !to) return null;
	return Math.round((of / to) * 1_000) / 1_000;
}

export function least(values: readonly (number | null)[]): number | null {
	return values.length === 0 || values.includes(null) ? null : Math.min(...(values as number[]));
}

export function most(values: readonly (number | null)[]): number | null {
	return values.length === 0 || values.includes(null) ? null : Math.max(...(values as number[]));
}
