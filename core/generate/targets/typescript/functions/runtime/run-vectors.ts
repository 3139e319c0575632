import { createInterface } from "node:readline";
import { call } from "./calls.ts";
import { caught } from "./exceptions.ts";
import { printTo } from "./output.ts";
import { str } from "./repr.ts";
import { asciiJson, decode, encode, type TypedValue } from "./typed-values.ts";
import type { Value } from "./values.ts";

type Line = { args: TypedValue[]; keywords?: Record<string, TypedValue> };
type Outcome = {
	result?: TypedValue;
	raises?: { type: string; message: string };
	after: TypedValue[];
	output?: string;
	untranslated?: string;
};

/** One call: what it gives or raises, its arguments afterwards, and what it printed. */
export function runLine(fn: Value, { args, keywords = {} }: Line): Outcome {
	let output = "";
	printTo((text) => {
		output += text;
	});
	const outcome: Partial<Outcome> = {};
	let given: Value[] = [];
	try {
		given = args.map(decode);
		const named = Object.fromEntries(Object.entries(keywords).map(([name, value]) => [name, decode(value)]));
		outcome.result = encode(call(fn, given, named));
	} catch (thrown) {
		try {
			const error = caught(thrown);
			outcome.raises = { type: error.typeName, message: str(error) };
		} catch (other) {
			outcome.untranslated = other instanceof Error ? `${other.name}: ${other.message}` : String(other);
		}
	}
	const after = given.map((value) => encode(value));
	return { ...outcome, after, ...(output === "" ? {} : { output }) };
}

/** Answers each line of stdin with a line on stdout. */
export function runVectors(fn: Value): void {
	createInterface({ input: process.stdin }).on("line", (line) => {
		if (line.trim() === "") return;
		process.stdout.write(`${asciiJson(runLine(fn, JSON.parse(line) as Line))}\n`);
	});
}
