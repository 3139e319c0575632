import type { FunctionDecl, Meaning, Module, Names, RouteTable, SourceExpr, SourceStmt } from "../graph/index.ts";
import { dottedPath, functionNode, visitBody } from "../graph/index.ts";

export type Call = { to: string; line: number };
export type Unresolved = { text: string; line: number };

/** Methods of the language's own values and of the standard library's objects: never calls into the project. */
const known = new Set(
	(
		"append extend insert pop remove clear update setdefault popitem add discard sort reverse copy count index get items keys values join split rsplit splitlines " +
		"strip lstrip rstrip upper lower title capitalize swapcase replace startswith endswith find rfind zfill ljust rjust center format encode decode isdigit isalpha " +
		"isalnum isspace isupper islower isnumeric partition rpartition translate casefold expandtabs read readline readlines write writelines close flush seek tell " +
		"execute executemany executescript fetchone fetchall fetchmany commit rollback cursor strftime isoformat date time weekday isoweekday toordinal timetuple " +
		"total_seconds hexdigest digest acquire release start run wait set is_set notify notify_all put get_nowait task_done cancel group groups match search sub findall " +
		"fullmatch send recv sendall shutdown serve_forever server_close handle_request log_message end_headers send_header send_response send_error get_all getheader " +
		"add_argument parse_args info debug warning error exception critical setLevel addHandler union intersection difference symmetric_difference issubset issuperset " +
		"random randint choice shuffle sample seed uniform gauss choices randrange hex to_bytes bit_length as_integer_ratio most_common submit result map"
	).split(" "),
);

/**
 * The project functions that a body calls, or hands over by name (a thread's target, a sort key).
 * A value taken from a dict of functions may be any of its functions: each gets an edge.
 */
export function callsOf(
	body: readonly SourceStmt[],
	module: Module,
	decl: FunctionDecl | null,
	names: Names,
	tables: readonly RouteTable[],
): { calls: Call[]; unresolved: Unresolved[] } {
	const hidden = decl ? names.localsOf(decl) : new Set<string>();
	const calls: Call[] = [];
	const unresolved: Unresolved[] = [];
	const callees = new Set<SourceExpr>();
	const aliases = collectAliases(body);
	const inner = new Map<string, FunctionDecl>();
	for (const other of module.functions) if (decl && other.within === decl.id && !other.owner) inner.set(other.name, other);

	const meaningOf = (path: readonly string[]): Meaning | null => {
		const head = path[0] ?? "";
		const nested = inner.get(head);
		if (nested && path.length === 1) return { kind: "function", decl: nested, rest: [] };
		if ((head === "self" || head === "cls") && decl?.owner && path.length === 2) {
			const method = names.method(decl.owner, path[1] ?? "");
			return method ? { kind: "function", decl: method, rest: [] } : null;
		}
		return hidden.has(head) ? null : names.meaningOf(module.name, path);
	};
	const record = (meaning: Meaning, line: number): boolean => {
		if (meaning.kind === "function") {
			if (meaning.rest.length === 0) calls.push({ to: functionNode(meaning.decl.id), line });
			return true;
		}
		if (meaning.kind === "class") {
			const init = meaning.rest.length === 0 ? names.method(meaning.decl.id, "__init__") : undefined;
			if (init) calls.push({ to: functionNode(init.id), line });
			return true;
		}
		return meaning.kind === "external";
	};
	/** The dict of functions that an expression takes its value from. */
	const tableBehind = (expr: SourceExpr): RouteTable | null => {
		const of =
			expr.kind === "subscript"
				? expr.of
				: expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name === "get"
					? expr.callee.of
					: null;
		const path = of && dottedPath(of);
		const meaning = path ? meaningOf(path) : null;
		return meaning?.kind === "value" ? (tables.find((table) => table.id === meaning.value.id) ?? null) : null;
	};
	const dispatch = (table: RouteTable, line: number) => {
		for (const entry of table.entries) calls.push({ to: functionNode(entry.handler.id), line });
	};

	visitBody(body, (expr) => {
		if (expr.kind === "call") {
			callees.add(expr.callee);
			const { line } = expr.span;
			const path = dottedPath(expr.callee);
			const direct = tableBehind(expr.callee);
			if (direct) return dispatch(direct, line);
			const above = decl?.owner && superCall(expr.callee) ? names.lineage(decl.owner) : null;
			if (above && expr.callee.kind === "attribute") {
				for (const base of above.classes.slice(1)) {
					const method = names.function(`${base.id}.${expr.callee.name}`);
					if (!method) continue;
					calls.push({ to: functionNode(method.id), line });
					return;
				}
				if (above.outer.length > 0) return;
			}
			if (!path) {
				const method = expr.callee.kind === "attribute" ? expr.callee.name : null;
				if (method === null || !known.has(method)) unresolved.push({ text: callText(expr.callee), line });
				return;
			}
			const meaning = meaningOf(path);
			if (meaning && record(meaning, line)) return;
			const sources = aliases.get(path[0] ?? "") ?? [];
			let followed = false;
			for (const source of sources) {
				const made = source.kind === "call" && path.length === 2 ? dottedPath(source.callee) : null;
				const owner = made ? meaningOf(made) : null;
				const method = owner?.kind === "class" && owner.rest.length === 0 ? names.method(owner.decl.id, path[1] ?? "") : undefined;
				if (method) {
					calls.push({ to: functionNode(method.id), line });
					followed = true;
				}
				if (path.length > 1) continue;
				const table = tableBehind(source);
				const target = dottedPath(source);
				const behind = target && target[0] !== path[0] ? meaningOf(target) : null;
				if (table) dispatch(table, line);
				if (table || (behind && record(behind, line))) followed = true;
			}
			if (followed || (path.length > 1 && known.has(path.at(-1) ?? ""))) return;
			if (decl?.owner && path[0] === "self" && names.lineage(decl.owner).outer.length > 0) return;
			unresolved.push({ text: path.join("."), line });
		} else if ((expr.kind === "name" || expr.kind === "attribute") && !callees.has(expr)) {
			const path = dottedPath(expr);
			const meaning = path && meaningOf(path);
			if (meaning?.kind === "function" && meaning.rest.length === 0)
				calls.push({ to: functionNode(meaning.decl.id), line: expr.span.line });
		}
	});
	return { calls, unresolved };
}

/** `super().f`, in either notation. */
function superCall(callee: SourceExpr): boolean {
	return callee.kind === "attribute" && callee.of.kind === "call" && callee.of.callee.kind === "name" && callee.of.callee.name === "super";
}

function collectAliases(body: readonly SourceStmt[]): Map<string, SourceExpr[]> {
	const aliases = new Map<string, SourceExpr[]>();
	visitBody(
		body,
		() => {},
		(stmt) => {
			if (stmt.kind !== "assign") return;
			for (const target of stmt.targets)
				if (target.kind === "name") aliases.set(target.name, [...(aliases.get(target.name) ?? []), stmt.value]);
		},
	);
	return aliases;
}

function callText(callee: SourceExpr): string {
	if (callee.kind === "attribute") return `(...).${callee.name}`;
	if (callee.kind === "subscript") return `${dottedPath(callee.of)?.join(".") ?? "(...)"}[...]`;
	return "(...)()";
}
