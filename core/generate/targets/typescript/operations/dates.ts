import type { OpName } from "../../../../contract/ops.ts";
import { levels } from "../code.ts";
import { call, helper, operator, type Spelling, type Use, unsupported } from "./spelling.ts";

const readable = /^(?:%[YymdHMSf%]|[^%])*$/;
const writable = /^(?:%[YymdjHMSfBbAa%]|[^%])*$/;

/** `centuryFrom`: the first two-digit year of 19xx. POSIX says 69; a round 50 is what one would write today. */
const parse =
	(name: "parseDate" | "parseTime"): Spelling =>
	(use) => {
		const pattern = patternOf(use, readable);
		if (!/%y/.test(pattern.replaceAll("%%", ""))) return call(use, name, use.doc(0), JSON.stringify(pattern));
		// The date and time form has no drift entry: it is always exact.
		const pivot = name === "parseTime" || use.exact ? "69" : "50";
		return call(use, name, use.doc(0), JSON.stringify(pattern), pivot);
	};

const format =
	(name: "formatDate" | "formatTime"): Spelling =>
	(use) =>
		call(use, name, use.doc(0), JSON.stringify(patternOf(use, writable)));

function patternOf(use: Use, understood: RegExp): string {
	const pattern = use.detail.format ?? "";
	const letters = [...pattern.matchAll(/%(.)/g)].map((match) => match[1]);
	const twice = understood === readable && letters.some((letter, index) => letter !== "%" && letters.indexOf(letter) !== index);
	if (!understood.test(pattern) || twice) return unsupported(use, `the date format "${pattern}"`);
	return pattern;
}

/** From 3.11 on, `fromisoformat` also takes the compact and the week forms. */
const parseIso: Spelling = (use) => {
	const minor = Number(/^3\.(\d+)/.exec(use.scope.service.blueprint.source.dialect)?.[1] ?? 11);
	return helper(minor >= 11 ? "parseIsoForms" : "parseIsoDate")(use);
};

export const dates: Partial<Record<OpName, Spelling>> = {
	"date.new": helper("dateOf"),
	"date.parse": parse("parseDate"),
	"date.of_iso": parseIso,
	"date.iso": helper("isoDate"),
	"date.format": format("formatDate"),
	"date.year": helper("yearOf"),
	"date.month": helper("monthOf"),
	"date.day": helper("dayOf"),
	"date.weekday": helper("weekdayOf"),
	"date.days_between": operator("-", levels.sum),
	"date.add_days": helper("addDays"),
	"date.replace": (use) =>
		use.args.length === 4 ? call(use, "dateOf", use.doc(1), use.doc(2), use.doc(3)) : unsupported(use, "replace() without all three parts"),
	"date.is_leap": helper("isLeapYear"),
	"date.month_days": helper("daysInMonth"),
	"datetime.parse": parse("parseTime"),
	"datetime.format": format("formatTime"),
	"datetime.date": (use) => ({ doc: [use.doc(0, levels.primary), ".day"], level: levels.primary }),
	"datetime.seconds_between": helper("secondsBetween"),
};
