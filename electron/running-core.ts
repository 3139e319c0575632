import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { coreLeaseShape, type hostApi, type Welcome } from "../core/contract/host.ts";
import type { Line } from "../core/contract/line.ts";
import { openLine } from "./core-line.ts";
import { isRunning, readJson, readText } from "./processes.ts";

export type HostClient = ContractRouterClient<typeof hostApi>;

/** A core that answers. `startedHere`: by this desktop, in this or a former session; only such a core may be ended with the window. */
export type RunningCore = {
	pid: number;
	version: string;
	socket: string;
	startedHere: boolean;
	host: HostClient;
	/** When its process is gone. */
	ended: Promise<void>;
	/** With `panic` all traffic goes to legacy first. */
	end(panic?: string): Promise<void>;
};

const watchMs = 250;
const endLimitMs = 20_000;

/** Names the core that this desktop started, for the next session. */
export const ownershipFile = (stateDir: string) => join(stateDir, "desktop-core.pid");

/** The core that already works on this state directory and answers; null when there is none. */
export async function adoptCore(stateDir: string): Promise<RunningCore | null> {
	const lease = coreLeaseShape.safeParse(readJson(join(stateDir, "core.json")));
	if (!lease.success || !isRunning(lease.data.pid)) return null;
	const { socket, pid } = lease.data;
	const startedHere = readText(ownershipFile(stateDir)).trim() === String(pid);
	const opened = await openLine(socket, "host").catch(() => null);
	// Whoever answers on the socket of the lease under its process id is the core of the lease, and no stranger with the same id.
	if (opened === null || opened.welcome.pid !== pid) return null;
	return runningCore(opened, { socket, startedHere, ended: endOf(pid) });
}

export function runningCore(
	{ welcome, line }: { welcome: Welcome; line: Line },
	rest: Pick<RunningCore, "socket" | "startedHere" | "ended">,
): RunningCore {
	const { pid, version } = welcome;
	const host: HostClient = createORPCClient(new RPCLink({ port: line }));
	const end = async (panic?: string) => {
		// Asked by its socket, because Windows knows no signal that a process hears.
		const asked = host.end(panic === undefined ? {} : { panic }).catch(() => {});
		await Promise.race([asked, delay(1_000, undefined, { ref: false })]);
		await endCore(pid, rest.ended);
	};
	return { ...rest, pid, version, host, end };
}

async function endOf(pid: number): Promise<void> {
	while (isRunning(pid)) await delay(watchMs, undefined, { ref: false });
}

/** Tells the process to end; after a time limit ends it. Its journal and the gateway bear that. */
export async function endCore(pid: number, ended: Promise<void>, limitMs = endLimitMs): Promise<void> {
	// Where signals are, one that comes after the request changes nothing; elsewhere it would break the orderly end off.
	if (isRunning(pid) && process.platform !== "win32") process.kill(pid, "SIGTERM");
	const limit = new AbortController();
	const late = delay(limitMs, "late", { signal: limit.signal }).catch(() => "");
	if ((await Promise.race([ended, late])) === "late") process.kill(pid, "SIGKILL");
	limit.abort();
	await ended;
}
