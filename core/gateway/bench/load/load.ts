import { fileURLToPath } from "node:url";
import { otherCores, startOn } from "../processes.ts";

export type Workload = { id: "get100" | "post1k" | "post64k"; name: string; method: "GET" | "POST"; bytes: number };

export const workloads: readonly Workload[] = [
	{ id: "get100", name: "GET 100 B", method: "GET", bytes: 0 },
	{ id: "post1k", name: "POST 1 KiB", method: "POST", bytes: 1024 },
	{ id: "post64k", name: "POST 64 KiB", method: "POST", bytes: 64 * 1024 },
];

/** What everybody is asked for. */
export const path = "/bench/item";

/** Times in milliseconds. `errors`: answers that are none of success, and connections that failed in any way. */
export type LoadResult = { requests: number; perSecond: number; errors: number; p50: number; p99: number; longest: number };

const script = fileURLToPath(new URL("./load.lua", import.meta.url));

/** Presses as hard as these connections can, by wrk on one thread. */
export async function load(
	port: number,
	workload: Workload,
	connections: number,
	seconds: number,
	target = path,
	signal?: AbortSignal,
): Promise<LoadResult> {
	const url = `http://127.0.0.1:${port}${target}`;
	const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", script, url, "--"];
	const child = startOn(otherCores, "wrk", [...args, workload.method, String(workload.bytes)], { stdio: ["ignore", "pipe", "pipe"] });
	let text = "";
	child.stdout?.on("data", (part) => {
		text += part;
	});
	child.stderr?.on("data", (part) => {
		text += part;
	});
	// wrk ends orderly, with its figures.
	signal?.addEventListener("abort", () => child.kill("SIGINT"));
	const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
	const line = text.trimEnd().split("\n").at(-1) ?? "";
	if (code !== 0 || !line.startsWith("{")) throw new Error(`wrk failed (${code}): ${text.trim().slice(-400)}`);
	const told = JSON.parse(line) as Record<
		"requests" | "micros" | "status" | "connect" | "read" | "write" | "timeout" | "p50" | "p99" | "max",
		number
	>;
	return {
		requests: told.requests,
		perSecond: (told.requests * 1e6) / told.micros,
		errors: told.status + told.connect + told.read + told.write + told.timeout,
		p50: told.p50 / 1_000,
		p99: told.p99 / 1_000,
		longest: told.max / 1_000,
	};
}
