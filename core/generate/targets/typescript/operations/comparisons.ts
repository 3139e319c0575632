import type { Expr } from "../../../../contract/ir.ts";
import type { OpName } from "../../../../contract/ops.ts";
import { levels } from "../code.ts";
import { call, helper, knownText, operator, type Spelling, type Use, unsupported } from "./spelling.ts";

const signs = { eq: "===", ne: "!==", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;
type Name = keyof typeof signs;
const names = Object.keys(signs) as Name[];
const levelOf = (name: Name) => (name === "eq" || name === "ne" ? levels.equality : levels.relation);

const direct = (name: Name): Spelling => operator(signs[name], levelOf(name));

/** UTF-16 order is code-point order as long as one side has no unit from U+D800 on. */
const ofText = (name: Name): Spelling => {
	if (name === "eq" || name === "ne") return direct(name);
	return (use) => (use.args.some((arg) => isLowText(use, arg)) ? direct(name)(use) : against(use, "compareText", name));
};

const ofTime =
	(name: Name): Spelling =>
	(use) =>
		against(use, "compareTimes", name);

function against(use: Use, compare: string, name: Name) {
	return { doc: [call(use, compare, use.doc(0), use.doc(1)).doc, ` ${signs[name]} 0`], level: levelOf(name) };
}

function isLowText(use: Use, arg: Expr): boolean {
	const text = knownText(use, arg);
	return text !== undefined && /^[\0-\ud7ff]*$/.test(text);
}

/** Where either side may be none. */
const optional =
	(name: "eq" | "ne"): Spelling =>
	(use) => {
		const kinds = use.args.map((arg) => (arg.type.kind === "optional" ? arg.type.of.kind : arg.type.kind));
		if (kinds.some((kind) => ["list", "tuple", "dict", "record", "row", "datetime", "any"].includes(kind)))
			return unsupported(use, `the comparison of ${kinds.join(" with ")}`);
		return direct(name)(use);
	};

const none =
	(sign: string): Spelling =>
	(use) => ({ doc: [use.doc(0, levels.equality), ` ${sign} null`], level: levels.equality });

const family = (type: string, spell: (name: Name) => Spelling) => Object.fromEntries(names.map((name) => [`${type}.${name}`, spell(name)]));

export const comparisons: Partial<Record<OpName, Spelling>> = {
	...family("int", direct),
	...family("float", direct),
	...family("str", ofText),
	...family("date", direct),
	...family("datetime", ofTime),
	"bool.eq": direct("eq"),
	"bool.ne": direct("ne"),
	"optional.eq": optional("eq"),
	"optional.ne": optional("ne"),
	"optional.get": helper("present"),
	"none.is": none("==="),
	"none.is_not": none("!=="),
	"int.is_in": (use) => included(use),
	"str.is_in": (use) => included(use),
};

function included(use: Use) {
	return { doc: [use.doc(1, levels.primary), ".includes(", use.doc(0), ")"], level: levels.primary };
}
