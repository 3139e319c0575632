import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the core of a state directory can be reached; the journal's lock is what makes it the only one. */
export type CoreLease = { pid: number; url: string; token: string };

const fileOf = (dir: string) => join(dir, "core.json");

/** Lets the command line find this core's server. */
export function announceCore(dir: string, url: string, token: string): void {
	writeFileSync(fileOf(dir), JSON.stringify({ pid: process.pid, url, token }), { mode: 0o600 });
}

export function withdrawCore(dir: string): void {
	if (readCoreLease(dir)?.pid === process.pid) rmSync(fileOf(dir), { force: true });
}

/** The core that works on this directory now, or null. */
export function readCoreLease(dir: string): CoreLease | null {
	try {
		const lease = JSON.parse(readFileSync(fileOf(dir), "utf8")) as CoreLease;
		process.kill(lease.pid, 0);
		return lease;
	} catch {
		return null;
	}
}
