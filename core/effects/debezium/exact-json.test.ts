import fc from "fast-check";
import { expect, test } from "vitest";
import { type Json, parseExactJson, printExactJson } from "./exact-json.ts";

/** As `JSON.parse` would have rounded it. */
function rounded(value: Json): unknown {
	if (typeof value === "bigint") return Number(value);
	if (Array.isArray(value)) return value.map(rounded);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]));
}

test("[D4] every JSON text is read as JSON.parse reads it, but for the digits of integers", () => {
	fc.assert(
		fc.property(fc.json({ depthSize: "medium" }), fc.constantFrom(0, 1, "\t"), (text, space) => {
			const spaced = JSON.stringify(JSON.parse(text), null, space);
			expect(rounded(parseExactJson(spaced))).toEqual(JSON.parse(spaced));
		}),
		{ seed: 3, numRuns: 500 },
	);
	for (const [text, value] of [
		["9007199254740993", 9007199254740993n],
		["-9223372036854775808", -9223372036854775808n],
		["1.0", 1],
		["-0", -0],
		["-0.0", -0],
		["1e3", 1000],
		['"\\ud83d\\ude42 \\" \\\\"', '🙂 " \\'],
		[' { "a" : [ ] , "b" : { } } ', { a: [], b: {} }],
	] as const)
		expect(parseExactJson(text)).toEqual(value);
	expect(Object.keys(parseExactJson('{"__proto__":1}') as object)).toEqual(["__proto__"]);
});

test("[D10] a text that JSON.parse refuses is refused: every cut and every changed sign of an event", () => {
	const event = '{"op":"c","n":-12.5e-3,"big":12345678901234567890,"t":"a\\u0041\\n","l":[true,false,null,[]],"o":{}}';
	const isJson = (text: string, parse: (text: string) => unknown) => {
		try {
			parse(text);
			return true;
		} catch (error) {
			expect(error).toBeInstanceOf(SyntaxError);
			return false;
		}
	};
	for (let at = 0; at <= event.length; at++) {
		const cut = event.slice(0, at);
		expect([cut, isJson(cut, parseExactJson)]).toEqual([cut, isJson(cut, JSON.parse)]);
		for (const sign of ['"', "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", ".", "e", " ", "\n", "\u0000", "x"]) {
			const changed = event.slice(0, at) + sign + event.slice(at + 1);
			expect([changed, isJson(changed, parseExactJson)]).toEqual([changed, isJson(changed, JSON.parse)]);
		}
	}
	expect(() => parseExactJson("[".repeat(100_000))).toThrow(SyntaxError);
});

test("[D4] a schema that was read before says the same, one that differs says its own", () => {
	const schema = (type: string, end = "") => `{"fields":[${`{"type":"${type}","field":"price"},`.repeat(5)}{"type":"int64"}]${end}}`;
	const texts = [schema("string"), schema("double"), schema("string", ',"version":2'), schema("string", " ")];
	for (const text of [...texts, ...texts, ...[...texts].reverse()]) {
		const event = `{"schema":${text},"payload":{"schema":"public","id":7}}`;
		expect(rounded(parseExactJson(event))).toEqual(JSON.parse(event));
		expect(() => parseExactJson(event.replace(',"payload"', ' "payload"'))).toThrow(SyntaxError);
	}
});

test("[D3] what is printed is read as the same", () => {
	const text = '{"a":[1,1.5,-0.0,"x\\n",null,true,{"b":12345678901234567890}]}';
	expect(printExactJson(parseExactJson(text))).toBe(text);
});
