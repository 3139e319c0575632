import type { Expr } from "../../../contract/ir.ts";
import { binary, type Code, levels, primary } from "./code.ts";
import type { Use } from "./operations.ts";

/**
 * Java's usual spelling at a site, where it has one that computes what TypeScript's computes: only there a draft may differ from
 * legacy, so the search for a repair, which runs the TypeScript build, sees what the Java build does. Everywhere else Java is exact.
 */
export const drafts: Record<string, ((use: Use) => Code) | undefined> = {
	"int.floordiv": (use) => binary(use.code(0), "/", use.code(1), levels.product),
	"int.mod": (use) => binary(use.code(0), "%", use.code(1), levels.product),
	"float.round": (use) => {
		const digits = use.expr.detail?.digits ?? 0;
		if (digits === 0) return { text: `(double) Math.round(${use.text(0)})`, level: levels.unary };
		const scale = primary(`${10 ** digits}.0`);
		const scaled = binary(use.code(0), "*", scale, levels.product);
		return binary(primary(`Math.round(${scaled.text})`), "/", scale, levels.product);
	},
	"float.round_int": (use) => primary(`Math.round(${use.text(0)})`),
	"str.format_float": (use) => {
		const digits = /^\.(\d+)f$/.exec(use.expr.detail?.spec ?? "")?.[1];
		return primary(`new BigDecimal(${use.text(0)}).setScale(${digits}, RoundingMode.HALF_UP).toPlainString()`);
	},
};

/** Whether the draft of a Java service uses the idiom here. */
export function isDrafted(expr: Expr): boolean {
	if (expr.kind !== "op" || drafts[expr.op] === undefined) return false;
	switch (expr.op) {
		case "int.floordiv":
		case "int.mod":
			// Java's own failure on a zero divisor is not legacy's: exact unless the divisor is a number that is written there.
			return isNonZero(expr.args[1]);
		case "float.round": {
			const digits = expr.detail?.digits ?? 0;
			return digits >= 0 && digits <= 15;
		}
		case "str.format_float":
			return /^\.\d+f$/.test(expr.detail?.spec ?? "");
		default:
			return true;
	}
}

function isNonZero(expr: Expr | undefined): boolean {
	return expr?.kind === "const" && expr.value.kind === "int" && BigInt(expr.value.value) !== 0n;
}
