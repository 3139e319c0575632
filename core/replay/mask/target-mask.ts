import { percentDecode, percentEncode } from "./fields/form.ts";
import type { Secrets, TextMask } from "./text-mask.ts";

/** A request target: each piece of the path by itself, `;name=value` and the query by their names. */
export function maskTarget(target: string, mask: TextMask, secrets: Secrets): string {
	const mark = target.indexOf("?");
	const path = mark === -1 ? target : target.slice(0, mark);
	const masked = path.replace(/[^/;]+/g, (piece, offset: number) => maskPiece(piece, path[offset - 1] === ";", mask, secrets));
	return mark === -1 ? masked : `${masked}?${mask.query(target.slice(mark + 1), secrets)}`;
}

function maskPiece(piece: string, isParameter: boolean, mask: TextMask, secrets: Secrets): string {
	const equals = isParameter ? piece.indexOf("=") : -1;
	const raw = piece.slice(equals + 1);
	// A `+` in a path is a plus.
	const value = percentDecode(raw.replaceAll("+", "%2B"));
	const next = equals === -1 ? mask.plain(value, secrets) : mask.named(piece.slice(0, equals), value, secrets);
	return next === value ? piece : piece.slice(0, equals + 1) + percentEncode(next, raw).replaceAll("%2B", raw.includes("+") ? "+" : "%2B");
}
