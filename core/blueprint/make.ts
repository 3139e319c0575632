import { Fault } from "../base/index.ts";
import type { Blueprint, Statement, Table } from "../contract/blueprint.ts";
import type { Graph } from "../contract/graph.ts";
import type { Expr, IrFunction } from "../contract/ir.ts";
import { visitExprs } from "../contract/ir.ts";
import { functionNode, indexGraph, namesOf, type Program, resolveFunction, type SqlParam } from "../graph/index.ts";
import { checkIr } from "./check-ir.ts";
import { columnKind } from "./database.ts";
import { findEntry } from "./entry.ts";
import { finished, finishFunctions } from "./finish.ts";
import { followValues } from "./flow-of-values.ts";
import type { Slice } from "./frame.ts";
import { blueprintHash } from "./hash.ts";
import { requestReads } from "./request.ts";
import { rulesOf } from "./rules.ts";
import { buildSlice, type SliceRoute } from "./slice.ts";
import { plainType } from "./types.ts";

/**
 * The blueprint of one function: everything that its routes' entries reach. `functionName`: dotted id, `function:` id, or a
 * bare name that only one function has. Throws FUNCTION_UNKNOWN and FUNCTION_UNREACHED. What has no exact translation is
 * listed in `unsupported`, each with its place and remedy; it is never thrown and never guessed.
 */
export function makeBlueprint(program: Program, graph: Graph, functionName: string): Blueprint {
	const unit = resolveFunction(graph, functionName);
	const index = indexGraph(graph);
	const reached = index.routes(functionNode(unit));
	if (reached.length === 0) throw new Fault("FUNCTION_UNREACHED", { name: unit });
	const names = namesOf(program);
	const unsupported: Blueprint["unsupported"] = [];
	const routes: SliceRoute[] = [];
	for (const route of reached) {
		const entry = findEntry(program, names, route.method);
		if (entry) {
			routes.push({ ...route, entry });
			for (const problem of entry.problems) unsupported.push({ function: route.handler, ...problem });
			continue;
		}
		const span = names.function(route.handler)?.span ?? { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };
		const construct = `the way a ${route.method} request reaches ${route.handler}`;
		unsupported.push({
			function: route.handler,
			construct,
			remedy: "Let do_METHOD build one dict with method, path, params and headers and hand it to one function.",
			span,
		});
	}
	const closures = new Map<string, Set<string>>();
	const closureOf = (id: string) => {
		const known = closures.get(id);
		if (known) return known;
		const made = new Set([...index.closure(functionNode(id))].map((node) => node.slice("function:".length)));
		closures.set(id, made);
		return made;
	};
	const { slice, entries } = buildSlice(program, closureOf, routes);
	unsupported.push(...slice.unsupported);
	const functions = finishFunctions(slice);
	const constants = [...slice.constants].map(([id, constant]) => ({
		id,
		type: plainType(constant.type),
		value: finished(constant.value, id),
		span: constant.span,
	}));
	constants.sort((a, b) => (a.id < b.id ? -1 : 1));
	const statements = statementsOf(slice, functions);
	const exceptions = [...slice.exceptions.values()].map(({ id, base, fields, span }) => ({
		id,
		base,
		fields: fields.map((field) => field.name),
		span,
	}));
	const tables = tablesOf(slice, statements);
	const readOnly = statements.every((statement) => statement.kind === "select");
	const params = (id: string): SqlParam[] => [...slice.statements.values()].find((statement) => statement.id === id)?.parsed.params ?? [];
	const { reads, computed } = requestReads(functions);
	for (const expr of computed) {
		unsupported.push({
			function: expr.id.slice(0, expr.id.lastIndexOf("#")),
			construct: "a request field whose name is computed",
			remedy: "Name the field with a constant.",
			span: expr.span,
		});
	}
	// Where something was refused already, what follows from it would only repeat it.
	const violations = unsupported.length > 0 ? [] : checkIr({ functions, constants, statements, exceptions });
	for (const violation of violations) {
		unsupported.push({
			function: violation.function,
			construct: violation.what,
			remedy: "Write this place with plainer expressions; if it is plain already, this is a fault of Phoenix.",
			span: violation.span,
		});
	}
	const [first] = routes;
	const paths = new Set([
		...functions.map((fn) => fn.span.file),
		...constants.map((constant) => constant.span.file),
		...exceptions.map((exception) => exception.span.file),
	]);
	const blueprint: Blueprint = {
		version: 1,
		hash: "",
		source: {
			language: program.language,
			dialect: "3.8",
			root: program.root.slice(program.root.lastIndexOf("/") + 1),
			files: program.files.filter((file) => paths.has(file.path)).map(({ path, sha256 }) => ({ path, sha256 })),
		},
		unit,
		interface: {
			routes: routes.map((route) => ({
				method: route.method,
				path: route.path,
				handler: route.handler,
				entry: entries.get(route)?.id ?? route.handler,
			})),
			request: reads.map((read) => ({ ...read, type: plainType(read.type) })),
			response: first?.entry.response ?? { status: 200, contentType: "text/plain", format: "text" },
			readOnly,
			idempotencyHeader: readOnly ? null : idempotencyHeader(functions, statements, params, reads),
		},
		rules: rulesOf(functions, new Map(constants.map((constant) => [constant.id, constant.value])), statements, program),
		tables,
		statements,
		constants,
		exceptions,
		functions,
		nonDeterminism: nonDeterminism(functions, params),
		outside: distinct([...slice.outside, ...routes.flatMap((route) => route.entry.outside)]),
		unsupported: distinct(unsupported),
	};
	blueprint.hash = blueprintHash(blueprint);
	return blueprint;
}

/** Only what the final code runs: a statement that was met in a branch that is folded away is left out. */
function statementsOf(slice: Slice, functions: readonly IrFunction[]): Statement[] {
	const used = new Set<string>();
	for (const fn of functions) {
		visitExprs(fn, (expr) => {
			if (expr.kind === "sql") used.add(expr.statement);
		});
	}
	return [...slice.statements.values()]
		.filter((statement) => used.has(statement.id))
		.map(({ id, sql, kind, tables, columns, span }) => ({
			id,
			sql,
			kind,
			tables,
			columns: columns.map((column) => ({ name: column.name, type: plainType(column.type) })),
			span,
		}));
}

function tablesOf(slice: Slice, statements: readonly Statement[]): Table[] {
	const parsed = [...slice.statements.values()]
		.filter((item) => statements.some((statement) => statement.id === item.id))
		.map((item) => item.parsed);
	const names = [...new Set(statements.flatMap((statement) => statement.tables))].sort();
	return names.flatMap((name) => {
		const table = slice.schema.get(name.toLowerCase());
		if (!table) return [];
		const columns = table.columns.map((column) => ({
			name: column.name,
			type: plainType(columnKind({ affinity: column.affinity, nullable: column.nullable })),
			declared: column.declared,
			primaryKey: column.primaryKey,
		}));
		const access = { read: parsed.some((item) => item.reads.includes(name)), write: parsed.some((item) => item.writes.includes(name)) };
		return [{ name, ddl: table.ddl, columns, access }];
	});
}

/**
 * The header H for which the slice both looks up rows of a table by H's value (a SELECT with `column = ?`) and inserts rows
 * with H's value into the same column: a repeat finds what the first request left.
 */
function idempotencyHeader(
	functions: readonly IrFunction[],
	statements: readonly Statement[],
	params: (id: string) => SqlParam[],
	reads: { name: string; in: string }[],
): string | null {
	const inserted = statements.filter((statement) => statement.kind === "insert").flatMap((statement) => params(statement.id));
	for (const read of reads) {
		if (read.in !== "header") continue;
		const isRead = (expr: Expr) => {
			const key = expr.kind === "op" && (expr.op === "dict.get" || expr.op === "dict.at") ? expr.args[1] : undefined;
			return key?.kind === "const" && key.value.kind === "str" && key.value.value === read.name;
		};
		const sinks = followValues(functions, params, isRead);
		for (const place of sinks.compared) {
			if (sinks.written.has(place) && inserted.some((param) => param.table !== null && `${param.table}.${param.column}` === place))
				return read.name;
		}
	}
	return null;
}

function nonDeterminism(functions: readonly IrFunction[], params: (id: string) => SqlParam[]): Blueprint["nonDeterminism"] {
	const found: Blueprint["nonDeterminism"] = [];
	const clocks = new Set(["date.today", "datetime.now", "clock.time"]);
	for (const fn of functions) {
		visitExprs(fn, (source) => {
			if (source.kind !== "op") return;
			const kind = clocks.has(source.op) ? "clock" : source.op === "random.token_hex" ? "random" : null;
			if (!kind) return;
			// A number that was computed from a date is compared as a number.
			const stops = (expr: Expr) => kind === "clock" && expr.type.kind === "int";
			const sinks = followValues(functions, params, (expr) => expr.id === source.id, stops);
			const fields = [...[...sinks.fields].map((field) => `answer/${field}`), ...sinks.written].sort();
			found.push({ kind, expr: source.id, span: source.span, fields });
		});
	}
	return found;
}

function distinct<T>(items: readonly T[]): T[] {
	const seen = new Set<string>();
	return items.filter((item) => {
		const key = JSON.stringify(item);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}
