import { type ChildProcess, fork, type SpawnOptions, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

/** Proxies have one core for themselves; load, backends and whoever consumes exchanges share the others. */
export const proxyCore = "0";
export const otherCores = availableParallelism() > 2 ? `1-${availableParallelism() - 1}` : "1";

const tick = 100;

/** As many open files as this machine lets a program have. */
const files = Number(/Max open files\s+\S+\s+(\d+)/.exec(readFileSync("/proc/self/limits", "latin1"))?.[1] ?? 1_024);

/** Makes the program that follows run on these cores with room for many sockets; it keeps its process id. */
export const pinned = (cores: string): string[] => ["-c", cores, "prlimit", `--nofile=${files}:${files}`];

export function startOn(cores: string, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
	return spawn("taskset", [...pinned(cores), command, ...args], { stdio: ["ignore", "ignore", "ignore"], ...options });
}

/** A program of the bench's own with a channel to it; ready when it has said its first word. */
export async function forkOn(cores: string, program: string, args: readonly string[]): Promise<{ child: ChildProcess; word: unknown }> {
	const child = fork(program, args, {
		execPath: "taskset",
		execArgv: [...pinned(cores), process.execPath],
		stdio: ["ignore", "inherit", "inherit", "ipc"],
	});
	const word = await new Promise<unknown>((resolve, reject) => {
		child.once("message", resolve);
		child.once("exit", (code) => reject(new Error(`${program} ended with code ${code}`)));
	});
	return { child, word };
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill(signal);
	await ended;
}

/** Until something takes connections there. */
export async function untilListening(port: number, what: string): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		if (await takes(port)) return;
		await delay(50);
	}
	throw new Error(`${what} does not listen on port ${port}`);
}

function takes(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => resolve(true));
		socket.once("error", () => resolve(false));
		socket.once("connect", () => socket.destroy());
	});
}

/** A process and all that it started. */
export function familyOf(pid: number): number[] {
	const parents = new Map<number, number>();
	for (const name of readdirSync("/proc")) {
		const fields = /^\d+$/.test(name) ? fieldsOf(Number(name)) : null;
		if (fields) parents.set(Number(name), Number(fields[1]));
	}
	const family = [pid];
	for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
	return family;
}

/** Fields of /proc/PID/stat behind the name in brackets, or null: state, parent, ... */
function fieldsOf(pid: number): string[] | null {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	} catch {
		return null;
	}
}

/** Microseconds on a processor so far, own and the kernel's for it, of all these together. The kernel counts in steps of 10 ms. */
export function cpuMicros(pids: readonly number[]): number {
	let ticks = 0;
	for (const pid of pids) {
		const fields = fieldsOf(pid);
		if (fields) ticks += Number(fields[11]) + Number(fields[12]);
	}
	return (ticks * 1e6) / tick;
}

export function residentMb(pids: readonly number[]): number {
	let kb = 0;
	for (const pid of pids) {
		try {
			kb += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
		} catch {
			// It is gone.
		}
	}
	return kb / 1024;
}
