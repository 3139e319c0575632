import type { Handler, Stmt } from "../contract/ir.ts";
import type { SourceExpr, SourceStmt } from "../graph/index.ts";
import { caughtTypes } from "./calls.ts";
import { cloneEnv, type Env, mergeEnvs, sameEnv } from "./env.ts";
import { exceptionId, exceptionState } from "./exceptions.ts";
import { lowerExpr } from "./expressions.ts";
import { bind, type Frame, refuse, within } from "./frame.ts";
import { op } from "./nodes.ts";
import { isLock } from "./outside.ts";
import { type Kind, NONE } from "./types.ts";

type LowerBlock = (frame: Frame, body: readonly SourceStmt[]) => void;

/**
 * Lowers a loop's body until what is known at its head agrees with what comes back around. `leave` writes what is known
 * when the loop ends by its own test.
 */
export function lowerLoop(frame: Frame, body: () => void, leave: () => void = () => {}): Stmt[] {
	let head = cloneEnv(frame.env);
	const { unsupported } = frame.slice;
	const before = unsupported.length;
	for (let round = 0; ; round++) {
		unsupported.length = before;
		const loop: Frame["loops"][number] = { breaks: [], continues: [] };
		frame.loops.push(loop);
		const run = within(frame, head, body);
		frame.loops.pop();
		const next = mergeEnvs([frame.env, run.env, ...loop.continues]);
		if (round < 8 && !sameEnv(next, head)) {
			head = next;
			continue;
		}
		const ended = within(frame, head, leave);
		frame.env = mergeEnvs([ended.env, ...loop.breaks]);
		return run.block;
	}
}

/**
 * A handler starts from what is known after any statement of the body, because each may fail; `finally` from all of that
 * and the handlers' ends. After the statement only the ways that end normally count.
 */
export function lowerTry(frame: Frame, stmt: Extract<SourceStmt, { kind: "try" }>, lowerBlock: LowerBlock): void {
	const entry = cloneEnv(frame.env);
	const seen: Env[] = [entry];
	frame.collectors.push(seen);
	const body = within(frame, entry, () => lowerBlock(frame, stmt.body));
	frame.collectors.pop();
	const failed = { ...mergeEnvs(seen.map((env) => ({ ...env, dead: false }))), dead: false };
	const otherwise = within(frame, body.env, () => lowerBlock(frame, stmt.otherwise));
	const handlers: Handler[] = [];
	const ends: Env[] = [otherwise.env];
	for (const source of stmt.handlers) {
		if (neverCatches(frame, source.types)) continue;
		const run = within(frame, failed, () => {
			const { ids, project } = caughtTypes(frame, source.types);
			for (const id of project) {
				const decl = frame.slice.names.class(id);
				if (decl) exceptionState(frame, decl);
			}
			let name: string | null = null;
			if (source.name) {
				const [only] = project;
				const type: Kind =
					project.length === 1 && ids.length === 1 && only
						? { kind: "exception", id: only }
						: { kind: "exception", id: ids[0] ?? "BaseException" };
				name = bind(frame, source.name, type).ir;
			}
			frame.handlers.push({ name: source.name, exceptions: ids });
			lowerBlock(frame, source.body);
			frame.handlers.pop();
			return { ids, name };
		});
		handlers.push({ exceptions: run.result.ids, name: run.result.name, body: run.block, span: source.span });
		ends.push(run.env);
	}
	const normal = mergeEnvs(ends);
	if (stmt.finally.length === 0) {
		frame.env = normal;
		if (handlers.length === 0) {
			frame.block.push(...body.block, ...otherwise.block);
			return;
		}
		frame.block.push({ kind: "try", body: body.block, handlers, otherwise: otherwise.block, finally: [], span: stmt.span });
		return;
	}
	const anywhere = mergeEnvs([failed, ...ends.map((env) => ({ ...env, dead: false }))]);
	const last = within(frame, anywhere, () => lowerBlock(frame, stmt.finally));
	frame.env = cloneEnv(normal);
	for (const [name, binding] of last.env.names) if (anywhere.names.get(name) !== binding) frame.env.names.set(name, binding);
	if (last.env.dead) frame.env.dead = true;
	frame.block.push({ kind: "try", body: body.block, handlers, otherwise: otherwise.block, finally: last.block, span: stmt.span });
}

/** A handler of project classes that nothing in the slice raises, themselves or through a class below, is never entered. */
function neverCatches(frame: Frame, types: readonly SourceExpr[]): boolean {
	if (types.length === 0) return false;
	return types.every((type) => {
		const decl = exceptionId(frame, type)?.decl;
		return decl && ![...frame.slice.raised].some((raised) => frame.slice.names.lineage(raised).classes.includes(decl));
	});
}

/** `with lock:` (left out), `with con:` (commit or rollback), `with closing(con)`; the rest is refused by name. */
export function lowerWith(frame: Frame, stmt: Extract<SourceStmt, { kind: "with" }>, lowerBlock: LowerBlock): void {
	const [item, ...more] = stmt.items;
	const { span } = stmt;
	if (!item) {
		lowerBlock(frame, stmt.body);
		return;
	}
	const rest: SourceStmt[] = more.length > 0 ? [{ ...stmt, items: more }] : stmt.body;
	if (isLock(frame, item.value)) {
		lowerBlock(frame, rest);
		return;
	}
	const closing =
		item.value.kind === "call" && item.value.callee.kind === "name" && item.value.callee.name === "closing"
			? item.value.args[0]
			: undefined;
	const value = lowerExpr(frame, closing ?? item.value);
	if (value.type.kind !== "connection") {
		if (value.type.kind !== "any") refuse(frame, "with on other than a lock or a connection", "Use try and finally.", span);
		lowerBlock(frame, rest);
		return;
	}
	let connection = value;
	if (value.kind !== "local" || item.as) {
		const name = item.as?.kind === "name" ? item.as.name : `connection_${span.line}`;
		const bound = bind(frame, name, value.type);
		frame.block.push({ kind: "assign", target: { kind: "name", name: bound.ir, type: bound.type }, value, span });
		connection = { kind: "local", id: "", type: value.type, span, name: bound.ir };
	}
	const body = within(frame, frame.env, () => lowerBlock(frame, rest));
	frame.env = body.env;
	if (closing) {
		const close: Stmt = { kind: "expr", value: op("db.close", NONE, [connection], span), span };
		frame.block.push({ kind: "try", body: body.block, handlers: [], otherwise: [], finally: [close], span });
		return;
	}
	if (containsReturn(body.block)) refuse(frame, "return inside `with connection`", "Return after the block.", span);
	const undo: Handler = {
		exceptions: [],
		name: null,
		body: [
			{ kind: "transaction", action: "rollback", connection, span },
			{ kind: "reraise", span },
		],
		span,
	};
	frame.block.push({
		kind: "try",
		body: body.block,
		handlers: [undo],
		otherwise: [{ kind: "transaction", action: "commit", connection, span }],
		finally: [],
		span,
	});
}

function containsReturn(body: readonly Stmt[]): boolean {
	return body.some((stmt) => {
		if (stmt.kind === "return" || stmt.kind === "break" || stmt.kind === "continue") return true;
		if (stmt.kind === "if") return containsReturn(stmt.then) || containsReturn(stmt.otherwise);
		if (stmt.kind === "try")
			return [stmt.body, stmt.otherwise, stmt.finally, ...stmt.handlers.map((handler) => handler.body)].some(containsReturn);
		if (stmt.kind === "while" || stmt.kind === "forEach" || stmt.kind === "forRange") return containsReturn(stmt.body);
		return false;
	});
}
