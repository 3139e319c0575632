/** What a line of an access log can tell; every value as it was before the log escaped it. `-` in a log is absent here. */
export type LogFields = Partial<{
	method: string;
	target: string;
	protocol: string;
	host: string;
	scheme: string;
	status: string;
	bytes: string;
	/** As text of its own format: `23/Nov/2026:10:00:00 +0100`, ISO 8601, or seconds with fractions. */
	time: string;
	/** Milliseconds since the epoch, when the log counts them. */
	timeMs: string;
	/** The time is that of the end of the request (nginx), not of its beginning (Apache). */
	isEnd: boolean;
	/** Of the whole request; in seconds with fractions, milliseconds, microseconds or nanoseconds. */
	seconds: string;
	ms: string;
	us: string;
	ns: string;
	body: string;
	headers: [string, string][];
}>;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const common = /^(\d{1,2})\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?: ([+-])(\d\d):?(\d\d))?$/;

/** `from`: milliseconds since the epoch; `step`: how exact that is. null: not understood. */
export function timeOf(fields: LogFields): { from: number; step: number } | null {
	const at = clockOf(fields);
	if (at === null) return null;
	const took = durationOf(fields);
	return fields.isEnd === true ? { ...at, from: at.from - (took ?? 0) } : at;
}

/** Milliseconds; null: not told. */
export function durationOf({ seconds, ms, us, ns }: LogFields): number | null {
	for (const [text, factor] of [
		[seconds, 1_000],
		[ms, 1],
		[us, 1 / 1_000],
		[ns, 1 / 1_000_000],
	] as const) {
		const value = Number(text);
		if (text !== undefined && text !== "" && Number.isFinite(value)) return value * factor;
	}
	return null;
}

function clockOf({ time, timeMs }: LogFields): { from: number; step: number } | null {
	if (timeMs !== undefined && /^\d+(\.\d+)?$/.test(timeMs)) return { from: Number(timeMs), step: 1 };
	if (time === undefined) return null;
	const text = time.replace(/^\[|\]$/g, "");
	if (/^\d{9,10}(\.\d+)?$/.test(text)) return { from: Number(text) * 1_000, step: text.includes(".") ? 1 : 1_000 };
	const parts = common.exec(text);
	if (parts !== null) {
		const [, day, name = "", year, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = parts;
		const month = months.indexOf(name);
		if (month === -1) return null;
		const local = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
		const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60_000 * (sign === "-" ? -1 : 1);
		return { from: local - offset + Number(`0.${fraction ?? 0}`) * 1_000, step: fraction === undefined ? 1_000 : 1 };
	}
	const iso = Date.parse(text);
	return Number.isNaN(iso) ? null : { from: iso, step: /[.,]\d/.test(text) ? 1 : 1_000 };
}
