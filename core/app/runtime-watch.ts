import { statSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { createEmitter, Fault, systemClock } from "../base/index.ts";
import type { OutputLine, ProcessHealth, ProcessInfo, ProcessRole, RuntimeState } from "../contract/runtime.ts";
import type { Upstream } from "../contract/traffic.ts";
import { readLease, stateFiles } from "../gateway/hot/index.ts";
import { createOutput, createResourceMeter, type Follower, followFile, type KnownService, type Output } from "../operator/index.ts";

/** A process that somebody else started and that writes to files: the sample bank, the load. */
export type WatchedProcess = {
	id: string;
	role: ProcessRole;
	title: string;
	pid: number;
	port: number | null;
	startedAt: number;
	adopted: boolean;
	files: { file: string; stream: OutputLine["stream"] }[];
};

export type RuntimeWatch = {
	readonly output: Output;
	state(): RuntimeState;
	/** Once a second. */
	onSample(listener: () => void): () => void;
	/** Reads along what it writes and measures it, until the returned function is called. */
	follow(process: WatchedProcess): () => void;
	/** A log file of the attached legacy system. Fault SOURCE_UNREADABLE. */
	followLegacyLog(file: string): void;
	close(): void;
};

const SAMPLE_MS = 1_000;
const KEPT_SAMPLES = 120;
/** Ports are knocked at every so many samples. */
const SAMPLES_PER_KNOCK = 2;
const LEGACY = "legacy";

/** Everything that runs here: the core itself, gateway, legacy, services and load, with what they write, take and answer. */
export function createRuntimeWatch(deps: {
	dir: string;
	/** The attached system, as far as this needs it; null while there is none. */
	system(): { legacy: Upstream; gatewayPort: number; retired: boolean } | null;
	services(): KnownService[];
}): RuntimeWatch {
	const output = createOutput();
	const meter = createResourceMeter();
	const samples = createEmitter<void>();
	const startedAt = systemClock.now();
	const watched = new Map<string, { process: WatchedProcess; endedAt: number | null; end(): void }>();
	const histories = new Map<string, { pid: number; cpu: number[]; rss: number[] }>();
	const resources = new Map<number, ProcessInfo["resources"]>();
	const knocks = new Map<string, ProcessHealth>();
	let legacyLog: Follower | null = null;
	let gatewayLog: Follower | null = null;
	let count = 0;

	function reading(source: string, file: string, stream: OutputLine["stream"], from: "start" | "end"): Follower {
		return followFile({
			file,
			from,
			onLine: (text, earlier) => output.add(source, stream, text, earlier),
			onSkip: (bytes) => output.add(source, "note", `${bytes} bytes were written faster than they could be read; they are in ${file}`),
		});
	}

	function captured(id: string, files: string[]): ProcessInfo["output"] {
		return { captured: true, lines: output.count(id), files };
	}

	function blank(id: string, role: ProcessRole, title: string): ProcessInfo {
		return {
			id,
			role,
			title,
			function: null,
			version: null,
			pid: null,
			port: null,
			startedAt: null,
			restarts: null,
			adopted: false,
			endedAt: null,
			health: null,
			resources: null,
			history: { cpu: [], rss: [] },
			output: { captured: false, reason: "It writes nothing of its own." },
		};
	}

	function gatewayProcesses(): ProcessInfo[] {
		const files = stateFiles(join(deps.dir, "gateway"));
		const lease = deps.system() === null ? null : readLease(files.lease);
		if (lease === null) return [];
		gatewayLog ??= reading("gateway", files.log, "err", "end");
		return [
			{
				...blank("gateway", "gateway", "Gateway"),
				pid: lease.pid,
				port: lease.port,
				startedAt: lease.startedAt || null,
				health: knocks.get("gateway") ?? null,
				output: captured("gateway", [files.log]),
			},
			...lease.workerPids.map((pid, place): ProcessInfo => {
				const name = place === 0 ? "gateway worker" : `gateway worker ${place + 1}`;
				return {
					...blank(name, "worker", lease.workerPids.length === 1 ? "Gateway worker" : `Gateway worker ${place + 1}`),
					pid: pid || null,
					port: lease.port,
					output: { captured: false, reason: "It writes to the gateway's log." },
				};
			}),
		];
	}

	function legacyProcess(): ProcessInfo[] {
		const system = deps.system();
		if (system === null || system.retired || watched.has(LEGACY)) return [];
		const { host, port } = system.legacy;
		return [
			{
				...blank(LEGACY, "legacy", `Legacy at ${host}:${port}`),
				port,
				health: knocks.get(LEGACY) ?? null,
				output:
					legacyLog === null
						? { captured: false, reason: "It is not a process of this engine. Name the log file that it writes, and Phoenix reads along." }
						: captured(LEGACY, [legacyLog.file]),
			},
		];
	}

	function serviceProcess({ handle, spec, restarts, endedAt }: KnownService): ProcessInfo {
		// The composition root names a service by function, role and version.
		const [, name = spec.name, version = "0"] = /^(.*)\.(?:shadow|live)\.v(\d+)$/.exec(spec.name) ?? [];
		return {
			...blank(spec.name, spec.mode, name.slice(name.lastIndexOf(".") + 1)),
			function: name,
			version: Number(version),
			pid: handle.pid,
			port: handle.port,
			startedAt: handle.startedAt,
			restarts,
			adopted: handle.adopted,
			endedAt,
			health: endedAt === null ? handle.health : null,
			output: captured(spec.name, [handle.log, handle.log.replace(/\.log$/, ".err.log")]),
		};
	}

	function processes(): ProcessInfo[] {
		const others = [...watched.values()].map(
			({ process: { id, role, title, pid, port, startedAt: started, adopted, files }, endedAt }): ProcessInfo => ({
				...blank(id, role, title),
				pid,
				port,
				startedAt: started,
				adopted,
				endedAt,
				health: endedAt === null ? (knocks.get(id) ?? null) : null,
				output: captured(
					id,
					files.map(({ file }) => file),
				),
			}),
		);
		const core = {
			...blank("core", "core", "Engine"),
			pid: process.pid,
			startedAt,
			output: { captured: false as const, reason: "What it does stands in the journal." },
		};
		const all = [...legacyProcess(), ...others, core, ...gatewayProcesses(), ...deps.services().map(serviceProcess)];
		return all.map((info) => {
			const history = histories.get(info.id);
			return {
				...info,
				resources: info.endedAt === null && info.pid !== null ? (resources.get(info.pid) ?? null) : null,
				history: history === undefined ? info.history : { cpu: history.cpu, rss: history.rss },
			};
		});
	}

	function sample(): void {
		const now = systemClock.now();
		const all = processes();
		const pids = new Set<number>();
		const ids = new Set(all.map(({ id }) => id));
		for (const { id, pid, endedAt } of all) {
			if (pid === null || endedAt !== null) continue;
			pids.add(pid);
			const found = meter.measure(pid, now);
			resources.set(pid, found);
			// It ended without being asked to.
			if (found === null && meter.canMeasure) watched.get(id)?.end();
			const former = histories.get(id);
			const history = former?.pid === pid ? former : { pid, cpu: [], rss: [] };
			if (found !== null) {
				history.cpu = [...history.cpu, found.cpu].slice(-KEPT_SAMPLES);
				history.rss = [...history.rss, found.rss].slice(-KEPT_SAMPLES);
			}
			histories.set(id, history);
		}
		for (const pid of resources.keys()) if (!pids.has(pid)) resources.delete(pid);
		for (const id of histories.keys()) if (!ids.has(id)) histories.delete(id);
		meter.forget(pids);
		if (count++ % SAMPLES_PER_KNOCK === 0) knockAtAll();
		samples.emit();
	}

	function knockAtAll(): void {
		const system = deps.system();
		if (system === null) return;
		const knockAt = async (id: string, { host, port }: Upstream) => knocks.set(id, await knock(host, port));
		void knockAt("gateway", { host: "127.0.0.1", port: system.gatewayPort });
		if (system.retired) knocks.delete(LEGACY);
		else void knockAt(LEGACY, system.legacy);
	}

	const timer = setInterval(sample, SAMPLE_MS);
	timer.unref();
	return {
		output,
		state: () => ({
			at: systemClock.now(),
			measured: meter.canMeasure,
			processors: availableParallelism(),
			processes: processes(),
			output: { life: output.life, held: output.held, capacity: output.capacity, forgotten: output.forgotten, last: output.last },
		}),
		onSample: samples.subscribe,
		follow(process) {
			const followers = process.files.map(({ file, stream }) => reading(process.id, file, stream, process.adopted ? "end" : "start"));
			watched.get(process.id)?.end();
			const entry = {
				process,
				endedAt: null as number | null,
				end() {
					if (entry.endedAt !== null) return;
					entry.endedAt = systemClock.now();
					for (const follower of followers) follower.stop();
				},
			};
			watched.set(process.id, entry);
			return entry.end;
		},
		followLegacyLog(file) {
			const path = resolve(file);
			if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
				throw new Fault("SOURCE_UNREADABLE", { file: path, reason: "there is no such file" });
			legacyLog?.stop();
			legacyLog = reading(LEGACY, path, "file", "end");
		},
		close() {
			clearInterval(timer);
			legacyLog?.stop();
			gatewayLog?.stop();
			for (const { end } of watched.values()) end();
		},
	};
}

/** Whether somebody takes a connection there, and how long that took. Nothing is said on it. */
function knock(host: string, port: number, limitMs = 1_000): Promise<ProcessHealth> {
	const at = systemClock.now();
	return new Promise((resolve) => {
		const socket = connect({ host, port });
		const settle = (ok: boolean, answer: string) => {
			clearTimeout(timer);
			socket.destroy();
			resolve({ ok, at, ms: systemClock.now() - at, answer });
		};
		const timer = setTimeout(() => settle(false, `no connection within ${limitMs / 1000} s`), limitMs);
		socket.once("connect", () => settle(true, "takes connections"));
		socket.once("error", (error: NodeJS.ErrnoException) =>
			settle(false, error.code === "ECONNREFUSED" ? "connection refused" : error.message),
		);
	});
}
