import { dottedPath, type SourceExpr } from "../graph/index.ts";
import type { Frame } from "./frame.ts";

/**
 * Calls that speak to the operator of the legacy system and change neither answer nor rows: print, logging, standard streams.
 * They are listed in the blueprint's `outside` and left out of the code. Null for every other call.
 */
export function isOutsideCall(frame: Frame, call: Extract<SourceExpr, { kind: "call" }>): "log" | null {
	const path = dottedPath(call.callee);
	if (!path || frame.env.names.has(path[0] ?? "")) return null;
	const meaning = frame.slice.names.meaningOf(frame.module.name, path);
	if (meaning.kind === "external") {
		if (meaning.path === "builtins.print") return "log";
		return /^(logging|warnings|sys\.(stdout|stderr))\./.test(meaning.path) ? "log" : null;
	}
	if (meaning.kind !== "value" || meaning.value.value.kind !== "call") return null;
	const made = dottedPath(meaning.value.value.callee);
	const maker = made ? frame.slice.names.meaningOf(meaning.value.module.name, made) : null;
	return maker?.kind === "external" && maker.path === "logging.getLogger" ? "log" : null;
}

/** A lock of the threading module: the generated service serves one request at a time on its connection, so it is left out. */
export function isLock(frame: Frame, expr: SourceExpr): boolean {
	const path = dottedPath(expr);
	if (!path || frame.env.names.has(path[0] ?? "")) return false;
	const meaning = frame.slice.names.meaningOf(frame.module.name, path);
	if (meaning.kind !== "value" || meaning.value.value.kind !== "call") return false;
	const made = dottedPath(meaning.value.value.callee);
	const maker = made ? frame.slice.names.meaningOf(meaning.value.module.name, made) : null;
	return maker?.kind === "external" && /^threading\.(R?Lock|Condition|(Bounded)?Semaphore)$/.test(maker.path);
}
