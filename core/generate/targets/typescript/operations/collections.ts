import type { OpName } from "../../../../contract/ops.ts";
import { type Code, callDoc, levels, primary, within } from "../code.ts";
import { watchedItems } from "../watch.ts";
import { call, helper, isNone, method, type Spelling, type Use, unsupported } from "./spelling.ts";

const size =
	(property: string): Spelling =>
	(use) =>
		primary([use.doc(0, levels.primary), `.${property}`]);

/** The index of a fixed place in a tuple needs no check. */
const at: Spelling = (use) => {
	const [items, index] = use.args;
	if (items?.type.kind === "tuple" && index?.kind === "const" && index.value.kind === "int") {
		const place = Number(index.value.value);
		const length = items.type.items.length;
		if (place >= -length && place < length) return primary([use.doc(0, levels.primary), `[${place < 0 ? place + length : place}]`]);
	}
	return helper("itemAt")(use);
};

const slice: Spelling = (use) => {
	const bounds = [isNone(use.args[1]) ? "0" : use.doc(1), ...(isNone(use.args[2]) ? [] : [use.doc(2)])];
	return primary(callDoc([use.doc(0, levels.primary), ".slice"], isNone(use.args[1]) && bounds.length === 1 ? [] : bounds));
};

const sorted: Spelling = (use) => {
	const [, key, reverse] = use.args;
	const descending =
		reverse === undefined || (reverse.kind === "const" && reverse.value.kind === "bool" && !reverse.value.value) ? [] : [use.doc(2)];
	const by = key === undefined || isNone(key) ? "(item) => item" : use.doc(1);
	return call(use, "sorted", use.items(0).doc, by, ...descending);
};

/** any() and all() stop at the first decisive item, as `some` and `every` do. */
const quantified =
	(name: "some" | "every"): Spelling =>
	(use) => {
		const [of] = use.args;
		const clause = of?.kind === "comprehension" && of.form === "generator" && of.clauses.length === 1 ? of.clauses[0] : undefined;
		if (of?.kind === "comprehension" && clause?.target.kind === "name" && clause.tests.length === 0) {
			const source = watchedItems(clause.iterable, within(use.write(clause.iterable), levels.primary), "listBranch", use.scope);
			return primary([source, `.${name}((${use.scope.local(clause.target.name)}) => `, within(use.write(of.element), levels.choice), ")"]);
		}
		return primary([within(use.items(0), levels.primary), `.${name}(Boolean)`]);
	};

/** A dictionary of the module that is written as a plain object. */
function isPlainObject(use: Use): boolean {
	const [dict] = use.args;
	return dict?.kind === "global" && use.scope.service.plainObjects.has(dict.constant);
}

function isRecord(use: Use): boolean {
	const kind = use.args[0]?.type.kind;
	return kind === "record" || kind === "row";
}

const valueAt: Spelling = (use) => {
	const [record, key] = use.args;
	if (record && isRecord(use) && key?.kind === "const" && key.value.kind === "str")
		return primary([use.doc(0, levels.primary), `[${JSON.stringify(key.value.value)}]`]);
	return helper(isPlainObject(use) ? "propertyOf" : "lookUp")(use);
};

const contains: Spelling = (use) => {
	if (isPlainObject(use) || isRecord(use)) return primary(callDoc("Object.hasOwn", [use.doc(0), use.doc(1)]));
	return method("has")(use);
};

const valueOrDefault: Spelling = (use) => {
	const otherwise = isNone(use.args[2]) ? "null" : use.doc(2, levels.or + 1);
	const [dict] = use.args;
	if (isPlainObject(use)) {
		const read = [use.doc(0, levels.primary), "[", use.doc(1), "]"];
		return { doc: [callDoc("Object.hasOwn", [use.doc(0), use.doc(1)]), " ? ", read, " : ", otherwise], level: levels.choice };
	}
	if (dict?.type.kind !== "dict") return unsupported(use, `get() on a value of type ${dict?.type.kind}`);
	if (dict.type.value.kind === "optional" || dict.type.value.kind === "none")
		return unsupported(use, "get() on a dictionary whose values may be none");
	return { doc: [use.doc(0, levels.primary), ".get(", use.doc(1), ") ?? ", otherwise], level: levels.nullish };
};

/** Whole-number keys: a plain object visits them in ascending order, a Map as they were written. */
function visited(part: "keys" | "values" | "entries"): Spelling {
	return (use) => {
		const dict = use.doc(0, levels.primary);
		const type = use.args[0]?.type;
		if (isRecord(use)) return primary(callDoc(`Object.${part}`, [use.doc(0)]));
		if (!isPlainObject(use)) {
			const source = isOrderDrifting(use) && !use.exact ? asObject(use) : null;
			if (source === null) return primary(["[...", part === "entries" ? dict : [dict, `.${part}()`], "]"]);
			return fromObject(source, part, type?.kind === "dict" && type.key.kind === "int");
		}
		return fromObject(use.code(0), part, type?.kind === "dict" && type.key.kind === "int");
	};
}

/** A dictionary of the module whose sites are partly exact stays a Map; the others still go through an object. */
function isOrderDrifting(use: Use): boolean {
	return use.args[0]?.kind === "global";
}

function asObject(use: Use): Code {
	return primary(callDoc("Object.fromEntries", [use.doc(0)]));
}

function fromObject(source: Code, part: "keys" | "values" | "entries", numeric: boolean): Code {
	const list = primary(callDoc(`Object.${part}`, [source.doc]));
	if (!numeric || part === "values") return list;
	if (part === "keys") return primary([list.doc, ".map(Number)"]);
	return primary([list.doc, ".map(([key, value]) => [Number(key), value] as const)"]);
}

export const collections: Partial<Record<OpName, Spelling>> = {
	"list.len": size("length"),
	"list.at": at,
	"list.slice": slice,
	"tuple.at": at,
	"list.append": method("push"),
	"list.concat": (use) => primary(["[...", use.doc(0, levels.choice), ", ...", use.doc(1, levels.choice), "]"]),
	"list.of": (use) => {
		const items = use.items(0);
		return use.args[0]?.type.kind === "list" ? primary(["[...", items.doc, "]"]) : items;
	},
	"list.reversed": (use) => primary([within(use.items(0), levels.primary), ".toReversed()"]),
	"list.sorted": sorted,
	"list.any": quantified("some"),
	"list.all": quantified("every"),
	"list.min": (use) => call(use, "leastOf", use.items(0).doc),
	"list.max": (use) => call(use, "greatestOf", use.items(0).doc),
	"list.enumerate": (use) => {
		const [, start] = use.args;
		const fromZero = start === undefined || (start.kind === "const" && start.value.kind === "int" && start.value.value === "0");
		if (fromZero) return primary([within(use.items(0), levels.primary), ".entries()"]);
		return call(use, "enumerated", use.items(0).doc, use.doc(1));
	},
	"list.zip": helper("zipped"),
	"list.range": helper("range"),
	"dict.at": valueAt,
	"dict.get": valueOrDefault,
	"dict.contains": contains,
	"dict.len": (use) => (isPlainObject(use) ? primary([callDoc("Object.keys", [use.doc(0)]), ".length"]) : size("size")(use)),
	"dict.keys": visited("keys"),
	"dict.values": visited("values"),
	"dict.items": visited("entries"),
};
