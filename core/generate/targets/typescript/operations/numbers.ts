import type { OpName } from "../../../../contract/ops.ts";
import { binary, callDoc, levels, primary, within } from "../code.ts";
import { isSafe, type Range, rawRange } from "../ranges.ts";
import { call, chosen, helper, knownNumber, native, operator, type Spelling, type Use, unsupported } from "./spelling.ts";

const product = levels.product;
const sum = levels.sum;

/** A plain operator where the result cannot leave the safe range, else checked. */
function whole(sign: string, level: number): Spelling {
	return (use) => {
		const [a, b] = use.args;
		if (a === undefined || b === undefined) return unsupported(use, `${use.expr.op} without two arguments`);
		const [left, right] = [use.scope.rangeOf(a), use.scope.rangeOf(b)];
		const code = binary(use.code(0), sign, use.code(1), level);
		// 0 times a negative number is -0, which a whole number never is.
		const zeroSigned = use.expr.op === "int.mul" && ((holdsZero(left) && right.least < 0) || (holdsZero(right) && left.least < 0));
		return isSafe(rawRange(use.expr.op, left, right)) && !zeroSigned ? code : call(use, "safeInteger", code.doc);
	};
}

/** `a / b`, with an error for a zero divisor unless the divisor is known. */
const divide: Spelling = (use) => (isKnownNonZero(use) ? binary(use.code(0), "/", use.code(1), product) : helper("divide")(use));

function isKnownNonZero(use: Use): boolean {
	const divisor = knownNumber(use, use.args[1]);
	if (divisor !== undefined) return divisor !== 0;
	const [, arg] = use.args;
	const whole = arg?.kind === "op" && arg.op === "float.of_int" ? arg.args[0] : arg;
	return whole?.type.kind === "int" && !holdsZero(use.scope.rangeOf(whole));
}

function holdsZero({ least, greatest }: Range): boolean {
	return least <= 0 && greatest >= 0;
}

/** The divisor, checked unless known. */
function divisor(use: Use) {
	return isKnownNonZero(use) ? use.code(1) : call(use, "nonZero", use.doc(1));
}

/** JavaScript's extremes agree with legacy unless a later argument may be NaN, or zeros may differ in sign. */
function extreme(name: string, nativeName: string): Spelling {
	return (use) => {
		const calm = use.args.slice(1).every((_, index) => isNonZeroConstant(use, index + 1));
		return calm ? native(nativeName)(use) : helper(name)(use);
	};
}

function isNonZeroConstant(use: Use, index: number): boolean {
	const value = knownNumber(use, use.args[index]);
	return value !== undefined && value !== 0 && !Number.isNaN(value);
}

const roundExact: Spelling = (use) => {
	const digits = digitsOf(use);
	return call(use, "roundHalfEven", use.doc(0), String(digits));
};

const roundIdiom: Spelling = (use) => {
	const digits = digitsOf(use);
	if (digits === 0) return native("Math.round")(use);
	const scale = String(10 ** digits);
	const scaled = binary(use.code(0), "*", primary(scale), product);
	return binary(primary(callDoc("Math.round", [scaled.doc])), "/", primary(scale), product);
};

function digitsOf(use: Use): number {
	const digits = use.detail.digits ?? 0;
	if (digits < 0 || digits > 15) return unsupported(use, `round() to ${digits} digits`);
	return digits;
}

/** -0 would show as a float; a whole number's negation is written so that it cannot arise. */
const negateWhole: Spelling = (use) => {
	const [a] = use.args;
	const range = a && use.scope.rangeOf(a);
	const free = range !== undefined && (range.least > 0 || range.greatest < 0);
	return free ? negate(use) : { doc: ["0 - ", use.doc(0, sum + 1)], level: sum };
};

const negate: Spelling = (use) => {
	const code = use.code(0);
	// `--x` would be another operator.
	return {
		doc: ["-", typeof code.doc === "string" && code.doc.startsWith("-") ? ["(", code.doc, ")"] : within(code, levels.unary)],
		level: levels.unary,
	};
};

const textModuloIdiom: Spelling = (use) => {
	const number = call(use, "requiredNumber", callDoc("Number", [use.doc(0)]), use.doc(0));
	return binary(number, "%", divisor(use), product);
};

const parsed =
	(reader: string, ...more: string[]): Spelling =>
	(use) =>
		call(use, "requiredNumber", callDoc(reader, [use.doc(0), ...more]), use.doc(0));

export const numbers: Partial<Record<OpName, Spelling>> = {
	"int.add": whole("+", sum),
	"int.sub": whole("-", sum),
	"int.mul": whole("*", product),
	"int.pow": helper("integerPower"),
	"int.neg": negateWhole,
	"int.abs": native("Math.abs"),
	"int.floordiv": chosen(helper("floorDivide"), (use) =>
		primary(callDoc("Math.trunc", [binary(use.code(0), "/", divisor(use), product).doc])),
	),
	"int.mod": chosen(helper("floorModulo"), (use) => binary(use.code(0), "%", divisor(use), product)),
	"int.mod_of_text": chosen(helper("textModulo"), textModuloIdiom),
	"int.of_str": chosen(helper("parseWhole"), parsed("Number.parseInt", "10")),
	"int.of_float": helper("truncate"),
	"int.of_bool": native("Number"),
	"int.min": native("Math.min"),
	"int.max": native("Math.max"),
	"float.of_int": (use) => use.code(0),
	"float.of_str": chosen(helper("parseDecimal"), parsed("Number.parseFloat")),
	"float.add": operator("+", sum),
	"float.sub": operator("-", sum),
	"float.mul": operator("*", product),
	"float.div": divide,
	"float.pow": helper("power"),
	"float.neg": negate,
	"float.abs": native("Math.abs"),
	"float.floor": helper("floor"),
	"float.ceil": helper("ceil"),
	"float.sqrt": helper("squareRoot"),
	"float.min": extreme("least", "Math.min"),
	"float.max": extreme("greatest", "Math.max"),
	"float.floordiv": chosen(helper("floatFloorDivide"), (use) =>
		primary(callDoc("Math.floor", [binary(use.code(0), "/", divisor(use), product).doc])),
	),
	"float.mod": chosen(helper("floatFloorModulo"), (use) => binary(use.code(0), "%", divisor(use), product)),
	"float.round": chosen(roundExact, roundIdiom),
	"float.round_int": chosen(helper("roundToEven"), native("Math.round")),
	"float.sum": (use) => primary([within(use.items(0), levels.primary), ".reduce((total, value) => total + value, 0)"]),
	"int.sum": helper("sumOfIntegers"),
};
