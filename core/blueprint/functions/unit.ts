import { Fault } from "../../base/index.ts";
import type { FStmt, FunctionUnit } from "../../contract/function-ir.ts";
import { type ClassDecl, type Program, type SourceStmt, visitBody } from "../../graph/index.ts";
import { type Draft, type DraftModule, type Frame, need, startDraft } from "./draft.ts";
import { lower } from "./expressions.ts";
import { inferTypes } from "./infer.ts";
import { bindingsOf } from "./scopes.ts";
import { lowerBody } from "./statements.ts";
import { markUnbound } from "./unbound.ts";

/**
 * A module-level function with everything it needs of its own and of other modules of the program: functions, classes, constants, and the
 * statements that fill them while the module is loaded. `module` is the dotted name, `name` the function's.
 * Throws FUNCTION_UNKNOWN. What has no exact meaning is listed in `unsupported`; then no code may be made of the unit.
 */
export function makeFunctionUnit(program: Program, module: string, name: string): FunctionUnit {
	const draft = startDraft(program, module);
	const entry = draft.modules.get(module);
	const decl = entry?.module.functions.find((fn) => fn.name === name && fn.owner === null && fn.within === null);
	if (!entry || !decl) throw new Fault("FUNCTION_UNKNOWN", { name: `${module}.${name}`, near: nearest(entry) });
	for (const other of draft.modules.values())
		for (const owner of other.module.classes) for (const member of membersOf(owner)) draft.members.add(member);
	need(draft, module, name);
	const lowered = new Map<SourceStmt, FStmt[]>();
	for (let before = -1; before < draft.names.size + lowered.size; ) {
		before = draft.names.size + lowered.size;
		for (const at of draft.modules.values())
			for (const stmt of neededOf(draft, at)) if (!lowered.has(stmt)) lowered.set(stmt, lowerTop(draft, at, stmt));
	}
	const body = inOrder(draft, entry).flatMap((at) => at.module.body.flatMap((stmt) => lowered.get(stmt) ?? []));
	markUnbound(body);
	inferTypes(body);
	const file = program.files.find((item) => item.path === entry.module.file);
	return {
		version: 1,
		source: { language: "python", dialect: "3.11", file: entry.module.file, sha256: file?.sha256 ?? "" },
		entry: name,
		body,
		unsupported: draft.unsupported,
	};
}

const nearest = (entry: DraftModule | undefined) =>
	(entry?.module.functions ?? [])
		.filter((fn) => fn.owner === null && fn.within === null)
		.map((fn) => fn.name)
		.slice(0, 8)
		.join(", ");

function membersOf(owner: ClassDecl): string[] {
	const found = [...owner.methods.map((method) => method.name), ...owner.attributes.map((attribute) => attribute.name)];
	for (const method of owner.methods)
		visitBody(
			method.body,
			() => {},
			(stmt) => {
				const targets = stmt.kind === "assign" ? stmt.targets : stmt.kind === "augment" ? [stmt.target] : [];
				for (const target of targets) if (target.kind === "attribute") found.push(target.name);
			},
		);
	return found;
}

function lowerTop(draft: Draft, at: DraftModule, stmt: SourceStmt): FStmt[] {
	const frame: Frame = { draft, module: at, scope: { kind: "module", parent: null, module: at.module.name }, lower };
	return lowerBody(frame, [stmt]);
}

/** What binds a needed name, and what may change a needed value that is no function and no class. */
function neededOf(draft: Draft, at: DraftModule): SourceStmt[] {
	const isNeeded = (name: string) => draft.names.has(`${at.module.name}.${name}`);
	const fixed = new Set([...at.module.functions, ...at.module.classes].map((decl) => decl.name));
	const state = [...at.bound].filter((name) => isNeeded(name) && !fixed.has(name) && !isConstant(at, name));
	return at.module.body.filter((stmt) => {
		if (stmt.kind === "import") return false;
		if ([...bindingsOf([stmt], null).bound].some(isNeeded)) return true;
		if (state.length === 0 || stmt.kind === "function" || stmt.kind === "class" || isMainGuard(stmt)) return false;
		let touches = false;
		visitBody([stmt], (expr) => {
			if (expr.kind === "name" && (state.includes(expr.name) || (fixed.has(expr.name) && isNeeded(expr.name)))) touches = true;
		});
		return touches;
	});
}

/** Assigned once, at the top, a value that nothing can change. */
function isConstant(at: DraftModule, name: string): boolean {
	const makers = at.module.body.filter((stmt) => bindingsOf([stmt], null).bound.has(name));
	const [only] = makers;
	if (makers.length !== 1 || only?.kind !== "assign") return false;
	const fixed = (kind: string) => ["number", "string", "literal", "bytes"].includes(kind);
	const { value } = only;
	return fixed(value.kind) || (value.kind === "tuple" && value.items.every((item) => fixed(item.kind)));
}

function isMainGuard(stmt: SourceStmt): boolean {
	return stmt.kind === "if" && stmt.test.kind === "compare" && stmt.test.first.kind === "name" && stmt.test.first.name === "__name__";
}

/** Imported modules before those that import them, the entry last. */
function inOrder(draft: Draft, entry: DraftModule): DraftModule[] {
	const done = new Set<DraftModule>();
	const order: DraftModule[] = [];
	const visit = (at: DraftModule) => {
		if (done.has(at)) return;
		done.add(at);
		for (const item of at.module.imports) {
			const paths = [item.module, ...(item.names ? [`${item.module}.${item.names.name}`] : [])];
			for (const other of draft.modules.values()) {
				const { name } = other.module;
				if (paths.some((path) => path === name || name.endsWith(`.${path}`))) visit(other);
			}
		}
		order.push(at);
	};
	visit(entry);
	return order;
}
