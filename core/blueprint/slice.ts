import type { Stmt } from "../contract/ir.ts";
import { type FunctionDecl, type Module, namesOf, type Program, routeTables, type SourceExpr, schemaOf } from "../graph/index.ts";
import type { Entry } from "./entry.ts";
import { newEnv } from "./env.ts";
import { lowerExpr } from "./expressions.ts";
import { type Frame, type FunctionState, grow, type Slice } from "./frame.ts";
import { lowerBlock } from "./statements.ts";
import { ANY, type Kind, NONE } from "./types.ts";

export type SliceRoute = { method: string; path: string; handler: string; entry: Entry };

/** Types grow at most this often before the program is taken to have none. */
const roundLimit = 40;

/**
 * Lowers everything that the routes' entries reach. Types are found by lowering again and again until no parameter, result
 * or local grows any more; then once more from empty locals, so that nothing of an earlier, poorer round is left.
 */
export function buildSlice(
	program: Program,
	closureOf: (id: string) => ReadonlySet<string>,
	routes: readonly SliceRoute[],
): { slice: Slice; entries: Map<SliceRoute, FunctionState> } {
	const names = namesOf(program);
	const entries = new Map<SliceRoute, FunctionState>();
	const slice: Slice = {
		program,
		names,
		schema: schemaOf(program),
		routeTables: routeTables(program, names),
		functions: new Map(),
		constants: new Map(),
		exceptions: new Map(),
		raised: new Set(),
		statements: new Map(),
		unsupported: [],
		outside: [],
		changed: false,
		demand(decl, route) {
			const id = route ? `${decl.id}@${route.method} ${route.path}` : decl.id;
			const known = slice.functions.get(id);
			if (known) return known;
			const state: FunctionState = {
				id,
				decl,
				params: decl.params.map(() => ANY),
				returns: ANY,
				locals: new Map(),
				body: [],
				route,
				requests: new Set(),
			};
			slice.functions.set(id, state);
			slice.changed = true;
			return state;
		},
		constant: (id, value, module) => lowerConstant(slice, id, value, module),
		isDispatcher: (id, handler) => id !== handler && closureOf(id).has(handler),
	};
	for (const route of routes) {
		const { decl } = route.entry;
		const spec = slice.isDispatcher(decl.id, route.handler) ? { method: route.method, path: route.path, handler: route.handler } : null;
		const state = slice.demand(decl, spec);
		state.params = [route.entry.request];
		const [param] = decl.params;
		if (param) state.requests.add(param.name);
		entries.set(route, state);
	}
	settle(slice);
	for (const state of slice.functions.values()) state.locals.clear();
	settle(slice);
	return { slice, entries };
}

function settle(slice: Slice): void {
	for (let round = 0; round < roundLimit; round++) {
		slice.changed = false;
		slice.unsupported.length = 0;
		slice.outside.length = 0;
		slice.constants.clear();
		for (const state of slice.functions.values()) lowerFunction(slice, state);
		if (!slice.changed) return;
	}
	const [first] = slice.functions.values();
	if (first)
		slice.unsupported.push({
			function: first.id,
			construct: "types that do not settle",
			remedy: "Give values of different types different names.",
			span: first.decl.span,
		});
}

function lowerFunction(slice: Slice, state: FunctionState): void {
	const { decl } = state;
	const module = slice.names.module(decl.module);
	if (!module) return;
	const frame = createFrame(slice, state, module);
	decl.params.forEach((param, at) => {
		const type = state.params[at] ?? ANY;
		const versions = state.locals.get(param.name) ?? [];
		versions[0] = grow(frame, versions[0] ?? ANY, type, `the parameter ${param.name} of ${decl.id}`, param.span);
		state.locals.set(param.name, versions);
		frame.env.names.set(param.name, { version: 0, narrowed: null, sure: true, fixed: null });
	});
	lowerBlock(frame, decl.body);
	// Python gives None where a function ends without return.
	if (!frame.env.dead) state.returns = grow(frame, state.returns, NONE, `the answer of ${state.id}`, decl.span);
	if (!frame.env.dead && state.returns.kind !== "none") {
		frame.block.push({
			kind: "return",
			value: { kind: "const", id: "", type: NONE, span: decl.span, value: { kind: "none" } },
			span: decl.span,
		});
	}
	state.body = frame.block;
}

function createFrame(slice: Slice, state: FunctionState, module: Module): Frame {
	const block: Stmt[] = [];
	const frame: Frame = {
		slice,
		state,
		module,
		env: newEnv(),
		block,
		handlers: [],
		loops: [],
		collectors: [],
		lower: (expr) => lowerExpr(frame, expr),
	};
	return frame;
}

function lowerConstant(slice: Slice, id: string, source: SourceExpr, module: Module): Kind {
	const known = slice.constants.get(id);
	if (known) return known.type;
	const decl: FunctionDecl = {
		id,
		name: id,
		module: module.name,
		owner: null,
		within: null,
		params: [],
		decorators: [],
		returns: null,
		async: false,
		body: [],
		span: source.span,
		comment: "",
	};
	const state: FunctionState = { id, decl, params: [], returns: ANY, locals: new Map(), body: [], route: null, requests: new Set() };
	const value = lowerExpr(createFrame(slice, state, module), source);
	slice.constants.set(id, { type: value.type, value, span: source.span });
	return value.type;
}
