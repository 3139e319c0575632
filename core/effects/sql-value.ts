import type { RowImage, SqlValue } from "../contract/effects.ts";

/** What node:sqlite hands out and takes in when `setReadBigInts(true)` is on: each storage class has its own type. */
export type BoundValue = null | bigint | number | string | Uint8Array;

export function fromBound(value: BoundValue): SqlValue {
	if (value === null) return null;
	if (typeof value === "bigint") return { i: value.toString() };
	if (typeof value === "number") return { r: value };
	if (typeof value === "string") return { t: value };
	return { b: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
}

export function toBound(value: SqlValue | undefined): BoundValue {
	if (value === null || value === undefined) return null;
	if ("i" in value) return BigInt(value.i);
	if ("r" in value) return value.r;
	if ("t" in value) return value.t;
	return Buffer.from(value.b, "base64");
}

export function equalValue(a: SqlValue | undefined, b: SqlValue | undefined): boolean {
	if (a === b) return true;
	if (a === null || b === null || a === undefined || b === undefined) return false;
	if ("i" in a) return "i" in b && a.i === b.i;
	if ("r" in a) return "r" in b && Object.is(a.r, b.r);
	if ("t" in a) return "t" in b && a.t === b.t;
	return "b" in b && a.b === b.b;
}

export function equalImage(a: RowImage | null, b: RowImage | null): boolean {
	if (a === null || b === null) return a === b;
	const names = Object.keys(a);
	return names.length === Object.keys(b).length && names.every((name) => name in b && equalValue(a[name], b[name]));
}

export function quoteName(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
