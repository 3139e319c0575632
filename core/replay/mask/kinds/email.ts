import type { Permute } from "../permute.ts";
import { maskValue } from "../value-mask.ts";
import { type Found, type Kind, wholeBy } from "./kind.ts";

const local = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const domain = /[\p{L}\p{N}.-]/u;
const LOCAL_LIMIT = 64;
const DOMAIN_LIMIT = 253;

/**
 * Addresses of mail. The masked one is as long, and its last label is one that no registry gives out, so that a replay writes to nobody;
 * addresses of one domain stay in one domain.
 */
export const email: Kind = { name: "email", hint: /@/, find, maskWhole: wholeBy(find) };

function find(text: string, permute: Permute): Found[] {
	const found: Found[] = [];
	// From each @ outwards, at most as far as an address may go: a pattern would try every start of a long word.
	for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
		let from = at;
		const stop = Math.max(at - LOCAL_LIMIT, found.at(-1)?.to ?? 0);
		while (from > stop && local.test(text[from - 1] as string)) from--;
		// Of what separates fields, none begins an address.
		while (from < at && /[.=&?/'|]/.test(text[from] as string)) from++;
		from = Math.max(from, afterLast(text, from, at));
		let to = at + 1;
		while (to < text.length && to - at <= DOMAIN_LIMIT && domain.test(text[to] as string)) to++;
		while (to > at && /[.-]/.test(text[to - 1] as string)) to--;
		const host = text.slice(at + 1, to);
		if (from === at || !/^[^.]+(\.[^.]+)*\.[^.\d-]{2,}$/.test(host)) continue;
		found.push({ from, to, masked: maskEmail(text.slice(from, at), host, permute) });
	}
	return found;
}

/** `name=user@host`, `a/b?user@host`: what stands before is no part of it. An `=` in the middle of an address is one. */
function afterLast(text: string, from: number, at: number): number {
	const before = text.slice(from, at);
	const start = Math.max(...["&", "?", "/"].map((mark) => before.lastIndexOf(mark) + 1));
	const equals = before.indexOf("=", start);
	return from + (equals !== -1 && /^[A-Za-z_][\w.-]*$/.test(before.slice(start, equals)) ? equals + 1 : start);
}

function maskEmail(user: string, host: string, permute: Permute): string {
	const labels = host.toLowerCase().split(".");
	const last = labels.pop() as string;
	const masked = maskValue(labels.join("."), permute, "email domain");
	return `${maskValue(user.toLowerCase(), permute, "email")}@${masked}.${nobodys(last.length)}`;
}

/** RFC 2606 for the lengths it has; ZZ is for users by ISO 3166. */
function nobodys(length: number): string {
	if (length === 2) return "zz";
	if (length === 4) return "test";
	return length === 7 ? "invalid" : "q".repeat(length);
}
