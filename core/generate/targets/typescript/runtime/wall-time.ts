import type { EpochDay } from "./calendar.ts";
import { dayNumber } from "./calendar.ts";

/** A date and a time of day without zone; `micros` counts microseconds since midnight. */
export type WallTime = { readonly day: EpochDay; readonly micros: number };

/** Negative, zero or positive. */
export function compareTimes(a: WallTime, b: WallTime): number {
	return a.day - b.day || a.micros - b.micros;
}

/** Seconds from `b` to `a`. */
export function secondsBetween(a: WallTime, b: WallTime): number {
	const micros = BigInt(a.day - b.day) * 86_400_000_000n + BigInt(a.micros - b.micros);
	const whole = Number(micros);
	return Number.isSafeInteger(whole) ? whole / 1e6 : Number(`${micros}e-6`);
}

/** Local time of an instant in milliseconds since the epoch, to the microsecond. */
export function localTime(instant: number): WallTime {
	const date = new Date(Math.floor(instant));
	const fraction = Math.min(999, Math.floor((instant - Math.floor(instant)) * 1000));
	const seconds = date.getHours() * 3600 + date.getMinutes() * 60 + date.getSeconds();
	return {
		day: dayNumber(date.getFullYear(), date.getMonth() + 1, date.getDate()),
		micros: (seconds * 1000 + date.getMilliseconds()) * 1000 + fraction,
	};
}
