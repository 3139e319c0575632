import { type Expr, type IrFunction, type Stmt, visitExprs } from "../../../contract/ir.ts";

/** Least and greatest value that a whole number can have. */
export type Range = { least: number; greatest: number };

const safe = Number.MAX_SAFE_INTEGER;
const anything: Range = { least: -safe, greatest: safe };
/** Lengths of texts and lists. */
const size: Range = { least: 0, greatest: 2 ** 32 };
const known: Record<string, Range> = {
	"int.of_bool": { least: 0, greatest: 1 },
	"str.len": size,
	"list.len": size,
	"dict.len": size,
	"str.count": size,
	"str.find": { least: -1, greatest: size.greatest },
	"str.ord": { least: 0, greatest: 0x10ffff },
	"date.year": { least: 1, greatest: 9999 },
	"date.month": { least: 1, greatest: 12 },
	"date.day": { least: 1, greatest: 31 },
	"date.weekday": { least: 0, greatest: 6 },
	"date.month_days": { least: 28, greatest: 31 },
	"date.days_between": { least: -3652058, greatest: 3652058 },
	"db.row_count": size,
};

/**
 * Interval analysis of whole numbers, so that plain operators stand wherever 2^53 is out of reach.
 * A value is never beyond the safe range to begin with: what could leave it is checked where it is computed.
 */
export function createRanges(
	fn: IrFunction,
	constantOf: (id: string) => Expr | undefined,
	functionOf: (id: string) => IrFunction | undefined,
): (expr: Expr) => Range {
	const assigned = assignments(fn);
	const open = new Set<string>();
	const done = new Map<string, Range>();

	function ofLocal(name: string): Range {
		const sources = assigned.get(name);
		const finished = done.get(name);
		if (finished) return finished;
		if (sources === undefined || sources === "unknown" || open.has(name)) return anything;
		open.add(name);
		const steps = sources.filter((source) => isStep(source, name));
		const starts = sources.filter((source) => !isStep(source, name));
		const start = starts.length === 0 ? anything : starts.map((source) => (isRange(source) ? source : rangeOf(source))).reduce(union);
		open.delete(name);
		// A counter that moves by small steps would need centuries to leave the safe range.
		const reach = steps.length > 0 ? 2 ** 51 : 0;
		const result = { least: start.least - reach, greatest: start.greatest + reach };
		if (open.size === 0) done.set(name, result);
		return result;
	}

	function rangeOf(expr: Expr): Range {
		switch (expr.kind) {
			case "const":
				return expr.value.kind === "int" ? { least: Number(expr.value.value), greatest: Number(expr.value.value) } : anything;
			case "local":
				return expr.type.kind === "int" ? ofLocal(expr.name) : anything;
			case "global": {
				const value = constantOf(expr.constant);
				return value?.kind === "const" ? rangeOf(value) : anything;
			}
			case "call":
				return ofResult(functionOf(expr.function));
			case "choose":
				return union(rangeOf(expr.then), rangeOf(expr.otherwise));
			case "op":
				return ofOperation(expr.op, expr.args);
			default:
				return anything;
		}
	}

	function ofOperation(op: string, args: Expr[]): Range {
		const fixed = known[op];
		if (fixed) return fixed;
		const [a, b] = args;
		if (a === undefined) return anything;
		if (op === "int.neg") return { least: -rangeOf(a).greatest, greatest: -rangeOf(a).least };
		if (b === undefined) return anything;
		const right = rangeOf(b);
		const bound = Math.max(Math.abs(right.least), Math.abs(right.greatest));
		// Whether or not the site is spelled exactly, the remainder is smaller than the divisor.
		if (op === "int.mod" || op === "int.mod_of_text") return { least: -bound, greatest: bound };
		const left = rangeOf(a);
		if (op === "int.add") return clamp({ least: left.least + right.least, greatest: left.greatest + right.greatest });
		if (op === "int.sub") return clamp({ least: left.least - right.greatest, greatest: left.greatest - right.least });
		if (op === "int.min")
			return args.map(rangeOf).reduce((x, y) => ({ least: Math.min(x.least, y.least), greatest: Math.min(x.greatest, y.greatest) }));
		if (op === "int.max")
			return args.map(rangeOf).reduce((x, y) => ({ least: Math.max(x.least, y.least), greatest: Math.max(x.greatest, y.greatest) }));
		if (op === "int.mul") return clamp(hull(products(left, right)));
		if (op === "int.floordiv" && (right.least > 0 || right.greatest < 0)) {
			const least = Math.min(Math.abs(right.least), Math.abs(right.greatest));
			const reach = Math.ceil(Math.max(Math.abs(left.least), Math.abs(left.greatest)) / least);
			return { least: left.least >= 0 && right.least > 0 ? 0 : -reach, greatest: reach };
		}
		return anything;
	}

	return rangeOf;
}

/** Of a function that only returns constants. */
function ofResult(fn: IrFunction | undefined): Range {
	if (fn === undefined || fn.returns.kind !== "int") return anything;
	const results: Range[] = [];
	const visit = (statements: Stmt[]): void => {
		for (const statement of statements) {
			if (statement.kind === "return") {
				const value =
					statement.value?.kind === "const" && statement.value.value.kind === "int" ? Number(statement.value.value.value) : null;
				results.push(value === null ? anything : { least: value, greatest: value });
			}
			for (const block of blocksOf(statement)) visit(block);
		}
	};
	visit(fn.body);
	return results.length === 0 ? anything : results.reduce(union);
}

export function isSafe(range: Range): boolean {
	return range.least >= -safe && range.greatest <= safe;
}

/** Sum, difference or product before the check of its size. */
export function rawRange(op: string, left: Range, right: Range): Range {
	if (op === "int.add") return { least: left.least + right.least, greatest: left.greatest + right.greatest };
	if (op === "int.sub") return { least: left.least - right.greatest, greatest: left.greatest - right.least };
	return hull(products(left, right));
}

function products(a: Range, b: Range): number[] {
	return [a.least * b.least, a.least * b.greatest, a.greatest * b.least, a.greatest * b.greatest];
}

function hull(values: number[]): Range {
	return { least: Math.min(...values), greatest: Math.max(...values) };
}

function clamp(range: Range): Range {
	return { least: Math.max(range.least, -safe), greatest: Math.min(range.greatest, safe) };
}

function union(a: Range, b: Range): Range {
	return { least: Math.min(a.least, b.least), greatest: Math.max(a.greatest, b.greatest) };
}

function isRange(source: Expr | Range): source is Range {
	return "least" in source;
}

/** `name = name + 1` and its like. */
function isStep(source: Expr | Range, name: string): boolean {
	if (isRange(source) || source.kind !== "op" || (source.op !== "int.add" && source.op !== "int.sub")) return false;
	const [a, b] = source.args;
	return a?.kind === "local" && a.name === name && b?.kind === "const" && b.value.kind === "int" && Math.abs(Number(b.value.value)) <= 1000;
}

function assignments(fn: IrFunction): Map<string, (Expr | Range)[] | "unknown"> {
	const found = new Map<string, (Expr | Range)[] | "unknown">(fn.params.map((param) => [param.name, "unknown"]));
	const add = (name: string, source: Expr | Range | "unknown"): void => {
		const before = found.get(name) ?? [];
		found.set(name, source === "unknown" || before === "unknown" ? "unknown" : [...before, source]);
	};
	const names = (value: unknown): void => {
		if (typeof value !== "object" || value === null) return;
		if ("kind" in value && value.kind === "name" && "name" in value) add(String(value.name), "unknown");
		for (const item of Object.values(value)) names(item);
	};
	const visit = (statements: Stmt[]): void => {
		for (const statement of statements) {
			if (statement.kind === "assign" && statement.target.kind === "name") add(statement.target.name, statement.value);
			else if (statement.kind === "assign" || statement.kind === "forEach") names(statement.target);
			if (statement.kind === "forRange") {
				const bounds = [statement.from, statement.to].map((bound) => (bound.kind === "const" || bound.kind === "op" ? bound : anything));
				for (const bound of bounds) add(statement.name, bound);
			}
			for (const block of blocksOf(statement)) visit(block);
		}
	};
	visit(fn.body);
	visitExprs(fn, (expr) => {
		if (expr.kind === "comprehension") for (const clause of expr.clauses) names(clause.target);
		if (expr.kind === "lambda") for (const param of expr.params) add(param, "unknown");
	});
	return found;
}

/** The statement lists directly below a statement. */
export function blocksOf(statement: Stmt): Stmt[][] {
	switch (statement.kind) {
		case "if":
			return [statement.then, statement.otherwise];
		case "while":
		case "forEach":
		case "forRange":
			return [statement.body];
		case "try":
			return [statement.body, ...statement.handlers.map((handler) => handler.body), statement.otherwise, statement.finally];
		default:
			return [];
	}
}
