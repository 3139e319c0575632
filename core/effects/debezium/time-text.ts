const perSecond = { Milli: 1_000n, Micro: 1_000_000n, Nano: 1_000_000_000n } as const;
export type Unit = keyof typeof perSecond;

const day = 86_400n;
/** 0001-01-01 and 10000-01-01, in seconds from 1970. Outside of them years are not written alike. */
const [firstSecond, endSecond] = [-62_135_596_800n, 253_402_300_800n];

/** `2026-02-28 23:59:59.5`, as PostgreSQL writes a timestamp; null outside of the years 1 to 9999. */
export function timestampText(count: bigint, unit: Unit): string | null {
	const seconds = floorDivide(count, perSecond[unit]);
	if (seconds < firstSecond || seconds >= endSecond) return null;
	const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ");
	return whole + fraction(count - seconds * perSecond[unit], unit);
}

/** Days from 1970 as `2026-02-28`; null outside of the years 1 to 9999. */
export function dateText(days: bigint): string | null {
	return timestampText(days * day * 1000n, "Milli")?.slice(0, 10) ?? null;
}

/** `12:34:56.000007` of the time since midnight; null for what is no time of a day. */
export function timeText(count: bigint, unit: Unit): string | null {
	if (count < 0n || count > day * perSecond[unit]) return null;
	const seconds = count / perSecond[unit];
	const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => part.toString().padStart(2, "0"));
	return parts.join(":") + fraction(count % perSecond[unit], unit);
}

/** `2026-02-28T21:59:59.5Z` or `10:34:56Z` as PostgreSQL writes it in UTC; null for other forms. */
export function zonedText(text: string): string | null {
	const parts = /^(\d{4}-\d\d-\d\dT)?(\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(text);
	if (parts === null) return null;
	const [, date = "", time, digits = ""] = parts;
	return `${date.replace("T", " ")}${time}${digits.replace(/\.?0+$/, "")}+00`;
}

function fraction(count: bigint, unit: Unit): string {
	const digits = count
		.toString()
		.padStart(perSecond[unit].toString().length - 1, "0")
		.replace(/0+$/, "");
	return digits === "" ? "" : `.${digits}`;
}

function floorDivide(a: bigint, b: bigint): bigint {
	return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}
