import type { FStmt } from "../../../../contract/function-ir.ts";

const isForever = (stmt: Extract<FStmt, { kind: "while" }>): boolean =>
	stmt.test.kind === "const" && stmt.test.value.kind === "bool" && stmt.test.value.value;

/** Java's own rule of which statements can be reached. */
export function canComplete(stmt: FStmt): boolean {
	switch (stmt.kind) {
		case "return":
		case "raise":
		case "break":
		case "continue":
			return false;
		case "if":
			return stmt.otherwise.length === 0 || blockCompletes(stmt.then) || blockCompletes(stmt.otherwise);
		case "while":
			return !isForever(stmt) || leaves(stmt.body) || stmt.otherwise.length > 0;
		case "try": {
			if (stmt.finally.length > 0 && !blockCompletes(stmt.finally)) return false;
			const body = blockCompletes(stmt.body);
			if (stmt.handlers.length === 0) return body && blockCompletes(stmt.otherwise);
			return body || stmt.handlers.some((handler) => blockCompletes(handler.body));
		}
		default:
			return true;
	}
}

export const blockCompletes = (block: readonly FStmt[]): boolean => block.every(canComplete);

/** What can be reached: Java refuses a statement behind one that never ends. */
export function reachable(block: readonly FStmt[]): readonly FStmt[] {
	const last = block.findIndex((stmt) => !canComplete(stmt));
	return last < 0 ? block : block.slice(0, last + 1);
}

/** Whether a body leaves its own loop by `break`. */
function leaves(body: readonly FStmt[]): boolean {
	return reachable(body).some((stmt) => {
		if (stmt.kind === "break") return true;
		if (stmt.kind === "if") return leaves(stmt.then) || leaves(stmt.otherwise);
		if (stmt.kind === "while" || stmt.kind === "forEach") return leaves(stmt.otherwise);
		if (stmt.kind !== "try") return false;
		return [stmt.body, stmt.otherwise, stmt.finally, ...stmt.handlers.map((handler) => handler.body)].some(leaves);
	});
}
