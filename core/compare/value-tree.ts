/**
 * A body as values, whatever its notation:
 *
 *   <ANSWER OP="X"><AMOUNT>5.00</AMOUNT><ROW>a</ROW><ROW>b</ROW></ANSWER>     {"AMOUNT": "5.00", "ROW": ["a", "b"]}
 *        record  @OP "X" · AMOUNT "5.00" · ROW [ "a", "b" ]                    record  AMOUNT "5.00" · ROW [ "a", "b" ]
 */
export type Leaf = { kind: "leaf"; of: "text" | "number" | "boolean" | "null"; text: string };
export type RecordValue = {
	kind: "record";
	fields: Map<string, Value>;
	/** XML only: the names of the children in document order, repeats included. */
	sequence: string[] | null;
};
export type ListValue = { kind: "list"; items: Value[] };
export type Value = Leaf | RecordValue | ListValue;

export const textLeaf = (text: string): Leaf => ({ kind: "leaf", of: "text", text });

/** Equal keys mean equal values; the order of a record's fields does not matter, that of a list does. */
export function canonical(value: Value): string {
	switch (value.kind) {
		case "leaf":
			return `${value.of}:${JSON.stringify(value.text)}`;
		case "list":
			return `[${value.items.map(canonical).join(",")}]`;
		case "record": {
			const fields = [...value.fields].map(([name, item]) => `${JSON.stringify(name)}=${canonical(item)}`);
			return `{${fields.sort().join(",")}}`;
		}
	}
}

/** For people: a leaf's text as it is, everything else as compact JSON. */
export function showTree(value: Value): string {
	return value.kind === "leaf" ? value.text : JSON.stringify(plain(value));
}

function plain(value: Value): unknown {
	switch (value.kind) {
		case "leaf":
			return value.text;
		case "list":
			return value.items.map(plain);
		case "record":
			return Object.fromEntries([...value.fields].map(([name, item]) => [name, plain(item)]));
	}
}
