import { fail } from "./exceptions.ts";
import { str } from "./repr.ts";
import { typeName, type Value } from "./values.ts";

let sink: (text: string) => void = (text) => process.stdout.write(text);

/** Where `print` writes. */
export function printTo(write: (text: string) => void): void {
	sink = write;
}

/** print(*values, sep, end) */
export function print(values: readonly Value[], sep: Value = " ", end: Value = "\n"): null {
	if (sep !== null && typeof sep !== "string") return fail("TypeError", `sep must be None or a string, not ${typeName(sep)}`);
	if (end !== null && typeof end !== "string") return fail("TypeError", `end must be None or a string, not ${typeName(end)}`);
	sink(values.map(str).join(sep ?? " ") + (end ?? "\n"));
	return null;
}
