import { addDays, dateOf, type EpochDay, parseIsoDate, weekdayOf } from "./calendar.ts";
import { ValueError } from "./errors.ts";

/** The day of an ISO 8601 text: YYYY-MM-DD, YYYYMMDD, YYYY-Www, YYYYWww, YYYY-Www-D or YYYYWwwD. */
export function parseIsoForms(text: string): EpochDay {
	const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
	if (compact && text.length === 8) return dateOf(Number(compact[1]), Number(compact[2]), Number(compact[3]));
	const week = /^(\d{4})(?:-W(\d\d)(?:-(\d))?|W(\d\d)(\d)?)$/.exec(text);
	if (!week || text.endsWith("\n")) return parseIsoDate(text);
	const number = Number(week[2] ?? week[4]);
	const day = Number(week[3] ?? week[5] ?? 1);
	const start = firstMonday(Number(week[1]));
	const weeks = Math.round((firstMonday(Number(week[1]) + 1, true) - start) / 7);
	if (number < 1 || number > weeks || day < 1 || day > 7) throw new ValueError(`Invalid isoformat string: '${text}'`);
	return addDays(start, (number - 1) * 7 + day - 1);
}

/** The Monday of the week that holds 4 January. */
function firstMonday(year: number, beyond = false): EpochDay {
	const fourth = beyond && year > 9999 ? dateOf(9999, 12, 31) + 4 : dateOf(year, 1, 4);
	return fourth - weekdayOf(fourth);
}
