import type { Blueprint } from "../../contract/blueprint.ts";
import type { Expr } from "../../contract/ir.ts";
import type { Edit, EditKind } from "./edit.ts";
import { BOOL, constantLike, FLOAT, INT, makerAt, numberOf, STR, shortName, told } from "./nodes.ts";
import { type Scope, signatureOf, typeKey, visitPlaces } from "./scope.ts";

type Put = (kind: EditKind, cost: number, to: Expr, now: string, then: string) => void;
type Op = Extract<Expr, { kind: "op" }>;

/** Every change of one expression that the operators know, cheapest first. Constants that must be computed are in `solve.ts`. */
export function editsOf(blueprint: Blueprint): Edit[] {
	const edits: Edit[] = [];
	visitPlaces(blueprint, (expr, scope) => {
		const put: Put = (kind, cost, to, now, then) =>
			void edits.push({ at: expr.id, holder: scope.holder, kind, cost, to, span: expr.span, now, then });
		if (expr.kind === "op") {
			roundings(expr, put);
			comparisons(expr, put);
			arithmetic(expr, put);
			notations(expr, scope, put);
		}
		if (expr.kind === "const") constants(expr, scope, put);
		values(expr, scope, put);
		conditions(expr, put);
		if (expr.type.kind === "float") roundedHere(expr, put);
		if (expr.type.kind === "str" && ["column", "local", "call", "op"].includes(expr.kind)) texts(expr, put);
	});
	return edits.sort((a, b) => a.cost - b.cost);
}

function roundings(expr: Op, put: Put): void {
	const make = makerAt(expr);
	const hundred = (digits: number): Expr => make.float(10 ** digits);
	const scaled = (x: Expr, digits: number, op: string): Expr =>
		make.op("float.div", FLOAT, [
			make.op("float.of_int", FLOAT, [make.op(op, INT, [make.op("float.mul", FLOAT, [x, hundred(digits)])])]),
			hundred(digits),
		]);
	const [x] = expr.args;
	if (x === undefined) return;
	if (expr.op === "float.round") {
		const digits = expr.detail?.digits ?? 0;
		const now = `rounds to ${digits} decimals`;
		for (const other of [0, 1, 2, 3, 4, 5, 6]) {
			if (other === digits) continue;
			put("rounding scale", 2, make.op("float.round", FLOAT, [x], { digits: other }), now, `rounds to ${other} decimals`);
		}
		put("rounding mode", 2, scaled(x, digits, "int.of_float"), now, `cuts after ${digits} decimals`);
		put("rounding mode", 2, scaled(x, digits, "float.floor"), now, `rounds down at ${digits} decimals`);
		put("rounding mode", 2, scaled(x, digits, "float.ceil"), now, `rounds up at ${digits} decimals`);
		const half = make.op("float.floor", INT, [
			make.op("float.add", FLOAT, [make.op("float.mul", FLOAT, [x, hundred(digits)]), make.float(0.5)]),
		]);
		put("rounding mode", 2, make.op("float.div", FLOAT, [make.op("float.of_int", FLOAT, [half]), hundred(digits)]), now, "rounds half up");
		put("rounding scale", 2, x, now, "does not round");
	}
	const whole = ["int.of_float", "float.round_int", "float.floor", "float.ceil"];
	const phrases = ["cuts to a whole number", "rounds to a whole number", "rounds down", "rounds up"];
	if (whole.includes(expr.op)) {
		for (const [index, op] of whole.entries())
			if (op !== expr.op)
				put("rounding mode", 2, make.op(op, INT, [x]), phrases[whole.indexOf(expr.op)] as string, phrases[index] as string);
	}
	// A cut that is spelled out: int(x * 100) / 100.
	if (expr.op === "float.div" && x.kind === "op" && x.op === "float.of_int") {
		const [inner] = x.args;
		const [product] = inner?.kind === "op" && whole.includes(inner.op) ? inner.args : [];
		const [value, factor] = product?.kind === "op" && product.op === "float.mul" ? product.args : [];
		const digits = factor === undefined ? null : numberOf(factor);
		if (value !== undefined && digits !== null && Number.isInteger(Math.log10(digits))) {
			const to = make.op("float.round", FLOAT, [value], { digits: Math.log10(digits) });
			put("rounding mode", 2, to, `cuts after ${Math.log10(digits)} decimals`, "rounds there");
			put("rounding scale", 2, value, `cuts after ${Math.log10(digits)} decimals`, "does not cut");
		}
	}
}

function texts(expr: Expr, put: Put): void {
	const make = makerAt(expr);
	for (const op of ["str.upper", "str.lower", "str.strip"]) {
		if (expr.kind === "op" && expr.op === op) continue;
		put("notation", 4, make.op(op, STR, [expr]), `writes ${told(expr)} as it is`, `applies ${op.slice(4)}`);
	}
}

/** An intermediate result that is rounded before it is used. */
function roundedHere(expr: Expr, put: Put): void {
	if (!["op", "call", "local", "column"].includes(expr.kind)) return;
	if (expr.kind === "op" && expr.op === "float.round") return;
	const make = makerAt(expr);
	const isPlain = expr.kind !== "op";
	for (const digits of [2, 0, 4, 5])
		put(
			"order of operations",
			isPlain ? 5 : 3,
			make.op("float.round", FLOAT, [expr], { digits }),
			`uses ${told(expr)} as it is`,
			`rounds it to ${digits} decimals first`,
		);
}

const turned: Record<string, [string, number][]> = {
	lt: [
		["le", 1],
		["gt", 4],
		["ge", 4],
	],
	le: [
		["lt", 1],
		["ge", 4],
		["gt", 4],
	],
	gt: [
		["ge", 1],
		["lt", 4],
		["le", 4],
	],
	ge: [
		["gt", 1],
		["le", 4],
		["lt", 4],
	],
	eq: [["ne", 3]],
	ne: [["eq", 3]],
};
const phrase: Record<string, string> = { lt: "below", le: "at most", gt: "above", ge: "at least", eq: "equal to", ne: "not equal to" };

function comparisons(expr: Op, put: Put): void {
	const [type = "", relation = ""] = expr.op.split(".");
	for (const [other, cost] of turned[relation] ?? []) {
		if (phrase[relation] === undefined || (type === "none" && relation !== "is")) continue;
		const to = makerAt(expr).op(`${type}.${other}`, BOOL, expr.args, expr.detail);
		put(cost === 1 ? "comparison boundary" : "condition", cost, to, `tests ${phrase[relation]}`, `tests ${phrase[other]}`);
	}
	if (expr.op === "none.is" || expr.op === "none.is_not") {
		const other = expr.op === "none.is" ? "none.is_not" : "none.is";
		put("condition", 4, makerAt(expr).op(other, BOOL, expr.args), "tests one way", "tests the other way");
	}
}

const swaps: [string, string, EditKind, number][] = [
	["add", "sub", "operation", 3],
	["sub", "add", "operation", 3],
	["mul", "div", "operation", 4],
	["div", "mul", "operation", 4],
	["min", "max", "operation", 2],
	["max", "min", "operation", 2],
];

function arithmetic(expr: Op, put: Put): void {
	const [type = "", name = ""] = expr.op.split(".");
	if (type !== "int" && type !== "float") {
		if (expr.op === "date.days_between" && expr.args[0] && expr.args[1]) {
			const make = makerAt(expr);
			put("day count", 3, make.op("int.add", INT, [expr, make.int(1)]), "counts the days between", "counts the first day too");
			put("day count", 3, make.op("int.sub", INT, [expr, make.int(1)]), "counts the days between", "counts one day less");
			put("day count", 4, make.op(expr.op, INT, [expr.args[1], expr.args[0]]), "counts from the first day", "counts from the second day");
		}
		return;
	}
	const own = expr.type;
	const make = makerAt(expr);
	for (const [from, to, kind, cost] of swaps) {
		if (from !== name || (type === "int" && to === "div") || expr.args.length !== 2) continue;
		put(kind, cost, make.op(`${type}.${to}`, own, expr.args), `computes ${told(expr)}`, `takes ${to} in the place of ${from}`);
	}
	const [a, b] = expr.args;
	if (a === undefined) return;
	if (name === "neg") put("sign", 2, a, "turns the sign", "keeps the sign");
	if (name === "abs") put("sign", 2, a, "drops the sign", "keeps the sign");
	if (["add", "sub", "mul", "div", "round"].includes(name))
		put("sign", 3, make.op(`${type}.neg`, own, [expr]), `uses ${told(expr)}`, "turns its sign");
	if (b === undefined) return;
	if (name === "sub" || name === "div")
		put("order of operations", 4, make.op(expr.op, own, [b, a]), `computes ${told(expr)}`, "swaps them");
	if (["add", "sub", "mul", "div", "min", "max"].includes(name) && expr.args.length === 2) {
		put("operation", 4, a, `computes ${told(expr)}`, `takes ${told(a)} alone`);
		if (name !== "sub" && name !== "div") put("operation", 4, b, `computes ${told(expr)}`, `takes ${told(b)} alone`);
	}
	if (expr.op === "int.floordiv") {
		const up = make.op("int.neg", INT, [make.op("int.floordiv", INT, [make.op("int.neg", INT, [a]), b])]);
		put("rounding mode", 3, up, "rounds the quotient down", "rounds it up");
	}
	// (a * b) / c and a * (b / c) differ in the last binary digits; (a + b) * c and a + b * c in everything.
	const products: [string, string][] = [
		["div", "mul"],
		["mul", "div"],
		["mul", "add"],
		["mul", "sub"],
	];
	for (const [outer, inner] of products) {
		if (name !== outer || a.kind !== "op" || a.op !== `${type}.${inner}` || a.args.length !== 2 || type === "int") continue;
		const [x, y] = a.args as [Expr, Expr];
		const other = make.op(`float.${inner}`, own, [x, make.op(`float.${outer}`, own, [y, b])]);
		put("order of operations", 3, other, `computes ${told(expr)}`, "computes the right part first");
	}
	for (const side of [0, 1] as const) {
		const arg = expr.args[side] as Expr;
		if (arg.kind !== "op" || type === "int" || !["add", "sub"].includes(name) || !["mul", "div"].includes(arg.op.slice(6))) continue;
		const [x, y] = arg.args as [Expr, Expr];
		const inner = side === 0 ? make.op(expr.op, own, [y, b]) : make.op(expr.op, own, [a, x]);
		const to = side === 0 ? make.op(arg.op, own, [x, inner]) : make.op(arg.op, own, [inner, y]);
		put("order of operations", 4, to, `computes ${told(expr)}`, "adds first and multiplies then");
	}
}

function constants(expr: Extract<Expr, { kind: "const" }>, scope: Scope, put: Put): void {
	const value = numberOf(expr);
	if (expr.value.kind === "bool") {
		const other = !expr.value.value;
		put("condition", 5, makerAt(expr).bool(other), `takes ${String(!other)} for granted`, `takes ${String(other)}`);
	}
	if (value === null) return;
	const near = expr.type.kind === "int" ? [value + 1, value - 1, value + 2, value - 2] : [];
	const scaled = [value * 10, value / 10, value * 100, value / 100, value * 1000, value / 1000];
	const days =
		new Map([
			[360, [365]],
			[365, [360]],
			[30, [31]],
			[31, [30]],
			[12, [360, 365]],
		]).get(value) ?? [];
	for (const other of days) one(other, "day count", 1);
	for (const other of near) one(other, "constant", scope.isTested ? 2 : 3);
	if (value !== 0) for (const other of scaled) one(other, "constant", 3);
	if (value !== 0 && expr.type.kind === "float") one(-value, "sign", 3);
	if (scope.isTested && value !== 0)
		for (const factor of [0.5, 0.75, 0.8, 0.9, 1.1, 1.2, 1.25, 1.5, 2]) one(Number((value * factor).toPrecision(12)), "constant", 4);
	function one(other: number, kind: EditKind, cost: number): void {
		const to = constantLike(expr, other);
		if (to !== null) put(kind, cost, to, `uses ${told(expr)}`, `uses ${told(to)}`);
	}
}

function values(expr: Expr, scope: Scope, put: Put): void {
	const make = makerAt(expr);
	if (expr.kind === "local")
		for (const name of scope.named.get(typeKey(expr.type)) ?? [])
			if (name !== expr.name) put("wrong value", 4, make.local(name, expr.type), `uses ${expr.name}`, `uses ${name}`);
	if (expr.kind === "column" && expr.row.type.kind === "row")
		for (const column of expr.row.type.columns)
			if (column.name !== expr.name && typeKey(column.type) === typeKey(expr.type))
				put("wrong value", 4, { ...expr, id: `${expr.id}~1`, name: column.name }, `reads ${expr.name}`, `reads ${column.name}`);
	if (expr.kind === "call") {
		const fn = [...scope.alike.values()].flat().find((each) => each.id === expr.function);
		for (const other of fn === undefined ? [] : (scope.alike.get(signatureOf(fn)) ?? [])) {
			if (other.id === expr.function || other.id === scope.holder) continue;
			const to: Expr = { ...expr, id: `${expr.id}~1`, function: other.id };
			put("operation", 4, to, `calls ${shortName(expr.function)}`, `calls ${shortName(other.id)}`);
		}
		for (const [index, arg] of expr.args.entries())
			if (typeKey(arg.type) === typeKey(expr.type) && arg.kind !== "const")
				put("operation", 4, arg, `calls ${shortName(expr.function)}`, `takes ${told(arg)} (argument ${index + 1}) as it is`);
	}
}

function conditions(expr: Expr, put: Put): void {
	const make = makerAt(expr);
	if (expr.kind === "logic" && expr.type.kind === "bool") {
		const other = expr.op === "and" ? "or" : "and";
		put("condition", 3, { ...expr, id: `${expr.id}~1`, op: other }, `asks for both with ${expr.op}`, `takes ${other}`);
		put("condition", 3, expr.left, "tests two conditions", `tests ${told(expr.left)} alone`);
		put("condition", 3, expr.right, "tests two conditions", `tests ${told(expr.right)} alone`);
	}
	if (expr.kind === "not") put("condition", 3, expr.of, "tests the opposite", "tests it as it is");
	if (expr.type.kind !== "bool" || expr.kind === "const") return;
	put("condition", 5, make.bool(false), `tests ${told(expr)}`, "never takes this branch");
	put("condition", 5, make.bool(true), `tests ${told(expr)}`, "always takes this branch");
}

function notations(expr: Op, scope: Scope, put: Put): void {
	const make = makerAt(expr);
	const [x] = expr.args;
	const format = expr.detail?.format;
	if (format !== undefined)
		for (const other of scope.formats)
			if (other !== format)
				put(
					"notation",
					2,
					make.op(expr.op, expr.type, expr.args, { ...expr.detail, format: other }),
					`writes ${format}`,
					`writes ${other}`,
				);
	if (expr.op === "str.format_float")
		for (const spec of new Set([...scope.specs, ".2f", ".1f", ".0f", ".3f", ".4f", ",.2f"]))
			if (spec !== expr.detail?.spec)
				put("notation", 2, make.op(expr.op, STR, expr.args, { ...expr.detail, spec }), `writes ${expr.detail?.spec}`, `writes ${spec}`);
	const justified = ["str.ljust", "str.rjust"];
	if (justified.includes(expr.op))
		for (const other of justified)
			if (other !== expr.op) put("notation", 3, make.op(other, STR, expr.args, expr.detail), "fills on one side", "fills on the other");
	if (
		x !== undefined &&
		x.type.kind === "str" &&
		expr.type.kind === "str" &&
		/^str\.(upper|lower|strip|ljust|rjust|zfill|slice)$/.test(expr.op)
	)
		put("notation", 3, x, `applies ${expr.op.slice(4)}`, "takes the text as it is");
	if (expr.op === "str.of_int" && x !== undefined)
		put("notation", 5, make.op("str.zfill", STR, [expr, make.int(4)]), "writes the bare number", "fills it with zeros");
}
