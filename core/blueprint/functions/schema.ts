import { z } from "zod";
import { Fault } from "../../base/index.ts";
import type { FExpr, FFunction, FStmt, FTarget, FunctionUnit } from "../../contract/function-ir.ts";

/** The published shape of a `FunctionUnit`, for whoever writes a front end or a back end of their own. */
const span = z
	.strictObject({ file: z.string(), line: z.int(), column: z.int(), endLine: z.int(), endColumn: z.int() })
	.meta({ id: "Span" });
const valueType = z
	.enum(["int", "float", "bool", "str", "bytes", "none", "list", "tuple", "dict", "set", "range", "iterator", "function", "any"])
	.meta({ id: "ValueType" });
const place = z.enum(["local", "captured", "module"]);
const node = { type: valueType, span };
const constant = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("int"), value: z.string().regex(/^-?\d+$/) }),
	z.strictObject({ kind: z.literal("float"), bits: z.string().regex(/^[0-9a-f]{16}$/), text: z.string() }),
	z.strictObject({ kind: z.literal("str"), value: z.string() }),
	z.strictObject({ kind: z.literal("bool"), value: z.boolean() }),
	z.strictObject({ kind: z.literal("none") }),
]);
const local = z.strictObject({ name: z.string(), type: valueType, cell: z.boolean() });

const expr: z.ZodType<FExpr> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("const"), ...node, value: constant }),
			z.strictObject({ kind: z.literal("bytes"), ...node, value: z.string() }),
			z.strictObject({ kind: z.literal("name"), ...node, name: z.string(), scope: place, unbound: z.boolean() }),
			z.strictObject({ kind: z.literal("builtinValue"), ...node, name: z.string() }),
			z.strictObject({ kind: z.literal("libraryValue"), ...node, name: z.string() }),
			z.strictObject({ kind: z.literal("binary"), ...node, op: binaryOp, left: expr, right: expr }),
			z.strictObject({ kind: z.literal("unary"), ...node, op: z.enum(["-", "+", "~"]), of: expr }),
			z.strictObject({ kind: z.literal("not"), ...node, of: expr }),
			z.strictObject({ kind: z.literal("compare"), ...node, first: expr, rest: z.array(z.strictObject({ op: compareOp, right: expr })) }),
			z.strictObject({ kind: z.literal("logic"), ...node, op: z.enum(["and", "or"]), left: expr, right: expr }),
			z.strictObject({ kind: z.literal("choose"), ...node, test: expr, then: expr, otherwise: expr }),
			z.strictObject({
				kind: z.enum(["list", "tuple", "set"]),
				...node,
				items: z.array(z.strictObject({ spread: z.boolean(), value: expr })),
			}),
			z.strictObject({ kind: z.literal("dict"), ...node, entries: z.array(z.strictObject({ key: expr.nullable(), value: expr })) }),
			z.strictObject({ kind: z.literal("template"), ...node, parts: z.array(z.union([z.string(), hole])) }),
			z.strictObject({ kind: z.literal("index"), ...node, of: expr, index: expr }),
			z.strictObject({ kind: z.literal("slice"), ...node, of: expr, ...bounds() }),
			z.strictObject({ kind: z.literal("call"), ...node, callee: expr, args: z.array(arg) }),
			z.strictObject({ kind: z.literal("builtin"), ...node, name: z.string(), args: z.array(arg) }),
			z.strictObject({ kind: z.literal("method"), ...node, of: expr, name: z.string(), args: z.array(arg) }),
			z.strictObject({ kind: z.literal("library"), ...node, name: z.string(), args: z.array(arg) }),
			z.strictObject({ kind: z.literal("attribute"), ...node, of: expr, name: z.string() }),
			z.strictObject({ kind: z.literal("lambda"), ...node, fn }),
			z.strictObject({
				kind: z.literal("comprehension"),
				...node,
				form: z.enum(["list", "set", "dict", "generator"]),
				key: expr.nullable(),
				element: expr,
				clauses: z.array(z.strictObject({ target, iterable: expr, tests: z.array(expr), names: z.array(local) })),
			}),
			z.strictObject({ kind: z.literal("assigned"), ...node, name: z.string(), scope: place, value: expr }),
			z.strictObject({ kind: z.literal("yield"), ...node, value: expr.nullable() }),
			z.strictObject({ kind: z.literal("yieldFrom"), ...node, value: expr }),
		]),
	)
	.meta({ id: "Expression" });

const binaryOp = z.enum(["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"]);
const compareOp = z.enum(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]);
const hole = z.strictObject({ value: expr, conversion: z.string(), spec: expr.nullable() });
const arg = z.strictObject({ form: z.enum(["plain", "keyword", "*", "**"]), name: z.string(), value: expr });
function bounds() {
	return { from: expr.nullable(), to: expr.nullable(), step: expr.nullable() };
}

const target: z.ZodType<FTarget> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("name"), name: z.string(), scope: place }),
			z.strictObject({ kind: z.literal("index"), of: expr, index: expr }),
			z.strictObject({ kind: z.literal("slice"), of: expr, ...bounds() }),
			z.strictObject({ kind: z.literal("attribute"), of: expr, name: z.string() }),
			z.strictObject({ kind: z.literal("unpack"), items: z.array(target), star: z.int().nullable() }),
		]),
	)
	.meta({ id: "Target" });

const fn: z.ZodType<FFunction> = z
	.lazy(() =>
		z.strictObject({
			name: z.string(),
			params: z.array(
				z.strictObject({
					name: z.string(),
					form: z.enum(["positional", "plain", "keyword", "rest", "keywords"]),
					default: expr.nullable(),
				}),
			),
			locals: z.array(local),
			isGenerator: z.boolean(),
			body: z.array(stmt),
			comment: z.string(),
			span,
		}),
	)
	.meta({ id: "Function" });

const stmt: z.ZodType<FStmt> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("assign"), targets: z.array(target), value: expr, span }),
			z.strictObject({ kind: z.literal("augment"), target, op: binaryOp, value: expr, span }),
			z.strictObject({ kind: z.literal("delete"), target, span }),
			z.strictObject({ kind: z.literal("expr"), value: expr, span }),
			z.strictObject({ kind: z.literal("if"), test: expr, then: z.array(stmt), otherwise: z.array(stmt), span }),
			z.strictObject({ kind: z.literal("while"), test: expr, body: z.array(stmt), otherwise: z.array(stmt), span }),
			z.strictObject({ kind: z.literal("forEach"), target, iterable: expr, body: z.array(stmt), otherwise: z.array(stmt), span }),
			z.strictObject({ kind: z.literal("return"), value: expr.nullable(), span }),
			z.strictObject({ kind: z.literal("raise"), value: expr.nullable(), cause: expr.nullable(), span }),
			z.strictObject({ kind: z.literal("assert"), test: expr, message: expr.nullable(), span }),
			z.strictObject({
				kind: z.literal("try"),
				body: z.array(stmt),
				handlers: z.array(z.strictObject({ types: z.array(expr), name: z.string().nullable(), body: z.array(stmt), span })),
				otherwise: z.array(stmt),
				finally: z.array(stmt),
				span,
			}),
			z.strictObject({ kind: z.literal("function"), fn, span }),
			z.strictObject({
				kind: z.literal("class"),
				name: z.string(),
				bases: z.array(expr),
				attributes: z.array(z.strictObject({ name: z.string(), value: expr })),
				methods: z.array(fn),
				span,
			}),
			z.strictObject({ kind: z.enum(["break", "continue"]), span }),
		]),
	)
	.meta({ id: "Statement" });

const unit: z.ZodType<FunctionUnit> = z
	.strictObject({
		version: z.literal(1),
		source: z.strictObject({ language: z.literal("python"), dialect: z.string(), file: z.string(), sha256: z.string() }),
		entry: z.string(),
		body: z.array(stmt),
		unsupported: z.array(z.strictObject({ construct: z.string(), why: z.string(), instead: z.string(), span })),
	})
	.meta({ id: "FunctionUnit" });

/** JSON Schema (draft 2020-12) of a `FunctionUnit`. */
export const functionUnitJsonSchema = (): unknown => z.toJSONSchema(unit);

/** A unit from a file that somebody else may have written. Throws BLUEPRINT_INVALID with the first place that does not fit. */
export function parseFunctionUnit(text: string, file = "the unit"): FunctionUnit {
	let given: unknown;
	try {
		given = JSON.parse(text);
	} catch (error) {
		throw new Fault("BLUEPRINT_INVALID", { file, reason: (error as Error).message });
	}
	const parsed = unit.safeParse(given);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new Fault("BLUEPRINT_INVALID", { file, reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it does not fit"}` });
}
