import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmitter, Fault, systemClock } from "../../base/index.ts";
import type { ProcessHealth } from "../../contract/runtime.ts";
import { followFile } from "../follow-file.ts";
import type { Output } from "../output.ts";
import type { KnownService, Runtime, ServiceHandle, ServiceSpec } from "../runtime.ts";

type Lease = {
	name: string;
	pid: number;
	port: number;
	startedAt: number;
	birth: string;
	blueprint: string;
	mode: string;
	database: string;
	log: string;
};

/** The process is looked at every 100 ms, its health check asked every 2 s. */
const LOOKS_PER_CHECK = 20;
/** Ended services that are still told of. */
const KEPT_ENDED = 20;

/**
 * Services as detached processes of this machine. Each has a lease file, so that the next core can take it over:
 * a service that serves clients must outlive the core that started it.
 */
export function createProcessRuntime(options: { dir: string; node?: string; output?: Output }): Runtime {
	const node = options.node ?? process.execPath;
	mkdirSync(options.dir, { recursive: true });
	const watches = new Set<() => void>();
	const leaseFile = (name: string) => join(options.dir, `${fileName(name)}.json`);
	const services: { -readonly [K in keyof KnownService]: KnownService[K] }[] = [];
	/** Ends by themselves, by name. */
	const falls = new Map<string, number>();

	/** The service writes to files, so that it needs nobody who reads; whoever is there reads along. */
	function readAlong(lease: Lease, from: "start" | "end"): () => void {
		const { output } = options;
		if (output === undefined) return () => {};
		const follow = (file: string, stream: "out" | "err") =>
			followFile({
				file,
				from,
				onLine: (text, earlier) => output.add(lease.name, stream, text, earlier),
				onSkip: (bytes) =>
					output.add(lease.name, "note", `${bytes} bytes were written faster than they could be read; they are in ${file}`),
			});
		const followers = [follow(lease.log, "out"), follow(errorsOf(lease.log), "err")];
		return () => {
			for (const follower of followers) follower.stop();
		};
	}

	function handleOf(lease: Lease, spec: ServiceSpec, adopted: boolean, readyMs: number, unread: () => void): ServiceHandle {
		const exits = createEmitter<string>();
		let stopping = false;
		let health: ProcessHealth | null = null;
		let looks = 0;
		const look = async () => {
			const found = await checkHealth(lease);
			if (known.endedAt === null) health = found;
		};
		const watch = setInterval(() => {
			if (looks++ % LOOKS_PER_CHECK === 0) void look();
			if (isAlive(lease)) return;
			settle();
			if (!stopping) {
				falls.set(lease.name, (falls.get(lease.name) ?? 0) + 1);
				exits.emit(`process ${lease.pid} ended`);
			}
		}, 100);
		watch.unref();
		const unwatch = () => {
			clearInterval(watch);
			watches.delete(unwatch);
			unread();
		};
		const settle = () => {
			if (known.endedAt !== null) return;
			known.endedAt = systemClock.now();
			health = null;
			unwatch();
		};
		watches.add(unwatch);
		const handle: ServiceHandle = {
			name: lease.name,
			pid: lease.pid,
			port: lease.port,
			startedAt: lease.startedAt,
			adopted,
			readyMs,
			log: lease.log,
			isHealthy: async () => (await checkHealth(lease)).ok,
			get healthy() {
				return known.endedAt === null && health?.ok !== false;
			},
			get health() {
				return health;
			},
			onExit: exits.subscribe,
			async stop(drainMs = 5_000) {
				stopping = true;
				await end(lease, drainMs);
				settle();
				rmSync(leaseFile(lease.name), { force: true });
			},
		};
		const known: (typeof services)[number] = { handle, spec, restarts: falls.get(lease.name) ?? 0, endedAt: null };
		services.push(known);
		const ended = services.filter((service) => service.endedAt !== null);
		for (const old of ended.slice(0, Math.max(0, ended.length - KEPT_ENDED))) services.splice(services.indexOf(old), 1);
		return handle;
	}

	return {
		async start(spec, signal) {
			const started = systemClock.now();
			const log = join(options.dir, `${fileName(spec.name)}.log`);
			const [output, errors] = [openFresh(log), openFresh(errorsOf(log))];
			const child = spawn(spec.launch.command === "node" ? node : spec.launch.command, [...spec.launch.args], {
				cwd: spec.dir,
				detached: true,
				stdio: ["ignore", output, errors],
				env: { ...cleanEnvironment(), PORT: "0", HOST: "127.0.0.1", DATABASE: spec.database, PHOENIX_MODE: spec.mode },
			});
			closeSync(output);
			closeSync(errors);
			child.unref();
			const lease: Lease = {
				name: spec.name,
				pid: child.pid ?? 0,
				port: 0,
				startedAt: started,
				birth: "",
				blueprint: spec.blueprint,
				mode: spec.mode,
				database: spec.database,
				log,
			};
			const unread = readAlong(lease, "start");
			const failed = new Promise<string>((resolve) => {
				child.once("error", (error) => resolve(error.message));
				child.once("exit", (code, killed) => resolve(`it ended with ${killed ?? `code ${code}`}`));
			});
			try {
				lease.birth = birthOf(lease.pid);
				const reason = await Promise.race([failed, becomeHealthy(lease, spec.launch.limitMs, signal)]);
				if (reason !== null) throw new Fault("SERVICE_FAILED", { service: spec.name, reason, log: telling(log) });
			} catch (error) {
				await end(lease, 0);
				unread();
				throw error;
			}
			writeFileSync(leaseFile(spec.name), JSON.stringify(lease));
			return handleOf(lease, spec, false, systemClock.now() - started, unread);
		},
		async adopt(spec) {
			const lease = readLease(leaseFile(spec.name));
			if (lease === null || !isAlive(lease)) return null;
			const same = lease.blueprint === spec.blueprint && lease.mode === spec.mode && lease.database === spec.database;
			if (!same || !(await checkHealth(lease)).ok) {
				await end(lease, 1_000);
				return null;
			}
			return handleOf(lease, spec, true, 0, readAlong(lease, "end"));
		},
		known: () => [...services],
		detach() {
			for (const unwatch of [...watches]) unwatch();
		},
		async sweep(keep) {
			const leases = readdirSync(options.dir)
				.filter((file) => file.endsWith(".json"))
				.map((file) => readLease(join(options.dir, file)))
				.filter((lease) => lease !== null && !keep.includes(lease.name)) as Lease[];
			await Promise.all(leases.map((lease) => end(lease, 1_000)));
			for (const lease of leases) rmSync(leaseFile(lease.name), { force: true });
			return leases.map((lease) => lease.name);
		},
	};
}

/** null once healthy, else the reason. The port is read from the line the service prints first. */
async function becomeHealthy(lease: Lease, limitMs: number, signal?: AbortSignal): Promise<string | null> {
	const limit = systemClock.now() + limitMs;
	while (systemClock.now() < limit) {
		signal?.throwIfAborted();
		const listening = /"listening":\s*(\d+)/.exec(readFileSync(lease.log, "utf8"));
		if (listening) {
			lease.port = Number(listening[1]);
			if ((await checkHealth(lease)).ok) return null;
		}
		await sleep(15);
	}
	return `it did not answer within ${limitMs / 1000} s`;
}

async function checkHealth(lease: Lease): Promise<ProcessHealth> {
	const at = systemClock.now();
	const found = (ok: boolean, answer: string): ProcessHealth => ({ ok, at, ms: systemClock.now() - at, answer });
	try {
		const answer = await fetch(`http://127.0.0.1:${lease.port}/healthz`, { signal: AbortSignal.timeout(1_000) });
		if (!answer.ok) return found(false, `status ${answer.status}`);
		const body = (await answer.json()) as { blueprint?: unknown };
		return body.blueprint === lease.blueprint ? found(true, `status ${answer.status}`) : found(false, "it serves another blueprint");
	} catch (error) {
		const isLate = error instanceof Error && error.name === "TimeoutError";
		return found(false, isLate ? "no answer within 1 s" : "no connection");
	}
}

const errorsOf = (log: string) => log.replace(/\.log$/, ".err.log");

/** What an earlier process of this name said last is kept once more. */
function openFresh(file: string): number {
	if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0) renameSync(file, `${file}.1`);
	return openSync(file, "w");
}

/** The file that says why it failed. */
function telling(log: string): string {
	const errors = errorsOf(log);
	return (statSync(errors, { throwIfNoEntry: false })?.size ?? 0) > 0 ? errors : log;
}

async function end(lease: Lease, drainMs: number): Promise<void> {
	if (!isAlive(lease)) return;
	signalProcess(lease.pid, drainMs > 0 ? "SIGTERM" : "SIGKILL");
	const limit = systemClock.now() + drainMs;
	while (isAlive(lease) && systemClock.now() < limit) await sleep(20);
	if (isAlive(lease)) signalProcess(lease.pid, "SIGKILL");
}

function signalProcess(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It ended between the look and the signal.
	}
}

/** A process id alone may have been given to another process since; its start time tells them apart. */
function isAlive(lease: Lease): boolean {
	if (lease.pid === 0) return false;
	try {
		process.kill(lease.pid, 0);
	} catch {
		return false;
	}
	return lease.birth === "" || birthOf(lease.pid) === lease.birth;
}

/** Start time in clock ticks from /proc; empty where there is no /proc, or for a process that is gone or a zombie. */
function birthOf(pid: number): string {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
			.replace(/^.*\) /s, "")
			.split(" ");
		return fields[0] === "Z" ? "gone" : (fields[19] ?? "");
	} catch {
		return process.platform === "linux" ? "gone" : "";
	}
}

function readLease(file: string): Lease | null {
	try {
		return JSON.parse(readFileSync(file, "utf8")) as Lease;
	} catch {
		return null;
	}
}

/** Generated code gets its own settings only: no keys, no tokens of the user's shell. */
function cleanEnvironment(): Record<string, string> {
	const kept = ["PATH", "JAVA_HOME", "TZ", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SystemRoot"];
	return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])));
}

function fileName(name: string): string {
	return name.replace(/[^\w.-]/g, "_");
}
