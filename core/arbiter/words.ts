/** Three significant digits; an upper bound is rounded up, so that it is never shown better than it is. */
export function percent(share: number): string {
	const value = share * 100;
	if (value === 0) return "0 %";
	const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
	const shown = Math.ceil(value / unit - 1e-9) * unit;
	return `${Number(shown.toPrecision(3))} %`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** 1204 -> "1,204". */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

export const counted = (count: number, one: string, many = `${one}s`): string => `${grouped(count)} ${count === 1 ? one : many}`;
