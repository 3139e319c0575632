import type { ClassDecl, FunctionDecl, Import, Module, Program, SourceExpr, SourceStmt } from "./program.ts";
import { visitBody } from "./walk.ts";

/** What a dotted path stands for, seen from a module. `rest`: what of the path is left after the meaning. */
export type Meaning =
	| { kind: "function"; decl: FunctionDecl; rest: string[] }
	| { kind: "class"; decl: ClassDecl; rest: string[] }
	| { kind: "module"; module: Module; rest: string[] }
	| { kind: "value"; value: ModuleValue; rest: string[] }
	/** Outside the project: `datetime.date.today`, `builtins.len`. */
	| { kind: "external"; path: string; rest: string[] }
	| { kind: "unknown"; rest: string[] };

/** A module-level name. `fixed`: assigned once and never changed afterwards, so its value may be inlined. */
export type ModuleValue = { id: string; module: Module; name: string; value: SourceExpr; fixed: boolean; why: string };

export type Names = {
	module(name: string): Module | undefined;
	function(id: string): FunctionDecl | undefined;
	class(id: string): ClassDecl | undefined;
	/** `locals` hide module names. */
	meaningOf(module: string, path: readonly string[]): Meaning;
	/** The method as Python's lookup finds it, own class first. */
	method(owner: string, name: string): FunctionDecl | undefined;
	/** Own class first, then its bases inside the project; `outer` are the bases outside it. */
	lineage(id: string): { classes: ClassDecl[]; outer: string[] };
	/** Names that a function binds itself. */
	localsOf(decl: FunctionDecl): Set<string>;
};

const mutators = new Set([
	"append",
	"extend",
	"insert",
	"pop",
	"remove",
	"clear",
	"update",
	"setdefault",
	"popitem",
	"add",
	"discard",
	"sort",
	"reverse",
]);
const builtins = new Set(
	(
		"abs all any ascii bin bool bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float format " +
		"frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open " +
		"ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type unicode vars xrange zip __import__ " +
		"ArithmeticError AssertionError AttributeError BaseException Exception EOFError FileNotFoundError IndexError IOError KeyError KeyboardInterrupt " +
		"LookupError NameError NotImplementedError OSError OverflowError PermissionError RuntimeError StopIteration SystemExit TimeoutError TypeError " +
		"UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError Warning ConnectionError BrokenPipeError ConnectionResetError " +
		"raw_input reduce __name__ __file__ NotImplemented Ellipsis"
	).split(" "),
);

const known = new WeakMap<Program, Names>();

/** What the names of a whole program mean. The tables are built once for a program, which does not change after it was read; every query is a few map reads. */
export function namesOf(program: Program): Names {
	const names = known.get(program) ?? createNames(program);
	known.set(program, names);
	return names;
}

function createNames(program: Program): Names {
	const modules = new Map(program.modules.map((module) => [module.name, module]));
	const functions = new Map(program.modules.flatMap((module) => module.functions.map((decl) => [decl.id, decl] as const)));
	const classes = new Map(program.modules.flatMap((module) => module.classes.map((decl) => [decl.id, decl] as const)));
	const imports = new Map(program.modules.map((module) => [module.name, importTable(module)]));
	const locals = new Map<string, Set<string>>();
	const values = collectValues(program);

	function localsOf(decl: FunctionDecl): Set<string> {
		let found = locals.get(decl.id);
		if (!found) {
			found = boundNames(decl);
			locals.set(decl.id, found);
		}
		return found;
	}

	/** Tries the name as written, then next to the importing module (scripts run with their own folder on the path). */
	function findModule(from: string, name: string, level: number): Module | undefined {
		const home = from.split(".");
		const self = modules.get(from);
		const folder = self?.file.endsWith("__init__.py") ? home : home.slice(0, -1);
		if (level > 0) {
			const base = folder.slice(0, folder.length - (level - 1));
			return modules.get([...base, ...(name ? [name] : [])].join("."));
		}
		for (let depth = folder.length; depth >= 0; depth--) {
			const found = modules.get([...folder.slice(0, depth), name].join("."));
			if (found) return found;
		}
		return undefined;
	}

	function inModule(module: Module, path: readonly string[], depth: number): Meaning {
		const [head, ...rest] = path;
		if (head === undefined) return { kind: "module", module, rest: [] };
		const id = `${module.name}.${head}`;
		const decl = functions.get(id);
		if (decl) return { kind: "function", decl, rest };
		const owner = classes.get(id);
		if (owner) {
			const method = rest[0] === undefined ? undefined : functions.get(`${id}.${rest[0]}`);
			return method ? { kind: "function", decl: method, rest: rest.slice(1) } : { kind: "class", decl: owner, rest };
		}
		const value = values.get(id);
		if (value) return { kind: "value", value, rest };
		const table = imports.get(module.name);
		const item = table?.get(head);
		if (item && depth < 20) return throughImport(module, item, rest, depth + 1);
		for (const star of table?.get("*all*") ? (imports.get(module.name)?.values() ?? []) : []) {
			if (star.names?.name !== "*") continue;
			const target = findModule(module.name, star.module, star.level);
			const found = target && depth < 20 ? inModule(target, path, depth + 1) : undefined;
			if (found && found.kind !== "unknown") return found;
		}
		const child = modules.get(id);
		if (child) return inModule(child, rest, depth + 1);
		return { kind: "unknown", rest: [...path] };
	}

	function throughImport(from: Module, item: Import, rest: string[], depth: number): Meaning {
		if (item.names) {
			const base = findModule(from.name, item.module, item.level);
			if (base) {
				const found = inModule(base, [item.names.name, ...rest], depth);
				if (found.kind !== "unknown") return found;
			}
			const child = findModule(from.name, item.module ? `${item.module}.${item.names.name}` : item.names.name, item.level);
			if (child) return inModule(child, rest, depth);
			return base ? { kind: "unknown", rest } : { kind: "external", path: [item.module, item.names.name, ...rest].join("."), rest: [] };
		}
		// `import a.b` binds `a`; `import a.b as c` binds c to a.b.
		const bound = item.as === item.module ? (item.module.split(".")[0] ?? item.module) : item.module;
		let found = findModule(from.name, bound, 0);
		if (!found && bound !== item.module && findModule(from.name, item.module, 0)) {
			const all = [bound, ...rest];
			for (let size = all.length; size > 0; size--) {
				found = findModule(from.name, all.slice(0, size).join("."), 0);
				if (found) return inModule(found, all.slice(size), depth);
			}
		}
		return found ? inModule(found, rest, depth) : { kind: "external", path: [bound, ...rest].join("."), rest: [] };
	}

	function lineage(id: string): { classes: ClassDecl[]; outer: string[] } {
		const found: ClassDecl[] = [];
		const outer: string[] = [];
		const visit = (decl: ClassDecl) => {
			if (found.includes(decl)) return;
			found.push(decl);
			for (const base of decl.bases) {
				const path = pathOf(base);
				const meaning = path ? names.meaningOf(decl.module, path) : undefined;
				if (meaning?.kind === "class") visit(meaning.decl);
				else if (meaning?.kind === "external") outer.push(meaning.path);
			}
		};
		const start = classes.get(id);
		if (start) visit(start);
		return { classes: found, outer };
	}

	const names: Names = {
		module: (name) => modules.get(name),
		function: (id) => functions.get(id),
		class: (id) => classes.get(id),
		localsOf,
		lineage,
		method(owner, name) {
			for (const decl of lineage(owner).classes) {
				const found = functions.get(`${decl.id}.${name}`);
				if (found) return found;
			}
			return undefined;
		},
		meaningOf(moduleName, path) {
			const module = modules.get(moduleName);
			const head = path[0] ?? "";
			const found: Meaning = module ? inModule(module, path, 0) : { kind: "unknown", rest: [...path] };
			if (found.kind === "unknown" && builtins.has(head)) return { kind: "external", path: ["builtins", ...path].join("."), rest: [] };
			return found;
		},
	};
	markChanged(program, names, values);
	return names;
}

function pathOf(expr: SourceExpr): string[] | null {
	if (expr.kind === "name") return [expr.name];
	const head = expr.kind === "attribute" ? pathOf(expr.of) : null;
	return head && expr.kind === "attribute" ? [...head, expr.name] : null;
}

function importTable(module: Module): Map<string, Import> {
	const table = new Map<string, Import>();
	for (const item of module.imports) {
		if (item.names?.name === "*") {
			table.set(`*${item.module}`, item);
			table.set("*all*", item);
		} else table.set(item.names || item.as !== item.module ? item.as : (item.as.split(".")[0] ?? item.as), item);
	}
	return table;
}

function targetNames(expr: SourceExpr): string[] {
	if (expr.kind === "name") return [expr.name];
	if (expr.kind === "tuple" || expr.kind === "list") return expr.items.flatMap(targetNames);
	if (expr.kind === "star") return targetNames(expr.of);
	return expr.kind === "opaque" ? expr.parts.flatMap(targetNames) : [];
}

function boundNames(decl: FunctionDecl): Set<string> {
	const found = new Set(decl.params.map((param) => param.name));
	const outer = new Set<string>();
	visitBody(
		decl.body,
		() => {},
		(stmt) => {
			if (stmt.kind === "assign") for (const target of stmt.targets) for (const name of targetNames(target)) found.add(name);
			if (stmt.kind === "augment" || stmt.kind === "for") for (const name of targetNames(stmt.target)) found.add(name);
			if (stmt.kind === "with") for (const item of stmt.items) for (const name of item.as ? targetNames(item.as) : []) found.add(name);
			if (stmt.kind === "try") for (const handler of stmt.handlers) if (handler.name) found.add(handler.name);
			if (stmt.kind === "function" || stmt.kind === "class") found.add(stmt.decl.name);
			if (stmt.kind === "global" || stmt.kind === "nonlocal") for (const name of stmt.names) outer.add(name);
		},
	);
	for (const name of outer) found.delete(name);
	return found;
}

function collectValues(program: Program): Map<string, ModuleValue> {
	const values = new Map<string, ModuleValue>();
	for (const module of program.modules) {
		const declared = (body: readonly SourceStmt[], top: boolean) => {
			for (const stmt of body) {
				if (stmt.kind === "assign") {
					for (const target of stmt.targets) {
						const [only] = target.kind === "name" ? [target.name] : [];
						for (const name of targetNames(target)) {
							const id = `${module.name}.${name}`;
							const again = values.get(id);
							if (again) Object.assign(again, { fixed: false, why: "it is assigned more than once" });
							else {
								const why = !top ? "it is assigned under a condition" : only ? "" : "it is unpacked";
								values.set(id, { id, module, name, value: stmt.value, fixed: why === "", why });
							}
						}
					}
				} else if (stmt.kind === "if") for (const inner of [stmt.then, stmt.otherwise]) declared(inner, false);
				else if (stmt.kind === "try")
					for (const inner of [stmt.body, ...stmt.handlers.map((item) => item.body), stmt.otherwise]) declared(inner, false);
				else if (stmt.kind === "with" || stmt.kind === "for" || stmt.kind === "while") declared(stmt.body, false);
			}
		};
		declared(module.body, true);
	}
	return values;
}

/** A name that any code assigns again, or whose value is changed in place, is not fixed. */
function markChanged(program: Program, names: Names, values: Map<string, ModuleValue>): void {
	for (const module of program.modules) {
		const scan = (body: readonly SourceStmt[], hidden: ReadonlySet<string>, where: string) => {
			const change = (expr: SourceExpr, why: string) => {
				const path = pathOf(expr);
				if (!path || hidden.has(path[0] ?? "")) return;
				const meaning = names.meaningOf(module.name, path);
				if (meaning.kind === "value" && meaning.rest.length === 0) Object.assign(meaning.value, { fixed: false, why });
			};
			visitBody(
				body,
				(expr) => {
					if (expr.kind === "call" && expr.callee.kind === "attribute" && mutators.has(expr.callee.name)) {
						change(expr.callee.of, `${where} changes it at line ${expr.span.line}`);
					}
				},
				(stmt) => {
					const targets = stmt.kind === "assign" || stmt.kind === "delete" ? stmt.targets : stmt.kind === "augment" ? [stmt.target] : [];
					for (const target of targets) {
						if (target.kind === "subscript") change(target.of, `${where} changes it at line ${stmt.span.line}`);
						else if (target.kind === "attribute") change(target, `${where} assigns it at line ${stmt.span.line}`);
						else if (where !== module.name || stmt.kind === "augment") change(target, `${where} assigns it at line ${stmt.span.line}`);
					}
				},
			);
		};
		scan(module.body, new Set(), module.name);
		for (const decl of module.functions) scan(decl.body, names.localsOf(decl), decl.id);
	}
	for (const value of values.values())
		if (value.value.kind === "opaque") Object.assign(value, { fixed: false, why: "its value is not modelled" });
}
