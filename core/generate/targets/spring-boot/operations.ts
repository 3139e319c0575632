import type { Expr } from "../../../contract/ir.ts";
import { refuse } from "../typescript/scope.ts";
import { binary, type Code, isProven, type JavaScope, levels, primary, within } from "./code.ts";

export type Use = {
	expr: Extract<Expr, { kind: "op" }>;
	scope: JavaScope;
	code(index: number): Code;
	text(index: number): string;
	/** As what a method is called on. */
	receiver(index: number): string;
};
type Spelling = (use: Use) => Code;

const all = (use: Use): string => use.expr.args.map((_, index) => use.text(index)).join(", ");
const call =
	(name: string): Spelling =>
	(use) =>
		primary(`${name}(${all(use)})`);
const method =
	(name: string): Spelling =>
	(use) =>
		primary(
			`${use.receiver(0)}.${name}(${use.expr.args
				.slice(1)
				.map((_, index) => use.text(index + 1))
				.join(", ")})`,
		);
const sign =
	(text: string, level: number): Spelling =>
	(use) =>
		binary(use.code(0), text, use.code(1), level);
/** A plain operator where the result is proven to fit, else the checked one. */
const whole =
	(text: string, level: number, checked: string): Spelling =>
	(use) =>
		isProven(use.expr, use.scope) ? binary(use.code(0), text, use.code(1), level) : primary(`${checked}(${all(use)})`);
const folded =
	(name: string): Spelling =>
	(use) =>
		primary(use.expr.args.map((_, index) => use.text(index)).reduce((left, right) => `${name}(${left}, ${right})`));
/** Checked only where the divisor may be zero. */
const divided =
	(plain: (use: Use) => Code, checked: string): Spelling =>
	(use) => {
		const by = use.expr.args[1];
		const isFixed = by?.kind === "const" && (by.value.kind === "int" ? BigInt(by.value.value) > 0n : by.value.kind === "float");
		return isFixed && !(by.value.kind === "float" && /^[08]0*$/.test(by.value.bits)) ? plain(use) : primary(`${checked}(${all(use)})`);
	};
const isNone = (expr: Expr | undefined): boolean => expr === undefined || (expr.kind === "const" && expr.value.kind === "none");
const padded =
	(name: string): Spelling =>
	(use) =>
		primary(`Texts.${name}(${use.text(0)}, ${use.text(1)}, ${JSON.stringify(use.expr.detail?.chars ?? " ")})`);
const formatted =
	(known: RegExp, spell: (use: Use, format: string) => Code): Spelling =>
	(use) => {
		const format = use.expr.detail?.format ?? "";
		return known.test(format) ? spell(use, format) : refuse(use.scope, `the date format ${format}, in Java`, use.expr.span);
	};
const equality = (isEqual: boolean): Spelling => {
	return (use) => {
		const text = `${use.receiver(0)}.equals(${use.text(1)})`;
		return isEqual ? primary(text) : { text: `!${text}`, level: levels.unary };
	};
};
const compared =
	(text: string): Spelling =>
	(use) => ({ text: `${use.receiver(0)}.compareTo(${use.text(1)}) ${text} 0`, level: levels.relation });
const asLong = (text: string): Code => ({ text: `(long) ${text}`, level: levels.unary });

function orderings(type: "int" | "float" | "date" | "datetime"): Record<string, Spelling> {
	const isNumber = type === "int" || type === "float";
	const one = (text: string, level: number) => (isNumber ? sign(text, level) : compared(text));
	return {
		[`${type}.lt`]: one("<", levels.relation),
		[`${type}.le`]: one("<=", levels.relation),
		[`${type}.gt`]: one(">", levels.relation),
		[`${type}.ge`]: one(">=", levels.relation),
		[`${type}.eq`]: isNumber ? sign("==", levels.equality) : equality(true),
		[`${type}.ne`]: isNumber ? sign("!=", levels.equality) : equality(false),
	};
}

/** How each exact operation is said in Java. What is not in here is refused by name. */
export const operations: Record<string, Spelling | undefined> = {
	...orderings("int"),
	...orderings("float"),
	...orderings("date"),
	...orderings("datetime"),
	"int.add": whole("+", levels.sum, "Math.addExact"),
	"int.sub": whole("-", levels.sum, "Math.subtractExact"),
	"int.mul": whole("*", levels.product, "Math.multiplyExact"),
	"int.neg": call("Math.negateExact"),
	"int.floordiv": divided(call("Math.floorDiv"), "Numbers.floorDivide"),
	"int.mod": divided(call("Math.floorMod"), "Numbers.floorModulo"),
	"int.mod_of_text": call("Numbers.moduloOfText"),
	"int.of_str": call("Numbers.parseWhole"),
	"int.of_float": call("Numbers.truncate"),
	"int.min": folded("Math.min"),
	"int.max": folded("Math.max"),
	"float.of_int": (use) => ({ text: `(double) ${within(use.code(0), levels.unary)}`, level: levels.unary }),
	"float.of_str": call("Numbers.parseFloat"),
	"float.add": sign("+", levels.sum),
	"float.sub": sign("-", levels.sum),
	"float.mul": sign("*", levels.product),
	"float.div": divided(sign("/", levels.product), "Numbers.divide"),
	"float.neg": (use) => ({ text: `-${within(use.code(0), levels.primary)}`, level: levels.unary }),
	"float.abs": call("Math.abs"),
	"float.pow": call("Powers.power"),
	"float.min": folded("Numbers.least"),
	"float.max": folded("Numbers.greatest"),
	"float.floor": call("Numbers.floor"),
	"float.ceil": call("Numbers.ceil"),
	"float.round": (use) => primary(`Numbers.roundHalfEven(${use.text(0)}, ${use.expr.detail?.digits ?? 0})`),
	"float.round_int": call("Numbers.roundToWhole"),
	"str.concat": sign("+", levels.sum),
	"str.len": call("Texts.length"),
	"str.at": call("Texts.at"),
	"str.slice": (use) => {
		const bound = (index: number) => (isNone(use.expr.args[index]) ? "null" : use.text(index));
		return primary(`Texts.slice(${use.text(0)}, ${bound(1)}, ${bound(2)})`);
	},
	"str.upper": (use) => primary(`${use.receiver(0)}.toUpperCase(Locale.ROOT)`),
	"str.lower": (use) => primary(`${use.receiver(0)}.toLowerCase(Locale.ROOT)`),
	"str.strip": (use) =>
		use.expr.detail?.chars === undefined
			? call("Texts.strip")(use)
			: refuse(use.scope, "strip of chosen characters, in Java", use.expr.span),
	"str.ljust": padded("padEnd"),
	"str.rjust": padded("padStart"),
	"str.zfill": call("Texts.zeroFill"),
	"str.replace": call("Texts.replace"),
	"str.split": (use) => (isNone(use.expr.args[1]) ? primary(`Texts.splitWords(${use.text(0)})`) : call("Texts.splitAt")(use)),
	"str.join": (use) => primary(`String.join(${use.text(0)}, ${use.text(1)})`),
	"str.starts_with": method("startsWith"),
	"str.ends_with": method("endsWith"),
	"str.contains": method("contains"),
	"str.of_int": call("Long.toString"),
	"str.format_float": (use) => {
		const [, comma, digits] = /^(,)?\.(\d+)f$/.exec(use.expr.detail?.spec ?? "") ?? [];
		if (digits === undefined) return refuse(use.scope, `the number format ${use.expr.detail?.spec}, in Java`, use.expr.span);
		const fixed = `Numbers.formatFixed(${use.text(0)}, ${digits})`;
		return primary(comma === undefined ? fixed : `Numbers.groupThousands(${fixed})`);
	},
	"str.escape_xml": call("Texts.escapeXml"),
	"str.eq": equality(true),
	"str.ne": equality(false),
	"bool.eq": sign("==", levels.equality),
	"bool.ne": sign("!=", levels.equality),
	"optional.eq": call("Objects.equals"),
	"optional.ne": (use) => ({ text: `!Objects.equals(${all(use)})`, level: levels.unary }),
	"optional.get": call("Values.present"),
	"none.is": (use) => ({ text: `${within(use.code(0), levels.equality)} == null`, level: levels.equality }),
	"none.is_not": (use) => ({ text: `${within(use.code(0), levels.equality)} != null`, level: levels.equality }),
	"list.len": (use) => asLong(`${use.receiver(0)}.size()`),
	"list.at": call("Values.at"),
	"list.append": method("add"),
	"dict.at": call("Values.lookUp"),
	"dict.get": (use) => (isNone(use.expr.args[2]) ? primary(`${use.receiver(0)}.get(${use.text(1)})`) : method("getOrDefault")(use)),
	"dict.contains": method("containsKey"),
	"dict.len": (use) => asLong(`${use.receiver(0)}.size()`),
	"date.new": call("Dates.of"),
	"date.parse": formatted(/^(?=.*%[Yy])(?=.*%m)(?=.*%d)(?:%[Yymd]|[-/ ])+$/, (use, format) =>
		primary(`Dates.parse(${use.text(0)}, ${JSON.stringify(format)})`),
	),
	"date.of_iso": call("Dates.parseIso"),
	"date.today": () => primary("ports.now().toLocalDate()"),
	"date.iso": method("toString"),
	"date.format": formatted(/^(?:%[Yymd]|[^%])*$/, (use, format) =>
		primary(`Dates.format(${use.receiver(0)}.atStartOfDay(), ${JSON.stringify(format)})`),
	),
	"date.year": method("getYear"),
	"date.month": method("getMonthValue"),
	"date.day": method("getDayOfMonth"),
	"date.add_days": call("Dates.addDays"),
	"str.is_digit": call("Texts.isDigits"),
	"random.token_hex": (use) => primary(`ports.tokenHex(${use.text(0)})`),
	"date.weekday": call("Dates.weekday"),
	"date.replace": (use) => primary(`Dates.of(${[1, 2, 3].map((at) => use.text(at)).join(", ")})`),
	"hash.hex": (use) => {
		const algorithm = { md5: "MD5", sha1: "SHA-1", sha256: "SHA-256" }[use.expr.detail?.spec ?? ""];
		if (algorithm === undefined) return refuse(use.scope, `the hash ${use.expr.detail?.spec}, in Java`, use.expr.span);
		return primary(`Hashes.hex("${algorithm}", ${use.text(0)})`);
	},
	"date.days_between": (use) => primary(`ChronoUnit.DAYS.between(${use.text(1)}, ${use.text(0)})`),
	"date.is_leap": call("Year.isLeap"),
	"date.month_days": call("Dates.monthDays"),
	"datetime.now": () => primary("ports.now()"),
	"datetime.format": formatted(/^(?:%[YymdHMS]|[^%])*$/, (use, format) =>
		primary(`Dates.format(${use.text(0)}, ${JSON.stringify(format)})`),
	),
	"datetime.date": method("toLocalDate"),
	"db.connect": () => primary("ports.repository()"),
	"db.close": method("release"),
};
