import type { FExpr, Unexpressed } from "../../contract/function-ir.ts";
import type { Span } from "../../contract/ir.ts";
import { pythonBuiltins, pythonExceptions, pythonLibrary } from "../../contract/python-library.ts";
import { dottedPath, type Module, type Program, type SourceExpr } from "../../graph/index.ts";
import { bindingsOf, type ImportTable, lookUp, type Scope } from "./scopes.ts";

/** A unit while it is collected: which module-level names it needs, under which names, and what could not be said. */
export type Draft = {
	modules: ReadonlyMap<string, DraftModule>;
	entryModule: string;
	/** `module.name` -> the name in the unit. */
	names: Map<string, string>;
	/** Attributes and methods of the classes of the unit: only these may be asked of an instance. */
	members: Set<string>;
	unsupported: Unexpressed[];
};
export type DraftModule = { module: Module; bound: ReadonlySet<string>; imports: ImportTable; stars: readonly string[] };

/** `lower` is the lowering of expressions: what it uses calls it from here. */
export type Frame = { draft: Draft; module: DraftModule; scope: Scope; lower: (frame: Frame, expr: SourceExpr) => FExpr };

export function startDraft(program: Program, entryModule: string): Draft {
	const modules = new Map<string, DraftModule>();
	for (const module of program.modules) {
		const { bound, imports } = bindingsOf(module.body, null);
		const stars = module.imports.filter((item) => item.names?.name === "*").map((item) => `${".".repeat(item.level)}${item.module}`);
		modules.set(module.name, { module, bound, imports, stars });
	}
	return { modules, entryModule, names: new Map(), members: new Set(), unsupported: [] };
}

/** What stands in for an expression that has no exact meaning: the unit is refused, so it is never emitted. */
export function refuse(frame: Frame, construct: string, why: string, instead: string, span: Span): void {
	frame.draft.unsupported.push({ construct, why, instead, span });
}

export type Static =
	| { kind: "variable"; name: string; scope: "local" | "captured" | "module" }
	| { kind: "builtin"; name: string }
	| { kind: "library"; name: string }
	/** Known to come from outside of the unit, and not in the vocabulary. */
	| { kind: "foreign"; path: string }
	| { kind: "unknown"; name: string };

/** What a name or a dotted path means, as far as the text alone says; `rest` are the attributes that are asked of it when it runs. */
export function meaningOf(frame: Frame, expr: SourceExpr): { found: Static; rest: readonly string[] } | null {
	const path = dottedPath(expr);
	const [head, ...rest] = path ?? [];
	if (head === undefined) return null;
	const found = lookUp(frame.scope, head);
	if (found.kind === "variable") return { found, rest };
	if (found.kind === "import") return importedPath(frame, frame.module, [...split(found.path), ...rest]);
	return moduleName(frame, frame.module, head, rest);
}

function moduleName(frame: Frame, from: DraftModule, name: string, rest: readonly string[]): { found: Static; rest: readonly string[] } {
	if (from.bound.has(name)) return { found: { kind: "variable", name: need(frame.draft, from.module.name, name), scope: "module" }, rest };
	const path = from.imports.get(name);
	if (path !== undefined) return importedPath(frame, from, [...split(path), ...rest]);
	for (const star of from.stars) {
		if (pythonLibrary.has(`${star}.${name}`)) return { found: { kind: "library", name: `${star}.${name}` }, rest };
		const other = frame.draft.modules.get(absolute(star, from.module));
		if (other?.bound.has(name) || other?.imports.has(name)) return moduleName(frame, other, name, rest);
	}
	if (pythonBuiltins.has(name) || name in pythonExceptions) return { found: { kind: "builtin", name }, rest };
	if (name === "IOError" || name === "EnvironmentError") return { found: { kind: "builtin", name: "OSError" }, rest };
	return { found: { kind: "unknown", name }, rest };
}

function importedPath(frame: Frame, from: DraftModule, path: readonly string[]): { found: Static; rest: readonly string[] } {
	const parts = split(absolute(path.join("."), from.module));
	for (let length = parts.length; length > 0; length--) {
		const name = parts.slice(0, length).join(".");
		if (pythonLibrary.has(name)) return { found: { kind: "library", name }, rest: parts.slice(length) };
		const module = frame.draft.modules.get(name);
		const member = parts[length];
		if (module && member !== undefined) return moduleName(frame, module, member, parts.slice(length + 1));
	}
	return { found: { kind: "foreign", path: parts.join(".") }, rest: [] };
}

const split = (path: string): string[] => {
	const dots = /^\.+/.exec(path)?.[0] ?? "";
	const names = path
		.slice(dots.length)
		.split(".")
		.filter((part) => part !== "");
	const [first, ...others] = names;
	return dots === "" ? names : [dots + (first ?? ""), ...others];
};

/** `..a.b` in package `x.y` -> `x.a.b`. */
function absolute(path: string, from: Module): string {
	const dots = /^\.+/.exec(path)?.[0].length ?? 0;
	if (dots === 0) return path;
	const isPackage = from.file.endsWith("__init__.py");
	const parts = from.name.split(".");
	const base = parts.slice(0, parts.length - dots + (isPackage ? 1 : 0));
	return [...base, path.slice(dots)].filter((part) => part !== "").join(".");
}

/** A name of another module keeps its name behind the module's, so that no local of the entry's module hides it. */
export function need(draft: Draft, module: string, name: string): string {
	const id = `${module}.${name}`;
	const known = draft.names.get(id);
	if (known !== undefined) return known;
	let made = name;
	if (module !== draft.entryModule) {
		made = `${module.split(".").at(-1)}_${name}`;
		while ([...draft.modules.values()].some((other) => other.module.lines.some((line) => line.includes(made)))) made += "_";
	}
	draft.names.set(id, made);
	return made;
}
