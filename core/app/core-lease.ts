import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CoreLease, coreLeaseShape } from "../contract/host.ts";

const fileOf = (dir: string) => join(dir, "core.json");

/** Lets the command line and the desktop find this core; the journal's lock is what makes it the only one of its directory. */
export function announceCore(dir: string, reach: Omit<CoreLease, "pid">): void {
	writeFileSync(fileOf(dir), JSON.stringify({ pid: process.pid, ...reach } satisfies CoreLease), { mode: 0o600 });
}

export function withdrawCore(dir: string): void {
	if (readCoreLease(dir)?.pid === process.pid) rmSync(fileOf(dir), { force: true });
}

/** The core that works on this directory now, or null. */
export function readCoreLease(dir: string): CoreLease | null {
	try {
		const lease = coreLeaseShape.parse(JSON.parse(readFileSync(fileOf(dir), "utf8")));
		process.kill(lease.pid, 0);
		return lease;
	} catch {
		return null;
	}
}
