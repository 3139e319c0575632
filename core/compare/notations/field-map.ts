import { textLeaf, type Value } from "../value-tree.ts";
import type { Body } from "./body.ts";

/**
 * Writes a JSON answer in the shape of the XML answer beside it, so that both can be aligned as XML:
 *
 *   XML                                   JSON
 *   <ANSWER><AMOUNT>5.00</AMOUNT>         {"AMOUNT": "5.00"}           element name = key, case kept; or {"ANSWER": {...}}
 *   <ROW>..</ROW><ROW>..</ROW>            {"ROW": [.., ..]}            repeated elements = array; one or none: array of 1 or 0
 *   <ROWS><ROW>..</ROW></ROWS>            {"ROWS": [..]}               a wrapper of one kind of element = array
 *   <AMOUNT CUR="EUR">5</AMOUNT>          {"AMOUNT": {"CUR": "EUR", "#text": "5"}}     attribute = key, with or without @
 *   <N>3</N>                              {"N": 3} or {"N": "3"}       numbers and truth values by their text
 *   <X/>                                  {"X": ""} or {"X": null}     XML knows no other nothing
 */
export function shapeAsXml(xml: Body, json: Body): Value {
	const { value } = json;
	const wrapped = value.kind === "record" && value.fields.size === 1 ? value.fields.get(xml.root) : undefined;
	// <ANSWER><ANSWER>..</ANSWER></ANSWER> would make the wrapper ambiguous: then the key is the inner element.
	const inner = xml.value.kind === "record" && xml.value.fields.has(xml.root);
	return shape(xml.value, wrapped !== undefined && !inner ? wrapped : value);
}

function shape(like: Value | undefined, value: Value): Value {
	switch (value.kind) {
		case "leaf":
			return textLeaf(value.of === "null" ? "" : value.text);
		case "list":
			return shapeList(like, value.items);
		case "record": {
			const text = value.fields.get("#text");
			if (like?.kind === "leaf" && value.fields.size === 0) return textLeaf("");
			if (like?.kind === "leaf" && value.fields.size === 1 && text !== undefined) return shape(like, text);
			const known = like?.kind === "record" ? like.fields : new Map<string, Value>();
			const fields = new Map<string, Value>();
			for (const [key, item] of value.fields) {
				const name = !known.has(key) && known.has(`@${key}`) ? `@${key}` : key;
				if (item.kind === "list" && item.items.length === 0 && !known.has(name)) continue;
				fields.set(name, shape(known.get(name), item));
			}
			return { kind: "record", fields, sequence: null };
		}
	}
}

function shapeList(like: Value | undefined, items: Value[]): Value {
	if (like?.kind === "list")
		return { kind: "list", items: items.map((item, index) => shape(like.items[index] ?? like.items.at(-1), item)) };
	if (like?.kind === "leaf" && items.length === 0) return textLeaf("");
	if (like?.kind === "record" && like.fields.size === 1) {
		const [name, inner] = [...like.fields][0] as [string, Value];
		// A list of one whose item already has the wrapper's field is the element itself, not its content.
		const itself = items.length === 1 && items[0]?.kind === "record" && items[0].fields.has(name);
		if (!itself && !name.startsWith("@")) return { kind: "record", fields: new Map([[name, shapeList(inner, items)]]), sequence: null };
	}
	if (items.length === 1 && like !== undefined) return shape(like, items[0] as Value);
	return { kind: "list", items: items.map((item) => shape(like, item)) };
}
