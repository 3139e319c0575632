import { dayNumber, type EpochDay, fieldsOf, weekdayOf } from "./calendar.ts";
import type { WallTime } from "./wall-time.ts";

const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");

/** A date by a pattern of the C library, such as `%d/%m/%Y`. */
export function formatDate(date: EpochDay, pattern: string): string {
	return formatTime({ day: date, micros: 0 }, pattern);
}

/** A date and time by a pattern of the C library. */
export function formatTime({ day: date, micros }: WallTime, pattern: string): string {
	const { year, month, day } = fieldsOf(date);
	const seconds = Math.floor(micros / 1e6);
	const month0 = months[month - 1] ?? "";
	const weekday = weekdays[weekdayOf(date)] ?? "";
	const fields: Record<string, string> = {
		Y: String(year),
		y: two(year % 100),
		m: two(month),
		d: two(day),
		j: String(date - dayNumber(year, 1, 1) + 1).padStart(3, "0"),
		H: two(Math.floor(seconds / 3600)),
		M: two(Math.floor(seconds / 60) % 60),
		S: two(seconds % 60),
		f: String(micros % 1e6).padStart(6, "0"),
		B: month0,
		b: month0.slice(0, 3),
		A: weekday,
		a: weekday.slice(0, 3),
		"%": "%",
	};
	return pattern.replace(/%([YymdjHMSfBbAa%])/g, (whole, letter: string) => fields[letter] ?? whole);
}

function two(value: number): string {
	return String(value).padStart(2, "0");
}
