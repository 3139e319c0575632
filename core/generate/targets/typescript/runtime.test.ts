import { describe, expect, it } from "vitest";
import { askPython, createRandom, float, int, type Wire } from "../../testing/oracle.ts";
import { splitWords, strip, stripEnd, stripStart } from "./runtime/blanks.ts";
import { addDays, dateOf, daysInMonth, fieldsOf, isLeapYear, isoDate, weekdayOf } from "./runtime/calendar.ts";
import { characterAt, lengthOf, padBoth, padEnd, padStart, positionOf, sliceText, zeroFill } from "./runtime/code-points.ts";
import { formatDate, formatTime } from "./runtime/date-format.ts";
import { parseDate, parseTime } from "./runtime/date-parse.ts";
import { PyError } from "./runtime/errors.ts";
import { greatest, least } from "./runtime/extremes.ts";
import { floatFloorDivide, floatFloorModulo } from "./runtime/float-division.ts";
import { floatText } from "./runtime/float-text.ts";
import { formatFixed, groupThousands, padWithZeros } from "./runtime/format-number.ts";
import { hashHex } from "./runtime/hash.ts";
import { parsePairs } from "./runtime/http-request.ts";
import { parseIsoForms } from "./runtime/iso-forms.ts";
import { itemAt, range } from "./runtime/lists.ts";
import { compareText, sorted } from "./runtime/order.ts";
import { parseDecimal, parseWhole, textModulo } from "./runtime/parse-number.ts";
import { power } from "./runtime/power.ts";
import { roundHalfEven, roundToEven } from "./runtime/round-half-even.ts";
import { squareRoot } from "./runtime/square-root.ts";
import { stripCharacters } from "./runtime/strip-characters.ts";
import { countOf, escapeXml, isDigits, isLetters, isLettersOrDigits, replaceAll } from "./runtime/text.ts";
import { ceil, floor, floorDivide, floorModulo, integerPower, truncate } from "./runtime/whole-numbers.ts";

const random = createRandom(1990);
const below = (limit: number) => Math.floor(random() * limit);
const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

function money(): number {
	const size = pick([1, 10, 1000, 1e5, 1e8]);
	return (
		(random() < 0.3 ? -1 : 1) *
		pick([
			() => Math.round(random() * size * 100) / 100,
			() => random() * size,
			() => (below(size * 8 + 8) / 8) * 0.25,
			() => below(size + 3),
		])()
	);
}
/** Exact ties at up to six decimals: odd multiples of a negative power of two. */
const tie = (): number => ((2 * below(1e5) + 1) * (random() < 0.5 ? -1 : 1)) / 2 ** (1 + below(7));
function bits(): number {
	const view = new DataView(new ArrayBuffer(8));
	view.setUint32(0, below(2 ** 32));
	view.setUint32(4, below(2 ** 32));
	return view.getFloat64(0);
}
const special = [
	0,
	-0,
	0.5,
	-0.5,
	1.5,
	2.5,
	1e15,
	1e16,
	1e17,
	1e-4,
	1e-5,
	9.999999e-5,
	123456789012345680,
	2 ** 52,
	2 ** 53,
	-(2 ** 52) - 0.5,
	5e-324,
	1.7976931348623157e308,
	Infinity,
	-Infinity,
	Number.NaN,
	0.1 + 0.2,
	1.005,
	2.675,
];
const anyFloat = (): number => pick([money, money, tie, tie, bits, () => pick(special), () => random() * 10 ** (below(40) - 20)])();
const smallWhole = (): number => (random() < 0.5 ? -1 : 1) * below(pick([3, 10, 1000, 1e6, 2 ** 31]));
const bigWhole = (): number => (random() < 0.5 ? -1 : 1) * Math.floor(random() * 2 ** 53);
const blanks = ["", " ", "\t\n", "\u00a0", "\u2003", "\u001c", "\u0085", "\ufeff", "\u3000"];
const letters = [
	"a",
	"B",
	"z",
	"é",
	"ß",
	"İ",
	"ς",
	"Σ",
	"ǅ",
	"ﬁ",
	"中",
	"𝟙",
	"😀",
	"٣",
	"²",
	"Ⅷ",
	"½",
	"0",
	"7",
	"9",
	"-",
	"+",
	"_",
	".",
	",",
	"'",
	"&",
	"<",
	">",
	'"',
	" ",
];
const word = (): string => times(below(9), () => pick(random() < 0.2 ? blanks : letters)).join("");
const digits = (count: number): string => times(count, () => pick([..."0123456789"])).join("");
const numberText = (): string =>
	pick([
		() => String(money()),
		() => digits(1 + below(15)),
		() =>
			`${pick(blanks)}${pick(["", "+", "-", "--"])}${digits(1 + below(6))}${pick(["", "_", "__", "."])}${digits(below(4))}${pick(blanks)}`,
		() =>
			pick([
				"",
				"nan",
				"-inf",
				"+Infinity",
				"infinit",
				"1e5",
				"1e",
				".5",
				"5.",
				".",
				"1_0.5_0",
				"1_.5",
				"_1",
				"1_",
				"0x10",
				"12,50",
				"1 2",
				"٣٤",
				"１２.５",
				"²",
				"𝟙𝟚",
				"1e4_0",
				"+-3",
				"1\u0000",
			]),
		() => `${digits(below(3))}.${digits(below(6))}e${pick(["", "-", "+"])}${digits(1 + below(2))}`,
		() => word(),
	])();
const dayNumber = (): number => below(2932896 + 719162 + 1) - 719162;
const two = (value: number): string => String(value).padStart(2, "0");
const dateText = (): string =>
	pick([
		() => two(below(33)) + two(below(14)) + two(below(100)),
		() => `${below(35)}.${below(14)}.${below(11000)}`,
		() => digits(6),
		() => `${digits(4)}-${two(1 + below(13))}-${two(1 + below(32))}`,
		() => ` ${digits(5)}`,
		() => digits(below(8)),
		word,
		() => "٣١0199",
	])();

type Make = () => { args: Wire[]; ours: () => Wire };
const text = (value: string): Wire => value;

const proofs: Record<string, { count: number; make: Make }> = {
	round: {
		count: 40000,
		make: () => on([anyFloat(), below(7)] as const, (x, n) => ({ args: [float(x), int(n)], ours: () => float(roundHalfEven(x, n)) })),
	},
	roundInt: { count: 20000, make: () => on([anyFloat()] as const, (x) => ({ args: [float(x)], ours: () => int(roundToEven(x)) })) },
	fixed: {
		count: 40000,
		make: () => on([anyFloat(), below(7)] as const, (x, n) => ({ args: [float(x), int(n)], ours: () => formatFixed(x, n) })),
	},
	grouped: {
		count: 20000,
		make: () =>
			on([anyFloat(), below(5)] as const, (x, n) => ({ args: [float(x), int(n)], ours: () => groupThousands(formatFixed(x, n)) })),
	},
	zeroPadded: {
		count: 3000,
		make: () =>
			on([money(), 1 + below(20)] as const, (x, w) => ({
				args: [float(x), int(w)],
				ours: () => padWithZeros(groupThousands(formatFixed(x, 2)), w, true),
			})),
	},
	repr: { count: 40000, make: () => on([anyFloat()] as const, (x) => ({ args: [float(x)], ours: () => floatText(x) })) },
	floordiv: {
		count: 20000,
		make: () =>
			on([pick([smallWhole, bigWhole])(), pick([smallWhole, bigWhole])()] as const, (a, b) => ({
				args: [int(a), int(b)],
				ours: () => int(floorDivide(a, b)),
			})),
	},
	mod: {
		count: 20000,
		make: () =>
			on([pick([smallWhole, bigWhole])(), pick([smallWhole, bigWhole])()] as const, (a, b) => ({
				args: [int(a), int(b)],
				ours: () => int(floorModulo(a, b)),
			})),
	},
	"floordiv of floats": {
		count: 20000,
		make: () =>
			on([anyFloat(), pick([anyFloat, () => 0.7, () => 0.1])()] as const, (a, b) => ({
				args: [float(a), float(b)],
				ours: () => float(floatFloorDivide(a, b)),
			})),
	},
	"mod of floats": {
		count: 20000,
		make: () =>
			on([anyFloat(), pick([anyFloat, () => 0.7, () => 0.1])()] as const, (a, b) => ({
				args: [float(a), float(b)],
				ours: () => float(floatFloorModulo(a, b)),
			})),
	},
	truncate: { count: 4000, make: () => on([anyFloat()] as const, (x) => ({ args: [float(x)], ours: () => int(truncate(x)) })) },
	floor: { count: 4000, make: () => on([anyFloat()] as const, (x) => ({ args: [float(x)], ours: () => int(floor(x)) })) },
	ceil: { count: 4000, make: () => on([anyFloat()] as const, (x) => ({ args: [float(x)], ours: () => int(ceil(x)) })) },
	power: { count: 20000, make: () => on(powerArgs(), (a, b) => ({ args: [float(a), float(b)], ours: () => float(power(a, b)) })) },
	intPower: {
		count: 2000,
		make: () => on([below(40) - 20, below(12)] as const, (a, b) => ({ args: [int(a), int(b)], ours: () => int(integerPower(a, b)) })),
	},
	sqrt: { count: 4000, make: () => on([anyFloat()] as const, (x) => ({ args: [float(x)], ours: () => float(squareRoot(x)) })) },
	min: {
		count: 4000,
		make: () =>
			on(times(1 + below(4), anyFloat), (...all) => ({ args: [float(0), ...all.map(float)], ours: () => float(least(0, ...all)) })),
	},
	max: {
		count: 4000,
		make: () =>
			on(times(1 + below(4), anyFloat), (...all) => ({ args: [float(-0), ...all.map(float)], ours: () => float(greatest(-0, ...all)) })),
	},
	int: { count: 20000, make: () => on([numberText()] as const, (t) => ({ args: [t], ours: () => int(parseWhole(t)) })) },
	float: { count: 20000, make: () => on([numberText()] as const, (t) => ({ args: [t], ours: () => float(parseDecimal(t)) })) },
	textModulo: {
		count: 8000,
		make: () =>
			on([random() < 0.6 ? digits(1 + below(40)) : numberText(), 2 + below(200)] as const, (t, n) => ({
				args: [t, int(n)],
				ours: () => int(textModulo(t, n)),
			})),
	},
	strip: { count: 4000, make: () => ofText(strip) },
	lstrip: { count: 4000, make: () => ofText(stripStart) },
	rstrip: { count: 4000, make: () => ofText(stripEnd) },
	stripCharacters: {
		count: 3000,
		make: () => on([word(), pick(["a", "0", "😀7", "-+ "])] as const, (t, c) => ({ args: [t, c], ours: () => stripCharacters(t, c) })),
	},
	split: { count: 4000, make: () => on([word()] as const, (t) => ({ args: [t], ours: () => splitWords(t) })) },
	slice: {
		count: 8000,
		make: () =>
			on([word(), below(14) - 7, random() < 0.3 ? null : below(14) - 7] as const, (t, a, b) => ({
				args: [t, int(a), b === null ? null : int(b)],
				ours: () => sliceText(t, a, b ?? undefined),
			})),
	},
	at: { count: 4000, make: () => on([word(), below(14) - 7] as const, (t, i) => ({ args: [t, int(i)], ours: () => characterAt(t, i) })) },
	len: { count: 2000, make: () => on([word()] as const, (t) => ({ args: [t], ours: () => int(lengthOf(t)) })) },
	ljust: { count: 3000, make: () => widths(padEnd) },
	rjust: { count: 3000, make: () => widths((t, n) => padStart(t, n, "*")) },
	center: { count: 3000, make: () => widths(padBoth) },
	zfill: { count: 4000, make: () => widths(zeroFill) },
	find: {
		count: 4000,
		make: () => on([word(), pick([...letters, ""])] as const, (t, s) => ({ args: [t, s], ours: () => int(positionOf(t, s)) })),
	},
	count: {
		count: 3000,
		make: () => on([word() + word(), pick([...letters, "", "aa"])] as const, (t, s) => ({ args: [t, s], ours: () => int(countOf(t, s)) })),
	},
	replace: {
		count: 3000,
		make: () =>
			on([word(), pick([...letters, ""]), pick(["", "$&", "$1x", "-"])] as const, (t, a, b) => ({
				args: [t, a, b],
				ours: () => replaceAll(t, a, b),
			})),
	},
	isDigit: { count: 3000, make: () => ofText(isDigits) },
	isAlpha: { count: 3000, make: () => ofText(isLetters) },
	isAlnum: { count: 3000, make: () => ofText(isLettersOrDigits) },
	upper: { count: 3000, make: () => ofText((t) => t.toUpperCase()) },
	lower: { count: 3000, make: () => ofText((t) => t.toLowerCase()) },
	less: { count: 4000, make: () => on([word(), word()] as const, (a, b) => ({ args: [a, b], ours: () => compareText(a, b) < 0 })) },
	sorted: {
		count: 2000,
		make: () =>
			on([times(below(9), () => [[...word()][0] ?? "", digits(3)]), random() < 0.5] as const, (items, down) => ({
				args: [items, down],
				ours: () => sorted(items, (item) => item[0] ?? "", down),
			})),
	},
	escape: { count: 2000, make: () => ofText(escapeXml) },
	md5: { count: 500, make: () => ofText((t) => hashHex("md5", t)) },
	dateOf: {
		count: 4000,
		make: () =>
			on([below(10100) - 10, below(14), below(33)] as const, (y, m, d) => ({
				args: [int(y), int(m), int(d)],
				ours: () => int(dateOf(y, m, d)),
			})),
	},
	fields: { count: 8000, make: () => on([dayNumber()] as const, (n) => ({ args: [int(n)], ours: () => fieldList(n) })) },
	isoDate: { count: 4000, make: () => on([dayNumber()] as const, (n) => ({ args: [int(n)], ours: () => isoDate(n) })) },
	addDays: {
		count: 4000,
		make: () => on([dayNumber(), smallWhole()] as const, (n, k) => ({ args: [int(n), int(k)], ours: () => int(addDays(n, k)) })),
	},
	isoForms: { count: 8000, make: () => on([isoText()] as const, (t) => ({ args: [t], ours: () => int(parseIsoForms(t)) })) },
	leap: { count: 2000, make: () => on([below(9999) + 1] as const, (y) => ({ args: [int(y)], ours: () => isLeapYear(y) })) },
	monthDays: {
		count: 2000,
		make: () => on([below(9999) + 1, 1 + below(12)] as const, (y, m) => ({ args: [int(y), int(m)], ours: () => int(daysInMonth(y, m)) })),
	},
	parseDate: {
		count: 12000,
		make: () =>
			on([dateText(), pick(["%d%m%y", "%Y-%m-%d", "%d.%m.%Y", "%y%m%d", "%m/%d/%Y", "%d %m %y"])] as const, (t, p) => ({
				args: [t, p],
				ours: () => int(parseDate(t, p)),
			})),
	},
	parseTime: {
		count: 4000,
		make: () =>
			on([`${isoDate(Math.abs(dayNumber()))} ${two(below(26))}:${two(below(62))}:${below(64)}.${digits(1 + below(7))}`] as const, (t) => ({
				args: [t, "%Y-%m-%d %H:%M:%S.%f"],
				ours: () => formatTime(parseTime(t, "%Y-%m-%d %H:%M:%S.%f"), "%Y-%m-%dT%H:%M:%S.%f"),
			})),
	},
	formatDate: {
		count: 4000,
		make: () =>
			on([dayNumber(), pick(["%d/%m/%Y", "%d%m%y", "%A %d %B %Y", "%a %b %j", "%Y-%m-%d %H:%M:%S.%f", "100%% %d"])] as const, (n, p) => ({
				args: [int(n), p],
				ours: () => formatDate(n, p),
			})),
	},
	range: {
		count: 2000,
		make: () =>
			on([below(20) - 10, below(20) - 10, below(7) - 3] as const, (a, b, s) => ({
				args: [int(a), int(b), int(s)],
				ours: () => range(a, b, s).map(int),
			})),
	},
	itemAt: {
		count: 2000,
		make: () =>
			on([times(below(5), word), below(12) - 6] as const, (items, i) => ({ args: [items, int(i)], ours: () => itemAt(items, i) })),
	},
	pairs: {
		count: 6000,
		make: () =>
			on(
				[
					times(below(12), () =>
						pick([
							"a",
							"b=",
							"&",
							"=",
							"+",
							"%41",
							"%c3%a9",
							"%e9",
							"%zz",
							"%",
							"é",
							"%F0%9F%98%80",
							"%80%80",
							"%ef%bb%bf",
							";",
							"1",
							"%26",
							"%e4%b8",
							"#",
						]),
					).join(""),
				] as const,
				(t) => ({ args: [t], ours: () => parsePairs(t) }),
			),
	},
};
const operationOf: Record<string, string> = { "floordiv of floats": "floordiv", "mod of floats": "mod" };

function on<A extends readonly unknown[], R>(args: A, make: (...args: A) => R): R {
	return make(...args);
}
/** A negative base takes whole exponents only: anything else is a complex number in legacy. */
function powerArgs(): [number, number] {
	const [base, exponent] = [pick([anyFloat, () => 1 + random() / 10])(), pick([anyFloat, () => below(400), () => random() * 30])()];
	return [Number.isInteger(exponent) || !Number.isFinite(exponent) ? base : Math.abs(base), exponent];
}
function ofText(run: (text: string) => Wire) {
	return on([word()] as const, (t) => ({ args: [text(t)], ours: () => run(t) }));
}
function widths(run: (text: string, width: number) => string) {
	return on([pick([word, numberText])(), below(16)] as const, (t, n) => ({ args: [t, int(n)], ours: () => run(t, n) }));
}
function fieldList(day: number): Wire {
	const { year, month, day: dayOfMonth } = fieldsOf(day);
	return [int(year), int(month), int(dayOfMonth), int(weekdayOf(day))];
}
function isoText(): string {
	const iso = isoDate(dayNumber());
	return pick([
		() => iso,
		() => iso.replaceAll("-", ""),
		() => `${iso.slice(0, 4)}-W${two(below(56))}`,
		() => `${iso.slice(0, 4)}W${two(below(56))}${below(9)}`,
		() => `${iso.slice(0, 4)}-W${two(below(56))}-${below(9)}`,
		() => iso + pick(["\n", " ", "0"]),
		dateText,
		word,
	])();
}

function outcome(run: () => Wire): Wire {
	try {
		return run();
	} catch (error) {
		if (error instanceof PyError) return { e: error.name === "PyTypeError" ? "TypeError" : error.name };
		// Beyond 2^53 the service fails loudly; that is checked apart.
		if (error instanceof RangeError && error.message.startsWith("whole number out of the exact range")) return { e: "loud" };
		throw error;
	}
}

/** A whole number that the service refuses to hold is one that legacy really has beyond 2^53. */
function isAgreed(ours: Wire, theirs: Wire): boolean {
	if (typeof ours === "object" && ours !== null && "e" in ours && ours.e === "loud") {
		return typeof theirs === "object" && theirs !== null && "i" in theirs && !Number.isSafeInteger(Number(theirs.i));
	}
	return JSON.stringify(ours) === JSON.stringify(theirs);
}

describe("the runtime computes what CPython computes", () => {
	const asked = Object.entries(proofs).map(([name, { count, make }]) => ({ name, cases: times(count, make) }));
	const answers = askPython(
		asked.flatMap(({ name, cases }) => cases.map(({ args }): [string, Wire[]] => [operationOf[name] ?? name, args])),
	);
	let from = 0;
	for (const { name, cases } of asked) {
		const theirs = answers.slice(from, from + cases.length);
		from += cases.length;
		it(`${name}: ${cases.length} random values`, () => {
			expect(theirs).toHaveLength(cases.length);
			const wrong = cases.flatMap(({ args, ours }, index) => {
				const [mine, python] = [outcome(ours), theirs[index] as Wire];
				return isAgreed(mine, python) ? [] : [{ args, mine, python }];
			});
			expect(wrong.slice(0, 5)).toEqual([]);
			expect(wrong).toHaveLength(0);
		});
	}
});
