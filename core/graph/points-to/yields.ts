import type { SourceExpr, SourceStmt } from "../program.ts";
import { childrenOf, partsOf } from "../walk.ts";

/** Whether a body yields by itself; functions and lambdas inside have yields of their own. */
export function yields(body: readonly SourceStmt[]): boolean {
	const inExpr = (expr: SourceExpr): boolean => expr.kind === "yield" || (expr.kind !== "lambda" && childrenOf(expr).some(inExpr));
	return body.some((stmt) => {
		const parts = partsOf(stmt);
		return parts.exprs.some(inExpr) || parts.bodies.some(yields);
	});
}
