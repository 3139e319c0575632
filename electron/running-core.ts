import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { coreLeaseShape } from "../core/contract/host.ts";
import { isRunning, readJson, readText } from "./processes.ts";

/** A core that serves. `startedHere`: by this desktop, in this or a former session; only such a core may be ended with the window. */
export type RunningCore = { url: string; pid: number; startedHere: boolean; ended: Promise<void>; end(): Promise<void> };

const watchMs = 250;
const endLimitMs = 20_000;

/** Names the core that this desktop started, for the next session. */
export const ownershipFile = (stateDir: string) => join(stateDir, "desktop-core.pid");

/** The core that already works on this state directory and answers; null when there is none. */
export async function adoptCore(stateDir: string): Promise<RunningCore | null> {
	const lease = coreLeaseShape.safeParse(readJson(join(stateDir, "core.json")));
	if (!lease.success || !isRunning(lease.data.pid)) return null;
	const { url, pid, token } = lease.data;
	if (!(await acceptsToken(url, token))) return null;
	const ended = endOf(pid);
	const startedHere = readText(ownershipFile(stateDir)).trim() === String(pid);
	return { url, pid, startedHere, ended, end: () => endCore(pid, ended) };
}

/** Whoever knows the token of the lease is the core of the lease, and not a stranger with its process id or its port. */
async function acceptsToken(url: string, token: string): Promise<boolean> {
	try {
		const answer = await fetch(new URL("/enter", url), { method: "POST", body: token, signal: AbortSignal.timeout(3_000) });
		return answer.status === 204;
	} catch {
		return false;
	}
}

async function endOf(pid: number): Promise<void> {
	while (isRunning(pid)) await delay(watchMs, undefined, { ref: false });
}

/** Asks it to end; after a time limit ends it. Its journal and the gateway bear that. */
export async function endCore(pid: number, ended: Promise<void>, limitMs = endLimitMs): Promise<void> {
	if (!isRunning(pid)) return;
	process.kill(pid, "SIGTERM");
	const limit = new AbortController();
	const late = delay(limitMs, "late", { signal: limit.signal }).catch(() => "");
	if ((await Promise.race([ended, late])) === "late") process.kill(pid, "SIGKILL");
	limit.abort();
	await ended;
}
