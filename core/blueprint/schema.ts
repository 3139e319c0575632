import { z } from "zod";
import { Fault } from "../base/index.ts";
import type { Blueprint } from "../contract/blueprint.ts";
import type { Expr, Stmt, Target, Type } from "../contract/ir.ts";
import { checkIr } from "./check-ir.ts";
import { blueprintHash } from "./hash.ts";

const span = z
	.strictObject({
		file: z.string(),
		line: z.number().int(),
		column: z.number().int(),
		endLine: z.number().int(),
		endColumn: z.number().int(),
	})
	.meta({ id: "Span" });

const type: z.ZodType<Type> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.enum(["int", "float", "bool", "str", "bytes", "none", "date", "datetime", "connection", "any"]) }),
			z.strictObject({ kind: z.literal("optional"), of: type }),
			z.strictObject({ kind: z.literal("list"), of: type }),
			z.strictObject({ kind: z.literal("tuple"), items: z.array(type) }),
			z.strictObject({ kind: z.literal("dict"), key: type, value: type }),
			z.strictObject({ kind: z.literal("record"), fields: z.array(named) }),
			z.strictObject({ kind: z.literal("row"), columns: z.array(named) }),
			z.strictObject({ kind: z.literal("exception"), id: z.string() }),
		]),
	)
	.meta({ id: "Type" });
const named = z.strictObject({ name: z.string(), type });

const constant = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("int"), value: z.string().regex(/^-?\d+$/) }),
	z.strictObject({ kind: z.literal("float"), bits: z.string().regex(/^[0-9a-f]{16}$/), text: z.string() }),
	z.strictObject({ kind: z.literal("str"), value: z.string() }),
	z.strictObject({ kind: z.literal("bool"), value: z.boolean() }),
	z.strictObject({ kind: z.literal("none") }),
]);
const detail = z.strictObject({
	digits: z.number().int().optional(),
	format: z.string().optional(),
	spec: z.string().optional(),
	chars: z.string().optional(),
});

const node = { id: z.string().min(1), type, span };
const expr: z.ZodType<Expr> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("const"), ...node, value: constant }),
			z.strictObject({ kind: z.literal("local"), ...node, name: z.string() }),
			z.strictObject({ kind: z.literal("global"), ...node, constant: z.string() }),
			z.strictObject({ kind: z.literal("call"), ...node, function: z.string(), args: exprs }),
			z.strictObject({ kind: z.literal("op"), ...node, op: z.string(), args: exprs, detail: detail.optional() }),
			z.strictObject({ kind: z.literal("logic"), ...node, op: z.enum(["and", "or"]), left: expr, right: expr }),
			z.strictObject({ kind: z.literal("not"), ...node, of: expr }),
			z.strictObject({ kind: z.literal("truth"), ...node, of: expr }),
			z.strictObject({ kind: z.literal("choose"), ...node, test: expr, then: expr, otherwise: expr }),
			z.strictObject({ kind: z.enum(["list", "tuple"]), ...node, items: exprs }),
			z.strictObject({ kind: z.literal("dict"), ...node, entries: z.array(z.strictObject({ key: expr, value: expr })) }),
			z.strictObject({
				kind: z.literal("comprehension"),
				...node,
				form: z.enum(["list", "generator", "dict"]),
				key: expr.optional(),
				element: expr,
				clauses: z.array(z.strictObject({ target, iterable: expr, tests: exprs })),
			}),
			z.strictObject({ kind: z.literal("lambda"), ...node, params: z.array(z.string()), body: expr }),
			z.strictObject({ kind: z.literal("template"), ...node, parts: z.array(z.union([z.string(), expr])) }),
			z.strictObject({
				kind: z.literal("sql"),
				...node,
				statement: z.string(),
				connection: expr,
				params: exprs,
				fetch: z.enum(["one", "all", "none"]),
			}),
			z.strictObject({ kind: z.literal("column"), ...node, row: expr, name: z.string() }),
			z.strictObject({ kind: z.literal("field"), ...node, record: expr, name: z.string() }),
			z.strictObject({ kind: z.literal("exceptionField"), ...node, exception: expr, name: z.string() }),
		]),
	)
	.meta({ id: "Expr" });
const exprs = z.array(expr);

const target: z.ZodType<Target> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("name"), name: z.string(), type }),
			z.strictObject({ kind: z.literal("unpack"), items: z.array(target) }),
			z.strictObject({ kind: z.literal("item"), of: expr, index: expr }),
		]),
	)
	.meta({ id: "Target" });

const stmt: z.ZodType<Stmt> = z
	.lazy(() =>
		z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("assign"), target, value: expr, span }),
			z.strictObject({ kind: z.literal("expr"), value: expr, span }),
			z.strictObject({ kind: z.literal("if"), test: expr, then: body, otherwise: body, span }),
			z.strictObject({ kind: z.literal("while"), test: expr, body, span }),
			z.strictObject({ kind: z.literal("forEach"), target, iterable: expr, body, span }),
			z.strictObject({ kind: z.literal("forRange"), name: z.string(), from: expr, to: expr, step: expr, body, span }),
			z.strictObject({ kind: z.literal("return"), value: expr.nullable(), span }),
			z.strictObject({ kind: z.literal("raise"), exception: z.string(), args: exprs, span }),
			z.strictObject({ kind: z.literal("reraise"), span }),
			z.strictObject({ kind: z.literal("try"), body, handlers: z.array(handler), otherwise: body, finally: body, span }),
			z.strictObject({ kind: z.enum(["break", "continue"]), span }),
			z.strictObject({
				kind: z.literal("transaction"),
				action: z.enum(["begin", "commit", "rollback"]),
				mode: z.enum(["deferred", "immediate", "exclusive"]).optional(),
				connection: expr,
				span,
			}),
		]),
	)
	.meta({ id: "Stmt" });
const body = z.array(stmt);
const handler = z.strictObject({ exceptions: z.array(z.string()), name: z.string().nullable(), body, span });

const shape: z.ZodType<Blueprint> = z
	.strictObject({
		version: z.literal(1),
		hash: z.string().regex(/^[0-9a-f]{64}$/),
		source: z.strictObject({
			language: z.literal("python"),
			dialect: z.string(),
			root: z.string(),
			files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
		}),
		unit: z.string(),
		interface: z.strictObject({
			routes: z.array(z.strictObject({ method: z.string(), path: z.string(), handler: z.string(), entry: z.string() })),
			request: z.array(
				z.strictObject({ name: z.string(), in: z.enum(["query-or-form", "header"]), type, default: z.string().nullable(), span }),
			),
			response: z.strictObject({ status: z.number().int(), contentType: z.string(), format: z.enum(["xml", "json", "text"]) }),
			readOnly: z.boolean(),
			idempotencyHeader: z.string().nullable(),
		}),
		rules: z.array(
			z.strictObject({
				id: z.string(),
				kind: z.enum(["validation", "threshold", "rate", "rounding", "date", "lookup", "calculation"]),
				text: z.string(),
				span,
			}),
		),
		tables: z.array(
			z.strictObject({
				name: z.string(),
				ddl: z.string(),
				columns: z.array(z.strictObject({ name: z.string(), type, declared: z.string(), primaryKey: z.boolean() })),
				access: z.strictObject({ read: z.boolean(), write: z.boolean() }),
			}),
		),
		statements: z.array(
			z.strictObject({
				id: z.string(),
				sql: z.string(),
				kind: z.enum(["select", "insert", "update", "delete"]),
				tables: z.array(z.string()),
				columns: z.array(named),
				span,
			}),
		),
		constants: z.array(z.strictObject({ id: z.string(), type, value: expr, span })),
		exceptions: z.array(z.strictObject({ id: z.string(), fields: z.array(z.string()), base: z.string(), span })),
		functions: z.array(z.strictObject({ id: z.string(), params: z.array(named), returns: type, body, span, comment: z.string() })),
		nonDeterminism: z.array(z.strictObject({ kind: z.enum(["clock", "random"]), expr: z.string(), span, fields: z.array(z.string()) })),
		outside: z.array(z.strictObject({ kind: z.string(), span, text: z.string() })),
		unsupported: z.array(z.strictObject({ function: z.string(), construct: z.string(), remedy: z.string(), span })),
	})
	.meta({ title: "Logic_Blueprint" });

/**
 * A blueprint from text that was not made in this process: shape, hash and the IR's own rules are checked.
 * `file` is only for the message. Throws BLUEPRINT_INVALID.
 */
export function parseBlueprint(text: string, file = "The text"): Blueprint {
	const invalid = (reason: string) => new Fault("BLUEPRINT_INVALID", { file, reason });
	let raw: unknown;
	try {
		raw = JSON.parse(text);
	} catch (error) {
		throw invalid(error instanceof Error ? error.message : "it is not JSON");
	}
	const parsed = shape.safeParse(raw);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw invalid(`${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "wrong shape"}`);
	}
	const blueprint = parsed.data;
	if (blueprint.hash !== blueprintHash(blueprint)) throw invalid("its content does not agree with its hash");
	const [violation] = blueprint.unsupported.length > 0 ? [] : checkIr(blueprint);
	if (violation) throw invalid(`${violation.function}: ${violation.what}`);
	return blueprint;
}

/** The published JSON Schema of Logic_Blueprint.json. */
export function blueprintJsonSchema(): Record<string, unknown> {
	return z.toJSONSchema(shape) as Record<string, unknown>;
}
