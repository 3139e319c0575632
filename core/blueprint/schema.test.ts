import { expect, test } from "vitest";
import { Fault } from "../base/index.ts";
import type { Blueprint } from "../contract/blueprint.ts";
import type { Expr, Type } from "../contract/ir.ts";
import { blueprintHash, blueprintJsonSchema, checkIr, parseBlueprint } from "./index.ts";

const span = { file: "a.py", line: 1, column: 1, endLine: 1, endColumn: 9 };
const INT: Type = { kind: "int" };
const STR: Type = { kind: "str" };
const local = (id: string, name: string, type: Type): Expr => ({ kind: "local", id, type, span, name });
const sum = (args: Expr[], op = "int.add", type = INT): Expr => ({ kind: "op", id: "a.f#1", type, span, op, args });

function specimen(value: Expr = sum([local("a.f#2", "x", INT), local("a.f#3", "x", INT)]), returns: Type = INT): Blueprint {
	const blueprint: Blueprint = {
		version: 1,
		hash: "",
		source: { language: "python", dialect: "3.8", root: "/x", files: [{ path: "a.py", sha256: "0".repeat(64) }] },
		unit: "a.f",
		interface: {
			routes: [],
			request: [],
			response: { status: 200, contentType: "text/xml", format: "xml" },
			readOnly: true,
			idempotencyHeader: null,
		},
		rules: [{ id: "R1", kind: "calculation", text: "x + x", span }],
		tables: [],
		statements: [],
		constants: [],
		exceptions: [],
		functions: [{ id: "a.f", params: [{ name: "x", type: INT }], returns, body: [{ kind: "return", value, span }], span, comment: "" }],
		nonDeterminism: [],
		outside: [],
		unsupported: [],
	};
	return { ...blueprint, hash: blueprintHash(blueprint) };
}

const reason = (text: string): string => {
	try {
		parseBlueprint(text);
		return "accepted";
	} catch (error) {
		return error instanceof Fault && error.code === "BLUEPRINT_INVALID" ? (error.data.reason ?? "") : String(error);
	}
};

test("a blueprint survives its own text", () => {
	const blueprint = specimen();
	expect(parseBlueprint(JSON.stringify(blueprint))).toEqual(blueprint);
});

test("the hash does not depend on the order of keys, and changes with any content", () => {
	const blueprint = specimen();
	const turned = Object.fromEntries(Object.entries(blueprint).reverse()) as Blueprint;
	expect(blueprintHash(turned)).toBe(blueprint.hash);
	expect(blueprintHash({ ...blueprint, unit: "a.g" })).not.toBe(blueprint.hash);
});

test("text that is no blueprint is refused with the place of the fault", () => {
	const blueprint = specimen();
	expect(reason("{")).toMatch(/JSON/);
	expect(reason(JSON.stringify({ ...blueprint, extra: 1 }))).toMatch(/the whole/);
	expect(reason(JSON.stringify({ ...blueprint, functions: [{ ...blueprint.functions[0], returns: { kind: "money" } }] }))).toMatch(
		/functions\.0\.returns/,
	);
	expect(reason(JSON.stringify({ ...blueprint, unit: "a.g" }))).toMatch(/hash/);
});

test("a blueprint that breaks the IR's own rules is refused even when its hash agrees", () => {
	expect(reason(JSON.stringify(specimen(local("a.f#1", "y", INT))))).toMatch(/y is not bound/);
});

test("the published JSON Schema names every kind of node and allows no other keys", () => {
	const schema = blueprintJsonSchema() as {
		required: string[];
		additionalProperties: boolean;
		$defs: Record<string, { oneOf?: unknown[] }>;
	};
	expect(schema.required.sort()).toEqual(Object.keys(specimen()).sort());
	expect(schema.additionalProperties).toBe(false);
	const counts = ["Type", "Expr", "Stmt", "Target"].map((name) => schema.$defs[name]?.oneOf?.length);
	expect(counts).toEqual([8, 18, 12, 3]);
});

test("every planted violation of the IR is found", () => {
	const x = () => local("a.f#2", "x", INT);
	const y = () => local("a.f#3", "x", INT);
	const found = (value: Expr, returns: Type = INT) => checkIr(specimen(value, returns)).map((violation) => violation.what);
	expect(found(sum([x(), y()]))).toEqual([]);
	expect(found(sum([x(), y()], "int.plus"))).toEqual(["the operation int.plus is unknown"]);
	expect(found(sum([x()]))).toEqual(["int.add with 1 arguments, not int,int"]);
	expect(found(sum([x(), { ...y(), type: STR }]))).toEqual(["int.add with str as argument 2, not int"]);
	expect(found(sum([x(), y()], "int.add", STR), STR)).toEqual(["int.add gives int, not str"]);
	expect(found(sum([x(), y()]), STR)).toEqual(["int returned as str"]);
	expect(found(sum([x(), x()]))).toEqual([`the expression id "a.f#2" is missing or not unique`]);
	expect(found({ kind: "call", id: "a.f#1", type: INT, span, function: "a.g", args: [] })).toEqual([
		"the function a.g is not in the blueprint",
	]);
	expect(found({ kind: "call", id: "a.f#1", type: INT, span, function: "a.f", args: [{ ...x(), type: STR }] })).toEqual([
		"str given for x: int of a.f",
	]);
	expect(found({ kind: "global", id: "a.f#1", type: INT, span, constant: "a.C" })).toEqual(["the constant a.C is unknown"]);
	expect(found({ ...x(), type: { kind: "any" } })).toEqual(["the type of x could not be found"]);
	expect(found({ kind: "not", id: "a.f#1", type: { kind: "bool" }, span, of: x() }, { kind: "bool" })).toEqual([
		"`not` of other than a test",
	]);
	expect(found({ kind: "template", id: "a.f#1", type: STR, span, parts: ["a", x()] }, STR)).toEqual(["a hole in text that is not text"]);
	expect(
		found(
			{ kind: "op", id: "a.f#1", type: { kind: "float" }, span, op: "float.round", args: [{ ...x(), type: { kind: "float" } }] },
			{ kind: "float" },
		),
	).toEqual(["float.round without digits"]);
});
