/** A moment as a value writes it: an interval, because most notations stop at seconds or days. UTC milliseconds. */
type Reading = { format: string; zone: "utc" | "local" | "stated" | "daily"; from: number; to: number };

const day = 86_400_000;

type Parts = { year: number; month: number; day: number; hour: number; minute: number; second: number; ms: number };

/** Every way in which a value can be read as a moment; dates without a zone are read as local time and as UTC. */
function readMoments(text: string): Reading[] {
	const readings: Reading[] = [];
	const naive = (format: string, span: number, parts: Parts | null): void => {
		if (parts === null || !isReal(parts)) return;
		const { year, month, day: date, hour, minute, second, ms } = parts;
		const utc = Date.UTC(year, month - 1, date, hour, minute, second, ms);
		const local = new Date(year, month - 1, date, hour, minute, second, ms).getTime();
		readings.push({ format, zone: "local", from: local, to: local + span }, { format, zone: "utc", from: utc, to: utc + span });
	};
	const iso = /^(\d{4})-(\d\d)-(\d\d)(?:([ T])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
	if (iso) {
		const [, y, mo, d, separator, h = "0", mi = "0", s, fraction, zone] = iso;
		const parts = partsOf(y, mo, d, h, mi, s ?? "0", fraction);
		const span = separator === undefined ? day : s === undefined ? 60_000 : fraction === undefined ? 1000 : 1;
		const format = `yyyy-mm-dd${separator ? `${separator}hh:mm` : ""}${s ? ":ss" : ""}${fraction ? ".f" : ""}${zone ? "zone" : ""}`;
		if (zone === undefined) naive(format, span, parts);
		else if (isReal(parts)) {
			const at = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second, parts.ms) - offsetOf(zone);
			readings.push({ format, zone: "stated", from: at, to: at + span });
		}
	}
	const european = /^(\d\d)([./-])(\d\d)\2(\d{4})(?: (\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
	if (european) {
		const [, d, separator, mo, y, h, mi, s] = european;
		const span = h === undefined ? day : s === undefined ? 60_000 : 1000;
		const time = `${h ? " hh:mm" : ""}${s ? ":ss" : ""}`;
		naive(`dd${separator}mm${separator}yyyy${time}`, span, partsOf(y, mo, d, h ?? "0", mi ?? "0", s ?? "0"));
		naive(`mm${separator}dd${separator}yyyy${time}`, span, partsOf(y, d, mo, h ?? "0", mi ?? "0", s ?? "0"));
	}
	if (/^\d+$/.test(text)) readDigits(text, naive, readings);
	else if (/^\d{9,10}\.\d+$/.test(text)) {
		const at = Number(text) * 1000;
		// A double of seconds is exact to well under a millisecond; one that ends in .0 may have been cut to seconds.
		readings.push({ format: "epoch seconds with fraction", zone: "stated", from: at, to: at + (/\.0$/.test(text) ? 1000 : 1) });
	}
	const clock = /^(\d\d):(\d\d):(\d\d)$/.exec(text);
	if (clock) timeOfDay("hh:mm:ss", clock[1], clock[2], clock[3], readings);
	return readings;
}

function readDigits(text: string, naive: (format: string, span: number, parts: Parts | null) => void, readings: Reading[]): void {
	const cut = (...widths: number[]): string[] => {
		let at = 0;
		return widths.map((width) => {
			at += width;
			return text.slice(at - width, at);
		});
	};
	switch (text.length) {
		case 6: {
			timeOfDay("hhmmss", ...(cut(2, 2, 2) as [string, string, string]), readings);
			const [a, b, c] = cut(2, 2, 2);
			for (const century of ["19", "20"]) {
				naive("ddmmyy", day, partsOf(`${century}${c}`, b, a));
				naive("yymmdd", day, partsOf(`${century}${a}`, b, c));
			}
			return;
		}
		case 8: {
			const [y, mo, d] = cut(4, 2, 2);
			naive("yyyymmdd", day, partsOf(y, mo, d));
			const [first, second, year] = cut(2, 2, 4);
			naive("ddmmyyyy", day, partsOf(year, second, first));
			naive("mmddyyyy", day, partsOf(year, first, second));
			return;
		}
		case 9:
		case 10:
			readings.push({ format: "epoch seconds", zone: "stated", from: Number(text) * 1000, to: Number(text) * 1000 + 1000 });
			return;
		case 12:
		case 13: {
			readings.push({ format: "epoch milliseconds", zone: "stated", from: Number(text), to: Number(text) + 1 });
			if (text.length === 12) {
				const [yy, mo, d, h, mi, s] = cut(2, 2, 2, 2, 2, 2);
				naive("yymmddhhmmss", 1000, partsOf(`20${yy}`, mo, d, h, mi, s));
			}
			return;
		}
		case 14: {
			const [y, mo, d, h, mi, s] = cut(4, 2, 2, 2, 2, 2);
			naive("yyyymmddhhmmss", 1000, partsOf(y, mo, d, h, mi, s));
			const [date, month, year, hour, minute, second] = cut(2, 2, 4, 2, 2, 2);
			naive("ddmmyyyyhhmmss", 1000, partsOf(year, month, date, hour, minute, second));
			return;
		}
		default:
	}
}

function timeOfDay(format: string, h = "", m = "", s = "", readings: Reading[]): void {
	if (Number(h) > 23 || Number(m) > 59 || Number(s) > 60) return;
	const at = (Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000;
	readings.push({ format, zone: "daily", from: at, to: at + 1000 });
}

function partsOf(y = "", mo = "", d = "", h = "0", mi = "0", s = "0", fraction = ""): Parts {
	const ms = fraction === "" ? 0 : Number(`0.${fraction}`) * 1000;
	return { year: Number(y), month: Number(mo), day: Number(d), hour: Number(h), minute: Number(mi), second: Number(s), ms };
}

function isReal({ year, month, day: date, hour, minute, second }: Parts): boolean {
	const at = new Date(Date.UTC(year, month - 1, date));
	return year >= 100 && at.getUTCMonth() === month - 1 && at.getUTCDate() === date && hour < 24 && minute < 60 && second < 61;
}

function offsetOf(zone: string): number {
	if (zone === "Z") return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
	return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function isWithin(reading: Reading, from: number, to: number): boolean {
	if (reading.zone !== "daily") return reading.from <= to && reading.to > from;
	// A time of day has lost its date and zone: it must hit the window on some day, in local time or in UTC.
	if (to - from >= day) return true;
	return [0, -new Date(from).getTimezoneOffset() * 60_000].some((shift) => {
		const start = (((from + shift) % day) + day) % day;
		const end = start + (to - from);
		return [0, day].some((later) => reading.from + later <= end && reading.to + later > start);
	});
}

export type ClockCheck = { ok: true; format: string } | { ok: false; reason: "no common format" | "outside the window" };

/** Both values must be moments in one notation (and one zone), and both within the window. Milliseconds since the epoch. */
export function checkClock(legacy: string, modern: string, from: number, to: number): ClockCheck {
	const others = readMoments(modern);
	let shared = false;
	for (const reading of readMoments(legacy)) {
		for (const other of others) {
			if (reading.format !== other.format || reading.zone !== other.zone) continue;
			shared = true;
			if (isWithin(reading, from, to) && isWithin(other, from, to)) return { ok: true, format: reading.format };
		}
	}
	return { ok: false, reason: shared ? "outside the window" : "no common format" };
}

/** Days since 1970 of a value that is a date with a four-digit year, else null. */
export function readDay(text: string): { day: number; format: string } | null {
	const dated = readMoments(text).find((reading) => reading.zone !== "daily" && /yyyy/.test(reading.format));
	return dated === undefined ? null : { day: dated.from / day, format: dated.format };
}

/** True when both are dates of one notation that differ by exactly a century. */
export function isCenturyApart(legacy: string, modern: string): boolean {
	const others = readMoments(modern).filter((reading) => reading.zone === "utc");
	return readMoments(legacy).some(
		(reading) =>
			reading.zone === "utc" &&
			/yyyy/.test(reading.format) &&
			others.some(
				(other) =>
					other.format === reading.format && (addYears(reading.from, 100) === other.from || addYears(other.from, 100) === reading.from),
			),
	);
}

function addYears(at: number, years: number): number {
	const date = new Date(at);
	return date.setUTCFullYear(date.getUTCFullYear() + years);
}
