import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Core 0 is the proxy's, core 1 everybody else's; with one core they share it. */
export const PROXY_CORE = "0";
export const OTHER_CORE = "1";

/** Where a program of the system is, or null. */
export function which(program: string): string | null {
	try {
		return execFileSync("sh", ["-c", `command -v ${program}`], {
			encoding: "utf8",
			env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
		}).trim();
	} catch {
		return null;
	}
}

export function startOn(
	core: string,
	program: string,
	args: string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
	return spawn("taskset", ["-c", core, program, ...args], { ...options, stdio: ["ignore", "ignore", "inherit"] });
}

export async function untilListening(port: number, name: string): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		const isThere = await new Promise<boolean>((resolve) => {
			const socket = connect(port, "127.0.0.1");
			socket.once("connect", () => {
				socket.destroy();
				resolve(true);
			});
			socket.once("error", () => resolve(false));
		});
		if (isThere) return;
		await delay(50);
	}
	throw new Error(`${name} does not listen on ${port}`);
}

export async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const closed = new Promise((resolve) => child.once("close", resolve));
	child.kill("SIGTERM");
	const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
	await closed;
	clearTimeout(timer);
}

/** A process with all that came of it. */
export function familyOf(pid: number): number[] {
	const parents = new Map<number, number>();
	for (const name of readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		const stat = statOf(Number(name));
		if (stat !== null) parents.set(Number(name), Number(stat[1]));
	}
	const family = [pid];
	for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
	return family;
}

/** Seconds of processor time, user and system. */
export function processorSeconds(pids: readonly number[]): number {
	let ticks = 0;
	for (const pid of pids) {
		const stat = statOf(pid);
		if (stat !== null) ticks += Number(stat[11]) + Number(stat[12]);
	}
	return ticks / 100;
}

/** Resident memory in megabytes. */
export function residentMegabytes(pids: readonly number[]): number {
	let kilobytes = 0;
	for (const pid of pids) {
		try {
			kilobytes += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
		} catch {
			// Gone meanwhile.
		}
	}
	return kilobytes / 1024;
}

/** The fields of /proc/PID/stat from the state on (proc(5)): 0 state, 1 parent, 11 user ticks, 12 system ticks. */
function statOf(pid: number): string[] | null {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, "utf8");
		return text.slice(text.lastIndexOf(")") + 2).split(" ");
	} catch {
		return null;
	}
}
