import type { Import } from "../program.ts";
import { moduleMember } from "./attributes.ts";
import { type Engine, external, type Frame, only } from "./engine.ts";
import { union, type Values } from "./heap.ts";
import { variable, writeName } from "./lookup.ts";

/** Binds what an import statement names. What is not a module of the program is external, under its own path. */
export function bindImport(frame: Frame, item: Import): void {
	const { engine } = frame;
	const base = absolute(frame, item);
	if (item.names === null) {
		const found = resolve(frame, base);
		if (item.as !== item.module) writeName(frame, item.as, moduleOr(engine, found, base));
		else {
			const head = item.module.split(".")[0] ?? item.module;
			writeName(frame, head, moduleOr(engine, resolve(frame, head), head));
		}
		return;
	}
	const from = resolve(frame, base);
	if (item.names.name === "*") {
		if (from !== null) star(frame, from);
		return;
	}
	if (from === null) {
		const path = base === "" ? item.names.name : `${base}.${item.names.name}`;
		writeName(frame, item.as, moduleOr(engine, resolve(frame, path), path));
		return;
	}
	const sub = `${from}.${item.names.name}`;
	const member = moduleMember(engine, from, item.names.name);
	writeName(frame, item.as, engine.modules.has(sub) ? union(member, moduleValue(engine, sub)) : member);
}

function star(frame: Frame, from: string): void {
	const { engine } = frame;
	const source = engine.moduleScopes.get(from);
	const module = engine.modules.get(from);
	if (!source || !module) return;
	const listed = module.body.find(
		(stmt) => stmt.kind === "assign" && stmt.targets.some((target) => target.kind === "name" && target.name === "__all__"),
	);
	const value = listed?.kind === "assign" ? listed.value : null;
	const names =
		value?.kind === "list" || value?.kind === "tuple" ? value.items.flatMap((item) => (item.kind === "string" ? [item.value] : [])) : null;
	for (const name of source.bound) {
		if (names ? !names.includes(name) : name.startsWith("_")) continue;
		engine.heap.write(variable(frame.scope, `*${name}`), moduleMember(engine, from, name));
	}
	for (const [starred, scope] of starsOf(engine, from))
		engine.heap.write(variable(frame.scope, `*${starred}`), engine.heap.read(variable(scope, `*${starred}`)));
}

/** Names that a module has by a star import of its own. */
function starsOf(engine: Engine, module: string): [string, NonNullable<ReturnType<Engine["moduleScopes"]["get"]>>][] {
	const scope = engine.moduleScopes.get(module);
	const source = engine.modules.get(module);
	if (!scope || !source) return [];
	return source.imports
		.filter((item) => item.names?.name === "*")
		.flatMap((item) => {
			const inner = resolveFrom(engine, source.name, source.file.endsWith("__init__.py"), item);
			return inner === null || inner === module
				? []
				: [...(engine.moduleScopes.get(inner)?.bound ?? [])].map((name): [string, typeof scope] => [name, scope]);
		});
}

function absolute(frame: Frame, item: Import): string {
	const module = frame.engine.modules.get(frame.scope.module);
	return absoluteFrom(frame.scope.module, module?.file.endsWith("__init__.py") ?? false, item);
}

function absoluteFrom(name: string, isPackage: boolean, item: Import): string {
	if (item.level === 0) return item.module;
	const parts = name === "__init__" ? [] : name.split(".");
	const base = parts.slice(0, Math.max(0, parts.length - item.level + (isPackage && name !== "__init__" ? 1 : 0)));
	return [...base, item.module].filter((part) => part !== "").join(".");
}

function resolveFrom(engine: Engine, name: string, isPackage: boolean, item: Import): string | null {
	const path = absoluteFrom(name, isPackage, item);
	return engine.modules.has(path) ? path : null;
}

/** The module of a path: from the root, beside the importing module (Python 2), or the only one whose path ends so. */
function resolve(frame: Frame, path: string): string | null {
	const { modules } = frame.engine;
	if (path === "") return modules.has("__init__") ? "__init__" : null;
	if (modules.has(path)) return path;
	const beside = [...frame.scope.module.split(".").slice(0, -1), path].join(".");
	if (modules.has(beside)) return beside;
	const endings = frame.engine.endings.get(path.split(".").at(-1) ?? "") ?? [];
	const found = endings.filter((name) => name.endsWith(`.${path}`) && name.split(".").length <= path.split(".").length + 2);
	return found.length === 1 ? (found[0] ?? null) : null;
}

const moduleValue = (engine: Engine, name: string): Values =>
	only(engine.heap.intern(`module ${name}`, () => ({ kind: "module", module: name })));
/** A package whose folder has no file of its own is a module all the same. */
const moduleOr = (engine: Engine, found: string | null, path: string): Values =>
	found !== null || engine.folders.has(path) ? moduleValue(engine, found ?? path) : only(external(engine.heap, path));
