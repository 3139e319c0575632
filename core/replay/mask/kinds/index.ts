import type { Permute } from "../permute.ts";
import { card } from "./card.ts";
import { email } from "./email.ts";
import { iban } from "./iban.ts";
import { jwt } from "./jwt.ts";
import type { Found, Kind } from "./kind.ts";
import { phone } from "./phone.ts";

/** A new kind is one file and its place here; where two find the same characters, the earlier one has them. */
export const kinds: readonly Kind[] = [jwt, email, iban, card, phone];

const suspicious = /@|eyJ|\d[\d .()/-]{5}|[A-Za-z]{2}\d\d[ A-Za-z0-9]{4}/;

/** The text with every value of these kinds replaced; the text itself when it holds none. `keep`: a value that shall stay. */
export function maskKinds(
	text: string,
	wanted: readonly Kind[],
	permute: Permute,
	count: (kind: string) => void,
	keep: (value: string) => boolean = () => false,
): string {
	// Nearly every text is innocent, and sees this one pattern only.
	if (text.length < 6 || !suspicious.test(text)) return text;
	let taken: Found[] = [];
	for (const kind of wanted) {
		if (!kind.hint.test(text)) continue;
		const found = kind.find(text, permute).filter(({ from, to }) => !keep(text.slice(from, to)));
		if (found.length > 0) taken = merge(taken, found, () => count(kind.name));
	}
	if (taken.length === 0) return text;
	let out = "";
	let at = 0;
	for (const { from, to, masked } of taken) {
		out += text.slice(at, from) + masked;
		at = to;
	}
	return out + text.slice(at);
}

/** Both in order of place; of `found` only what touches nothing that is taken. */
function merge(taken: readonly Found[], found: readonly Found[], onTaken: () => void): Found[] {
	const merged: Found[] = [];
	let next = 0;
	for (const one of found) {
		while (next < taken.length && (taken[next] as Found).to <= one.from) merged.push(taken[next++] as Found);
		const other = taken[next];
		if (other !== undefined && other.from < one.to) continue;
		merged.push(one);
		onTaken();
	}
	return merged.concat(taken.slice(next));
}
