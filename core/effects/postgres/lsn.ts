/** A place in PostgreSQL's write-ahead log, in bytes. */
export type Lsn = bigint;

/** `0/16B3748`, as PostgreSQL writes it. */
export function printLsn(lsn: Lsn): string {
	const low = lsn & 0xffff_ffffn;
	return `${(lsn >> 32n).toString(16).toUpperCase()}/${low.toString(16).toUpperCase()}`;
}

/** Null for what is no LSN. */
export function parseLsn(text: string): Lsn | null {
	const found = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(text);
	return found === null ? null : (BigInt(`0x${found[1]}`) << 32n) | BigInt(`0x${found[2]}`);
}
