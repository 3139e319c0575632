import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, openSync, readFileSync, readSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../testing/upstream.ts";
import { cacheDir } from "../cache.ts";
import { end, otherCores, startOn, untilListening } from "../processes.ts";

export type Backend = {
	port: number;
	address: { host: string; port: number };
	pid: number;
	/** Requests that have come so far, and when the last one came: milliseconds of the machine's monotonic clock. */
	seen(): { requests: number; lastAt: number };
	end(): Promise<void>;
};

const source = fileURLToPath(new URL("./backend.c", import.meta.url));

/** Compiled once for each text of the source. */
export function backendProgram(): string {
	const text = readFileSync(source);
	const program = join(cacheDir(), `backend-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`);
	if (!existsSync(program)) {
		execFileSync("cc", ["-O2", "-o", `${program}.new`, source], { stdio: ["ignore", "ignore", "pipe"] });
		renameSync(`${program}.new`, program);
	}
	return program;
}

/** A server far faster than any proxy before it, not on the proxies' core. `dir`: where it tells what it has seen. */
export async function startBackend(dir: string): Promise<Backend> {
	const port = await freePort();
	const file = join(dir, `seen-${port}`);
	const child = startOn(otherCores, backendProgram(), [String(port), file]);
	await untilListening(port, "the backend");
	const descriptor = openSync(file, "r");
	const words = Buffer.alloc(16);
	return {
		port,
		address: { host: "127.0.0.1", port },
		pid: child.pid ?? 0,
		seen() {
			readSync(descriptor, words, 0, 16, 0);
			return { requests: Number(words.readBigUInt64LE(0)), lastAt: Number(words.readBigUInt64LE(8)) / 1e6 };
		},
		end: () => end(child),
	};
}

/** The clock of `seen`. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
