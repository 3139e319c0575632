import type { Span } from "../contract/ir.ts";
import {
	dottedPath,
	type FunctionDecl,
	handlersOf,
	type Names,
	type Program,
	type RequestHandler,
	type SourceExpr,
	visitBody,
	visitSourceExprs,
} from "../graph/index.ts";
import { dictOf, type Kind, STR } from "./types.ts";

/** How a do_METHOD hands a request on: the function that answers it, and what the request is. */
export type Entry = {
	decl: FunctionDecl;
	request: Kind;
	response: { status: number; contentType: string; format: "xml" | "json" | "text" };
	problems: { construct: string; remedy: string; span: Span }[];
	/** Answers that the transport gives without the entry. */
	outside: { kind: string; span: Span; text: string }[];
};

/** Finds the request dict of an http.server program by its structure, and the function that it is handed to. */
export function findEntry(program: Program, names: Names, method: string): Entry | null {
	for (const server of handlersOf(program, names)) {
		if (!server.methods.some((item) => item.http === method)) continue;
		const methods = names.lineage(server.owner).classes.flatMap((decl) => decl.methods);
		for (const decl of methods) {
			const found = handedOn(decl, names);
			if (!found) continue;
			const problems: Entry["problems"] = [];
			const request = requestType(found.dict, problems);
			const response = responseOf(server, methods, problems);
			return { decl: found.to, request, response, problems, outside: transportAnswers(methods, found.to, names) };
		}
	}
	return null;
}

type Dict = Extract<SourceExpr, { kind: "dict" }>;

function handedOn(decl: FunctionDecl, names: Names): { dict: Dict; to: FunctionDecl } | null {
	const dicts = new Map<string, Dict>();
	visitBody(
		decl.body,
		() => {},
		(stmt) => {
			const [target] = stmt.kind === "assign" ? stmt.targets : [];
			if (stmt.kind === "assign" && target?.kind === "name" && stmt.value.kind === "dict" && isRequest(stmt.value))
				dicts.set(target.name, stmt.value);
		},
	);
	let found: { dict: Dict; to: FunctionDecl } | null = null;
	visitBody(decl.body, (expr) => {
		if (found || expr.kind !== "call") return;
		const path = dottedPath(expr.callee);
		const meaning = path ? names.meaningOf(decl.module, path) : null;
		if (meaning?.kind !== "function" || meaning.decl.owner) return;
		for (const arg of expr.args) {
			const dict = arg.kind === "dict" && isRequest(arg) ? arg : arg.kind === "name" ? dicts.get(arg.name) : undefined;
			if (dict && meaning.decl.params.length === 1) found = { dict, to: meaning.decl };
		}
	});
	return found;
}

function isRequest(dict: Dict): boolean {
	const keys = dict.entries.map((entry) => (entry.key?.kind === "string" ? entry.key.value : ""));
	return keys.includes("path") && (keys.includes("params") || keys.includes("method"));
}

function requestType(dict: Dict, problems: Entry["problems"]): Kind {
	const fields: { name: string; type: Kind }[] = [];
	for (const { key, value } of dict.entries) {
		const name = key?.kind === "string" ? key.value : "";
		if (name === "method" || name === "path") fields.push({ name, type: STR });
		else if (name === "params") {
			if (!readsForm(value)) {
				problems.push({
					construct:
						"request parameters that are not dict(parse_qsl(query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True))",
					remedy: "Read the query and the form like that: blanks kept, the last value of a name wins.",
					span: value.span,
				});
			}
			fields.push({ name, type: { ...dictOf(STR, STR), origin: "params" } as Kind });
		} else if (name === "headers") {
			if (!lowersNames(value)) {
				problems.push({
					construct: "request headers whose names are not brought to lower case",
					remedy: "Use {name.lower(): value for name, value in self.headers.items()}.",
					span: value.span,
				});
			}
			fields.push({ name, type: { ...dictOf(STR, STR), origin: "headers" } as Kind });
		} else
			problems.push({ construct: `the request field ${name}`, remedy: "Hand on method, path, params and headers only.", span: value.span });
	}
	return { kind: "record", fields };
}

/** `dict(parse_qsl(query, keep_blank_values=True) + ...)`: later values win, blanks stay. */
function readsForm(value: SourceExpr): boolean {
	if (value.kind !== "call" || value.callee.kind !== "name" || value.callee.name !== "dict") return false;
	let reads = 0;
	let exact = true;
	visitSourceExprs(value, (expr) => {
		const name = expr.kind === "call" ? dottedPath(expr.callee)?.at(-1) : undefined;
		if (name === "parse_qs") exact = false;
		if (expr.kind !== "call" || name !== "parse_qsl") return;
		reads++;
		const keep = expr.keywords.find((keyword) => keyword.name === "keep_blank_values")?.value ?? expr.args[1];
		if (!(keep?.kind === "literal" && keep.value === true)) exact = false;
	});
	return reads > 0 && exact;
}

function lowersNames(value: SourceExpr): boolean {
	return (
		value.kind === "comprehension" &&
		value.form === "dict" &&
		value.key?.kind === "call" &&
		value.key.callee.kind === "attribute" &&
		value.key.callee.name === "lower"
	);
}

function responseOf(server: RequestHandler, methods: FunctionDecl[], problems: Entry["problems"]): Entry["response"] {
	const statuses = new Set<number>();
	const types = new Set<string>();
	for (const decl of methods) {
		visitBody(decl.body, (expr) => {
			if (expr.kind === "string") {
				const status = /HTTP\/1\.[01] (\d{3})/.exec(expr.value)?.[1];
				if (status) statuses.add(Number(status));
				const type = /content-type: *([^\r\n]+)/i.exec(expr.value)?.[1];
				if (type) types.add(type.trim());
			}
			if (expr.kind !== "call" || expr.callee.kind !== "attribute") return;
			const [first, second] = expr.args;
			if (expr.callee.name === "send_response" && first) {
				if (first.kind === "number") statuses.add(Number(first.text));
				else
					problems.push({
						construct: "an HTTP status that is not constant",
						remedy: "Send one status for every answer.",
						span: first.span,
					});
			}
			if (expr.callee.name === "send_header" && first?.kind === "string" && /^content-type$/i.test(first.value)) {
				if (second?.kind === "string") types.add(second.value);
				else
					problems.push({
						construct: "a content type that is not constant",
						remedy: "Send one content type for every answer.",
						span: first.span,
					});
			}
		});
	}
	const span = server.methods[0]?.decl.span ?? { file: server.module.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
	if (statuses.size !== 1)
		problems.push({
			construct: `${statuses.size} HTTP statuses (${[...statuses].join(", ") || "none found"})`,
			remedy: "Send one status for every answer.",
			span,
		});
	if (types.size !== 1)
		problems.push({
			construct: `${types.size} content types (${[...types].join(", ") || "none found"})`,
			remedy: "Send one content type for every answer.",
			span,
		});
	const contentType = [...types][0] ?? "text/plain";
	const format = /xml/i.test(contentType) ? "xml" : /json/i.test(contentType) ? "json" : "text";
	return { status: [...statuses][0] ?? 200, contentType, format };
}

/** Conditions under which a do_METHOD answers before, or instead of, the entry. */
function transportAnswers(methods: FunctionDecl[], to: FunctionDecl, names: Names): Entry["outside"] {
	const found: Entry["outside"] = [];
	for (const decl of methods) {
		visitBody(
			decl.body,
			() => {},
			(stmt) => {
				if (stmt.kind === "if" && stmt.then.some((inner) => inner.kind === "return")) {
					found.push({ kind: "transport", span: stmt.span, text: `${decl.id} may answer by itself` });
				}
				if (stmt.kind !== "try" || stmt.handlers.length === 0) return;
				let calls = false;
				visitBody(stmt.body, (expr) => {
					const path = expr.kind === "call" ? dottedPath(expr.callee) : null;
					const meaning = path ? names.meaningOf(decl.module, path) : null;
					if (meaning?.kind === "function" && meaning.decl === to) calls = true;
				});
				if (calls) found.push({ kind: "transport", span: stmt.span, text: `${decl.id} answers when ${to.id} fails unexpectedly` });
			},
		);
	}
	return found;
}
