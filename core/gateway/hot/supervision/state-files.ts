import { createHash } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RoutePlan } from "../../../contract/traffic.ts";
import { parseJson } from "../lines.ts";
import type { Lease, Panic } from "../protocol.ts";
import { isPlan } from "../validate.ts";

/** The gateway's files in the state directory, which is nobody else's to read. */
export type StateFiles = { lease: string; plan: string; panic: string; socket: string; log: string };

export function stateFiles(stateDir: string): StateFiles {
	return {
		lease: join(stateDir, "gateway.json"),
		plan: join(stateDir, "plan.json"),
		panic: join(stateDir, "PANIC"),
		socket: socketPath(stateDir),
		log: join(stateDir, "gateway.log"),
	};
}

/** Unix socket names end at about 104 bytes, and Windows has pipes instead. */
function socketPath(stateDir: string): string {
	const short = createHash("sha256").update(stateDir).digest("hex").slice(0, 16);
	if (process.platform === "win32") return `\\\\.\\pipe\\phoenix-gateway-${short}`;
	const path = join(stateDir, "gateway.sock");
	if (Buffer.byteLength(path) <= 100) return path;
	const dir = join(tmpdir(), `phoenix-${process.getuid?.() ?? 0}-${short}`);
	createPrivateDir(dir);
	return join(dir, "gateway.sock");
}

export function createPrivateDir(dir: string): void {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	chmodSync(dir, 0o700);
}

/** Whole or not at all, also when the machine stops in the middle. */
export function writeAtomically(file: string, value: unknown): void {
	const draft = `${file}.${process.pid}.tmp`;
	const descriptor = openSync(draft, "w", 0o600);
	try {
		writeSync(descriptor, `${JSON.stringify(value)}\n`);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
	renameSync(draft, file);
}

export type StoredPlan = { plan: RoutePlan; panic: Panic | null };

/** null: there is none, or it is not valid. */
export function readStoredPlan(file: string): StoredPlan | null {
	const value = readJson(file) as Partial<StoredPlan> | undefined | null;
	if (!value || !isPlan(value.plan)) return null;
	const panic = value.panic;
	const isPanic = typeof panic?.at === "number" && typeof panic.reason === "string";
	return { plan: value.plan, panic: isPanic ? { at: panic.at, reason: panic.reason, alarm: panic.alarm === true } : null };
}

export function readLease(file: string): Lease | null {
	const value = readJson(file) as Partial<Lease> | undefined | null;
	if (!value || typeof value.pid !== "number" || typeof value.port !== "number" || typeof value.socket !== "string") return null;
	return {
		pid: value.pid,
		workerPid: typeof value.workerPid === "number" ? value.workerPid : 0,
		workerPids: value.workerPids ?? (typeof value.workerPid === "number" ? [value.workerPid] : []),
		port: value.port,
		host: value.host ?? "127.0.0.1",
		listeners: value.listeners ?? {},
		socket: value.socket,
		startedAt: value.startedAt ?? 0,
		planVersion: value.planVersion ?? 0,
	};
}

export function removeFile(file: string): void {
	rmSync(file, { force: true });
}

function readJson(file: string): unknown {
	try {
		return parseJson(readFileSync(file, "utf8"));
	} catch {
		return undefined;
	}
}

/** The first line of a file, or null where there is no file. */
export function readFirstLine(file: string): string | null {
	try {
		return (readFileSync(file, "utf8").split("\n")[0] ?? "").trim();
	} catch {
		return null;
	}
}

/** Whether `pid` lives and its command line holds every one of `marks`. Where that cannot be read: false, so that nothing foreign is signalled. */
export function isProcess(pid: number, marks: string[]): boolean {
	if (pid <= 0) return false;
	try {
		const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
		return marks.every((mark) => command.includes(mark));
	} catch {
		return false;
	}
}
