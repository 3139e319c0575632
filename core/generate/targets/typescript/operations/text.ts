import type { Expr } from "../../../../contract/ir.ts";
import type { OpName } from "../../../../contract/ops.ts";
import { type Code, callDoc, levels, primary } from "../code.ts";
import { type FormatSpec, parseSpec } from "../format-spec.ts";
import type { Doc } from "../layout.ts";
import { call, chosen, helper, isNone, knownText, method, native, operator, type Spelling, type Use, unsupported } from "./spelling.ts";

const sides = { start: "padStart", end: "padEnd", both: "padBoth" } as const;

/** Texts that only hold characters below U+D800, so that units are characters. */
function isPlainText(expr: Expr): boolean {
	if (expr.kind === "const") return expr.value.kind === "str" && /^[\0-\ud7ff]*$/.test(expr.value.value);
	if (expr.kind === "template") return expr.parts.every((part) => typeof part === "string" || isPlainText(part));
	if (expr.kind !== "op") return false;
	if (/^(str\.of_|str\.format_(float|int)|date\.|datetime\.|hash\.|random\.)/.test(expr.op)) return true;
	return /^str\.(concat|zfill|slice|rjust|ljust)$/.test(expr.op) && expr.args.filter((arg) => arg.type.kind === "str").every(isPlainText);
}

function onPlain(plain: Spelling, general: Spelling): Spelling {
	return (use) => (use.args[0] !== undefined && isPlainText(use.args[0]) ? plain(use) : general(use));
}

const slice: Spelling = (use) => {
	const plain = use.args[0] !== undefined && isPlainText(use.args[0]);
	const from = isNone(use.args[1]) ? "0" : use.doc(1);
	const bounds: Doc[] = isNone(use.args[2]) ? [from] : [from, use.doc(2)];
	return plain ? primary(callDoc([use.doc(0, levels.primary), ".slice"], bounds)) : call(use, "sliceText", use.doc(0), ...bounds);
};

const stripped =
	(blanks: string, characters: string): Spelling =>
	(use) =>
		use.detail.chars === undefined ? call(use, blanks, use.doc(0)) : call(use, characters, use.doc(0), JSON.stringify(use.detail.chars));

const padded =
	(side: "start" | "end"): Spelling =>
	(use) => {
		const fill = use.detail.chars === undefined || use.detail.chars === " " ? [] : [JSON.stringify(use.detail.chars)];
		const plain = use.args[0] !== undefined && isPlainText(use.args[0]);
		if (plain) return primary(callDoc([use.doc(0, levels.primary), `.${sides[side]}`], [use.doc(1), ...fill]));
		return call(use, sides[side], use.doc(0), use.doc(1), ...fill);
	};

/** A whole number's text has no sign to step over if the number cannot be negative. */
const zeroFilled: Spelling = (use) => {
	const [text] = use.args;
	const number = text?.kind === "op" && text.op === "str.of_int" ? text.args[0] : undefined;
	if (number !== undefined && use.scope.rangeOf(number).least >= 0)
		return primary([use.doc(0, levels.primary), ".padStart(", use.doc(1), ', "0")']);
	return helper("zeroFill")(use);
};

const split: Spelling = (use) => {
	if (isNone(use.args[1])) return call(use, "splitWords", use.doc(0));
	return knownText(use, use.args[1]) ? method("split")(use) : helper("splitAt")(use);
};

const replaced: Spelling = (use) => {
	const [search, replacement] = [knownText(use, use.args[1]), knownText(use, use.args[2])];
	return search && replacement !== undefined && !replacement.includes("$") ? method("replaceAll")(use) : helper("replaceAll")(use);
};

const formatFloat: Spelling = (use) => {
	const spec = specOf(use);
	if (spec.form === "") return unsupported(use, `the format "${use.detail.spec}" of a float`);
	const digits = String(spec.digits ?? 6);
	const idiom = primary(callDoc([use.doc(0, levels.primary), ".toFixed"], [digits]));
	const text = use.exact ? call(use, "formatFixed", use.doc(0), digits) : idiom;
	if (!spec.grouped) return aligned(use, text, spec);
	const grouped = use.exact ? call(use, "groupThousands", text.doc) : primary([text.doc, '.replace(/\\B(?=(\\d{3})+(?!\\d))/g, ",")']);
	return aligned(use, grouped, spec);
};

const formatInt: Spelling = (use) => {
	const spec = specOf(use);
	if (spec.form === "f" || spec.digits !== null) return unsupported(use, `the format "${use.detail.spec}" of a whole number`);
	const text = primary(callDoc("String", [use.doc(0)]));
	return aligned(use, spec.grouped ? call(use, "groupThousands", text.doc) : text, spec);
};

const formatText: Spelling = (use) => {
	const spec = specOf(use);
	if (spec.form !== "" || spec.grouped || spec.sign !== "" || spec.zeros)
		return unsupported(use, `the format "${use.detail.spec}" of a text`);
	const text = spec.digits === null ? use.code(0) : call(use, "sliceText", use.doc(0), "0", String(spec.digits));
	return aligned(use, text, { ...spec, align: spec.align || "<" }, !(use.args[0] && isPlainText(use.args[0])));
};

function specOf(use: Use): FormatSpec {
	return parseSpec(use.detail.spec ?? "") ?? unsupported(use, `the format "${use.detail.spec}"`);
}

/** Sign, width and alignment around a formatted text. */
function aligned(use: Use, text: Code, spec: FormatSpec, wide = false): Code {
	const { sign, width, fill, align, zeros, grouped } = spec;
	const signed = sign === "" ? text : call(use, "withSign", text.doc, JSON.stringify(sign));
	if (width === 0) return signed;
	if (zeros) return call(use, "padWithZeros", signed.doc, String(width), ...(grouped ? ["true"] : []));
	const side = align === "<" ? "end" : align === "^" ? "both" : "start";
	const more: Doc[] = fill === " " ? [String(width)] : [String(width), JSON.stringify(fill)];
	if (wide || side === "both") return call(use, sides[side], signed.doc, ...more);
	return primary(callDoc([signed.doc, `.${sides[side]}`], more));
}

export const text: Partial<Record<OpName, Spelling>> = {
	"str.concat": operator("+", levels.sum),
	"str.repeat": (use) => primary([use.doc(0, levels.primary), ".repeat(Math.max(0, ", use.doc(1), "))"]),
	"str.len": onPlain((use) => primary([use.doc(0, levels.primary), ".length"]), helper("lengthOf")),
	"str.at": helper("characterAt"),
	"str.slice": slice,
	"str.upper": method("toUpperCase"),
	"str.lower": method("toLowerCase"),
	"str.strip": stripped("strip", "stripCharacters"),
	"str.lstrip": stripped("stripStart", "stripCharactersStart"),
	"str.rstrip": stripped("stripEnd", "stripCharactersEnd"),
	"str.ljust": padded("end"),
	"str.rjust": padded("start"),
	"str.zfill": zeroFilled,
	"str.split": split,
	"str.join": (use) => primary(callDoc([use.doc(1, levels.primary), ".join"], [use.doc(0)])),
	"str.replace": replaced,
	"str.starts_with": method("startsWith"),
	"str.ends_with": method("endsWith"),
	"str.contains": method("includes"),
	"str.find": onPlain(method("indexOf"), helper("positionOf")),
	"str.is_digit": helper("isDigits"),
	"str.is_alpha": helper("isLetters"),
	"str.is_alnum": helper("isLettersOrDigits"),
	"str.count": helper("countOf"),
	"str.ord": helper("codePointOf"),
	"str.chr": helper("characterOf"),
	"str.of_int": native("String"),
	"str.of_bool": (use) => primary(["(", use.doc(0, levels.or), ' ? "True" : "False")']),
	"str.of_float": chosen(helper("floatText"), native("String")),
	"str.format_float": formatFloat,
	"str.format_int": formatInt,
	"str.format_str": formatText,
	"str.escape_xml": helper("escapeXml"),
	"hash.hex": (use) => {
		const algorithm = use.detail.spec ?? "";
		if (!["md5", "sha1", "sha256"].includes(algorithm)) return unsupported(use, `the hash ${algorithm}`);
		return call(use, "hashHex", JSON.stringify(algorithm), use.doc(0));
	},
};
