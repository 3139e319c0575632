import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { OTHER_CORE } from "./processes.ts";

export type Payload = { name: string; method: "GET" | "POST"; bytes: number };
export const payloads: readonly Payload[] = [
	{ name: "GET 100 B", method: "GET", bytes: 0 },
	{ name: "POST 1 KiB", method: "POST", bytes: 1_024 },
	{ name: "POST 64 KiB", method: "POST", bytes: 65_536 },
];

/** Requests a second and latencies in milliseconds. `faults`: broken connections, timeouts and answers other than 2xx. */
export type LoadResult = { rate: number; p50: number; p99: number; requests: number; faults: number };

/** wrk for some seconds, on the core that is not the proxy's. */
export async function load(port: number, payload: Payload, connections: number, seconds: number, dir: string): Promise<LoadResult> {
	const script = join(dir, `${payload.method}-${payload.bytes}.lua`);
	const body = payload.bytes === 0 ? "" : `wrk.method = "POST"\nwrk.body = string.rep("x", ${payload.bytes})\n`;
	writeFileSync(
		script,
		`${body}done = function(summary, latency)
	local e = summary.errors
	io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
		e.connect + e.read + e.write + e.timeout + e.status))
end\n`,
	);
	const args = [
		"-c",
		OTHER_CORE,
		"wrk",
		"-t1",
		`-c${connections}`,
		`-d${seconds}s`,
		"--timeout",
		"10s",
		"-s",
		script,
		`http://127.0.0.1:${port}/x`,
	];
	const { stdout } = await promisify(execFile)("taskset", args);
	const [requests = 0, duration = 1, p50 = 0, p99 = 0, faults = 0] = (/RESULT (.*)/.exec(stdout)?.[1] ?? "").split(" ").map(Number);
	return { rate: requests / (duration / 1e6), p50: p50 / 1e3, p99: p99 / 1e3, requests, faults };
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1
		? (sorted[middle] ?? Number.NaN)
		: ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
