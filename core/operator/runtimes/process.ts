import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmitter, Fault, systemClock } from "../../base/index.ts";
import type { Runtime, ServiceHandle } from "../runtime.ts";

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

const START_LIMIT_MS = 15_000;
/** The process is looked at every 100 ms, its health check asked every 2 s. */
const LOOKS_PER_CHECK = 20;

/**
 * Services as detached processes of this machine's Node. Each has a lease file, so that the next core can take it over:
 * a service that serves clients must outlive the core that started it.
 */
export function createProcessRuntime(options: { dir: string; node?: string }): Runtime {
	const node = options.node ?? process.execPath;
	mkdirSync(options.dir, { recursive: true });
	const watches = new Set<() => void>();
	const leaseFile = (name: string) => join(options.dir, `${fileName(name)}.json`);

	function handleOf(lease: Lease, adopted: boolean, readyMs: number): ServiceHandle {
		const exits = createEmitter<string>();
		let stopping = false;
		let healthy = true;
		let looks = 0;
		const watch = setInterval(() => {
			if (++looks % LOOKS_PER_CHECK === 0) {
				void isHealthy(lease).then((found) => {
					healthy = found;
				});
			}
			if (isAlive(lease)) return;
			healthy = false;
			unwatch();
			if (!stopping) exits.emit(`process ${lease.pid} ended`);
		}, 100);
		watch.unref();
		const unwatch = () => {
			clearInterval(watch);
			watches.delete(unwatch);
		};
		watches.add(unwatch);
		return {
			name: lease.name,
			pid: lease.pid,
			port: lease.port,
			startedAt: lease.startedAt,
			adopted,
			readyMs,
			log: lease.log,
			isHealthy: () => isHealthy(lease),
			get healthy() {
				return healthy;
			},
			onExit: exits.subscribe,
			async stop(drainMs = 5_000) {
				stopping = true;
				await end(lease, drainMs);
				unwatch();
				rmSync(leaseFile(lease.name), { force: true });
			},
		};
	}

	return {
		async start(spec, signal) {
			const started = systemClock.now();
			const log = join(options.dir, `${fileName(spec.name)}.log`);
			const output = openSync(log, "w");
			const child = spawn(node, ["main.ts"], {
				cwd: spec.dir,
				detached: true,
				stdio: ["ignore", output, output],
				env: { ...cleanEnvironment(), PORT: "0", HOST: "127.0.0.1", DATABASE: spec.database, PHOENIX_MODE: spec.mode },
			});
			closeSync(output);
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
			const failed = new Promise<string>((resolve) => {
				child.once("error", (error) => resolve(error.message));
				child.once("exit", (code, killed) => resolve(`it ended with ${killed ?? `code ${code}`}`));
			});
			try {
				lease.birth = birthOf(lease.pid);
				const reason = await Promise.race([failed, becomeHealthy(lease, signal)]);
				if (reason !== null) throw new Fault("SERVICE_FAILED", { service: spec.name, reason, log });
			} catch (error) {
				await end(lease, 0);
				throw error;
			}
			writeFileSync(leaseFile(spec.name), JSON.stringify(lease));
			return handleOf(lease, false, systemClock.now() - started);
		},
		async adopt(spec) {
			const lease = readLease(leaseFile(spec.name));
			if (lease === null || !isAlive(lease)) return null;
			const same = lease.blueprint === spec.blueprint && lease.mode === spec.mode && lease.database === spec.database;
			if (!same || !(await isHealthy(lease))) {
				await end(lease, 1_000);
				return null;
			}
			return handleOf(lease, true, 0);
		},
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
async function becomeHealthy(lease: Lease, signal?: AbortSignal): Promise<string | null> {
	const limit = systemClock.now() + START_LIMIT_MS;
	while (systemClock.now() < limit) {
		signal?.throwIfAborted();
		const listening = /"listening":\s*(\d+)/.exec(readFileSync(lease.log, "utf8"));
		if (listening) {
			lease.port = Number(listening[1]);
			if (await isHealthy(lease)) return null;
		}
		await sleep(15);
	}
	return `it did not answer within ${START_LIMIT_MS / 1000} s`;
}

async function isHealthy(lease: Lease): Promise<boolean> {
	try {
		const answer = await fetch(`http://127.0.0.1:${lease.port}/healthz`, { signal: AbortSignal.timeout(1_000) });
		if (!answer.ok) return false;
		const body = (await answer.json()) as { blueprint?: unknown };
		return body.blueprint === lease.blueprint;
	} catch {
		return false;
	}
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
	const kept = ["PATH", "TZ", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SystemRoot"];
	return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])));
}

function fileName(name: string): string {
	return name.replace(/[^\w.-]/g, "_");
}
