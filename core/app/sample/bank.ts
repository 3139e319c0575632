import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { childEnvironment, Fault, systemClock } from "../../base/index.ts";
import type { ReplicaCommand } from "../../contract/replica.ts";
import type { WatchedProcess } from "../runtime-watch.ts";

export const sampleRoot = join(dirname(fileURLToPath(import.meta.url)), "../../../sample-monolith");
export const sampleSource = join(sampleRoot, "banca");

/** What the traffic generator says at the end (and each second, without `final`). */
export type TrafficReport = { sent: number; ok: number; errors: number; p50: number; p95: number; final?: boolean };
export type SampleBank = {
	readonly port: number;
	readonly pid: number;
	readonly database: string;
	/** The folder of all its files. */
	readonly dir: string;
	readonly startedAt: number;
	/** A former core had started it. */
	readonly adopted: boolean;
	/** Where it writes its roll, and its complaints. */
	readonly log: string;
	readonly errors: string;
	isAlive(): boolean;
	stop(): Promise<void>;
};
export type SampleTraffic = {
	readonly pid: number;
	readonly startedAt: number;
	/** One line for each request, written by the client itself. */
	readonly log: string;
	/** What it prints: one line a second. */
	readonly output: string;
	report(): TrafficReport;
	stop(): Promise<TrafficReport>;
};

/** Builds the bank's database unless it is there. Python runs with `-B` here and below: the folder of the source stays as it is. */
export async function seedSample(
	database: string,
	options: { accounts?: number; seed?: number; onProgress?: (done: number, total: number) => void } = {},
	signal?: AbortSignal,
): Promise<void> {
	if (existsSync(database)) return;
	mkdirSync(dirname(database), { recursive: true });
	const unfinished = `${database}.part`;
	rmSync(unfinished, { force: true });
	const accounts = options.accounts ?? 10_000;
	const args = ["seed.py", "--out", unfinished, "--accounts", String(accounts), "--seed", String(options.seed ?? 1990), "--progress"];
	const child = spawn(python(), ["-B", ...args], {
		cwd: sampleRoot,
		env: childEnvironment(process.env),
		stdio: ["ignore", "pipe", "ignore"],
		signal,
	});
	child.stdout.on("data", (text: Buffer) => {
		const [, made] = /made (\d+)\s*$/.exec(text.toString()) ?? [];
		if (made !== undefined) options.onProgress?.(Number(made), accounts);
	});
	const code = await ended(child).catch((error: unknown) => {
		if (!signal?.aborted) throw error;
		throw new Fault("CANCELLED", { what: "The seeding of the sample bank", safe: "No half-made database was left." }, { cause: error });
	});
	if (code !== 0)
		throw new Fault("SERVICE_FAILED", { service: "the sample bank's seeder", reason: `it ended with code ${code}`, log: "its output" });
	renameSync(unfinished, database);
}

/**
 * Starts the bank, or takes over the one that a former core started: legacy does not depend on Phoenix, so it runs detached
 * and writes to files.
 */
export async function startSample(options: { database: string; port: number; dir: string }): Promise<SampleBank> {
	const lease = join(options.dir, "bank.json");
	const log = join(options.dir, "bank.log");
	const errors = join(options.dir, "bank.err.log");
	const files = { log, errors, lease };
	const former = readLease(lease);
	if (former !== null && isRunning(former.pid)) return bankOf(former, true, options.database, files);
	const [output, complaints] = [openSync(log, "w"), openSync(errors, "w")];
	const startedAt = systemClock.now();
	const args = [join(sampleSource, "bank.py"), "--db", options.database, "--port", String(options.port)];
	const child = spawn(python(), ["-B", ...args], {
		cwd: sampleSource,
		env: childEnvironment(process.env),
		detached: true,
		stdio: ["ignore", output, complaints],
	});
	closeSync(output);
	closeSync(complaints);
	const failure = (reason: string) => new Fault("SERVICE_FAILED", { service: "the sample bank", reason, log: errors });
	const gone = new Promise<never>((_, reject) => {
		child.once("error", (error) => reject(failure(`Python 3 is needed: ${error.message}`)));
		child.once("exit", (code) => reject(failure(`it ended with code ${code}`)));
	});
	const port = await Promise.race([gone, firstMatch(log, /^listening [\d.]+:(\d+)/m)]);
	gone.catch(() => {});
	child.unref();
	const own = { pid: child.pid ?? 0, port, startedAt };
	writeFileSync(lease, JSON.stringify(own));
	return bankOf(own, false, options.database, files);
}

/** How the bank is started a second time. */
export const sampleReplica = (): ReplicaCommand => ({
	line: `${python()} -B bank.py --db {database} --port {port}`,
	cwd: sampleSource,
});

export function startTraffic(options: { url: string; database: string; rate: number; seed: number; dir: string }): SampleTraffic {
	const log = join(options.dir, "traffic.jsonl");
	const stats = join(options.dir, "traffic.out");
	rmSync(log, { force: true });
	const output = openSync(stats, "w");
	const args = [
		"traffic.py",
		"--url",
		options.url,
		"--rate",
		String(options.rate),
		"--seed",
		String(options.seed),
		"--db",
		options.database,
		"--log",
		log,
	];
	const child = spawn(python(), ["-B", ...args], {
		cwd: sampleRoot,
		env: childEnvironment(process.env),
		detached: true,
		stdio: ["ignore", output, output],
	});
	closeSync(output);
	const report = (): TrafficReport => {
		const lines = readFileSync(stats, "utf8")
			.split("\n")
			.filter((line) => line.startsWith("{"));
		return lines.length === 0 ? { sent: 0, ok: 0, errors: 0, p50: 0, p95: 0 } : (JSON.parse(lines.at(-1) as string) as TrafficReport);
	};
	return {
		pid: child.pid ?? 0,
		startedAt: systemClock.now(),
		log,
		output: stats,
		report,
		async stop() {
			await endProcess(child.pid ?? 0, 15_000);
			return report();
		},
	};
}

type BankLease = { pid: number; port: number; startedAt: number };

function bankOf(lease: BankLease, adopted: boolean, database: string, files: { log: string; errors: string; lease: string }): SampleBank {
	return {
		...lease,
		adopted,
		database,
		dir: dirname(files.lease),
		log: files.log,
		errors: files.errors,
		isAlive: () => isRunning(lease.pid),
		async stop() {
			await endProcess(lease.pid, 5_000);
			rmSync(files.lease, { force: true });
		},
	};
}

async function firstMatch(file: string, pattern: RegExp, limitMs = 10_000): Promise<number> {
	for (let waited = 0; waited < limitMs; waited += 25) {
		const found = pattern.exec(readFileSync(file, "utf8"));
		if (found) return Number(found[1]);
		await sleep(25);
	}
	throw new Fault("SERVICE_FAILED", { service: "the sample bank", reason: `it did not listen within ${limitMs / 1000} s`, log: file });
}

function readLease(file: string): BankLease | null {
	return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as BankLease) : null;
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return false;
	}
}

async function endProcess(pid: number, limitMs: number): Promise<void> {
	if (pid === 0 || !isRunning(pid)) return;
	process.kill(pid, "SIGTERM");
	for (let waited = 0; waited < limitMs && isRunning(pid); waited += 25) await sleep(25);
	if (isRunning(pid)) process.kill(pid, "SIGKILL");
}

function python(): string {
	return process.env.PHOENIX_PYTHON ?? "python3";
}

function ended(child: ChildProcess): Promise<number | null> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code) => resolve(code));
	});
}

/** The bank among the processes that are watched. */
export function processOf({ pid, port, startedAt, adopted, log, errors }: SampleBank): WatchedProcess {
	const files = [
		{ file: log, stream: "out" as const },
		{ file: errors, stream: "err" as const },
	];
	return { id: "legacy", role: "legacy", title: "Banca 1990", pid, port, startedAt, adopted, files };
}
