import { OverflowError, ValueError } from "./errors.ts";

/** A calendar day as the number of days since 1970-01-01: differences and comparisons are plain arithmetic. */
export type EpochDay = number;

const first = -719162; // 0001-01-01
const last = 2932896; // 9999-12-31
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isLeapYear(year: number): boolean {
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
	const length = lengths[month - 1];
	if (length === undefined) throw new ValueError(`bad month number ${month}; must be 1-12`);
	return month === 2 && isLeapYear(year) ? 29 : length;
}

/** The day of a date that exists, years 1 to 9999. */
export function dateOf(year: number, month: number, day: number): EpochDay {
	if (year < 1 || year > 9999) throw new ValueError(`year ${year} is out of range`);
	if (month < 1 || month > 12) throw new ValueError("month must be in 1..12");
	if (day < 1 || day > daysInMonth(year, month)) throw new ValueError("day is out of range for month");
	return dayNumber(year, month, day);
}

export function yearOf(day: EpochDay): number {
	return fieldsOf(day).year;
}

export function monthOf(day: EpochDay): number {
	return fieldsOf(day).month;
}

export function dayOf(day: EpochDay): number {
	return fieldsOf(day).day;
}

/** Monday 0 to Sunday 6. */
export function weekdayOf(day: EpochDay): number {
	return (((day + 3) % 7) + 7) % 7;
}

export function addDays(day: EpochDay, days: number): EpochDay {
	const result = day + days;
	if (result < first || result > last) throw new OverflowError("date value out of range");
	return result;
}

/** YYYY-MM-DD. */
export function isoDate(date: EpochDay): string {
	const { year, month, day } = fieldsOf(date);
	return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

/** The day of a YYYY-MM-DD text. */
export function parseIsoDate(text: string): EpochDay {
	const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
	if (day === undefined || text.length !== 10) throw new ValueError(`Invalid isoformat string: '${text}'`);
	return dateOf(Number(year), Number(month), Number(day));
}

// Years counted from March, in eras of 400: howardhinnant.github.io/date_algorithms.html (days_from_civil, civil_from_days).
export function dayNumber(year: number, month: number, day: number): EpochDay {
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const yearOfEra = y - era * 400;
	const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
	const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
	return era * 146097 + dayOfEra - 719468;
}

export function fieldsOf(date: EpochDay): { year: number; month: number; day: number } {
	const shifted = date + 719468;
	const era = Math.floor(shifted / 146097);
	const dayOfEra = shifted - era * 146097;
	const yearOfEra = Math.floor(
		(dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
	);
	const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
	const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
	const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
	return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function padded(value: number, width: number): string {
	return String(value).padStart(width, "0");
}
