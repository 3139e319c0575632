import { type ChildProcess, fork } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Listener } from "../../../contract/listeners.ts";
import type { RoutePlan } from "../../../contract/traffic.ts";
import { createFrameReader, type FrameHead } from "../capture/frames.ts";
import type { Capture, Limits, WorkerNotice, WorkerOrder } from "../protocol.ts";
import type { PemFiles } from "../tls/pem-files.ts";
import type { TraceRecord } from "../tracing/trace.ts";
import type { ListenHandle } from "./listen-handle.ts";

const restartWindowMs = 5 * 60_000;
const beatMs = 1_000;
const missedLimit = 3;

export type WorkerKeeper = {
	/** Resolves when the first worker listens everywhere, with null; with the reason when it cannot. */
	start(): Promise<string | null>;
	/** Resolves when no request is routed by an older plan any more. A worker that does not answer within `limitMs` is killed. */
	setPlan(plan: RoutePlan, limitMs: number): Promise<void>;
	setCapture(capture: Capture, isLogged: boolean): void;
	setTraceRatio(ratio: number | null): void;
	/** Its figures are wanted now. */
	measure(): void;
	/** Files and secret of now, for connections that are to come. */
	reload(): void;
	drain(): void;
	/** No more restarts; the worker ends now. */
	end(): void;
	pid(): number;
};

/** A listener with the socket that the supervisor keeps for it. */
export type Listening = { listener: Listener; handle: ListenHandle };

type KeeperDeps = {
	listening: readonly Listening[];
	/** Of TLS sessions, hex; the same for all workers. */
	secret(): string;
	files(): PemFiles;
	/** In the worker's command line, so that an orphan can be recognised. */
	stateDir: string;
	limits: Limits;
	plan(): RoutePlan;
	capture(): Capture;
	isLogged(): boolean;
	traceRatio(): number | null;
	lastSeq(): number;
	/** Of the gateway, for all of its workers. */
	startId: string;
	onFrame(head: FrameHead, payload: Buffer | null): void;
	onTraces(records: TraceRecord[], lost: number): void;
	onStarted(pid: number): void;
	onLost(): void;
	/** Too many restarts: the plan itself may be what kills the workers. */
	onAlarm(reason: string): void;
	log(text: string): void;
};

const workerFile = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../worker.ts" : "../worker.js", import.meta.url));

/** Keeps one data-plane worker alive on the listening handles. */
export function createWorkerKeeper(deps: KeeperDeps): WorkerKeeper {
	let child: ChildProcess | null = null;
	let isEnding = false;
	let missed = 0;
	let restarts: number[] = [];
	let onListening: ((failure: string | null) => void) | null = null;
	let unheard = 0;
	let waiting: { version: number; done: () => void }[] = [];

	function order(message: WorkerOrder, handle?: ListenHandle): void {
		if (child?.connected) child.send(message, handle?.native, {}, () => {});
	}

	function release(isReached: (version: number) => boolean): void {
		const reached = waiting.filter(({ version }) => isReached(version));
		waiting = waiting.filter(({ version }) => !isReached(version));
		for (const { done } of reached) done();
	}

	function launch(): void {
		const started = fork(workerFile, [deps.stateDir], {
			// The supervisor's own, which were cleaned when it was started.
			cwd: process.cwd(),
			env: process.env,
			stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"],
			// The second: what may stand in the heap, bodies included, before all of it is gone through for the first time; MB.
			execArgv: ["--disable-warning=DEP0060", "--initial-old-space-size=128"],
		});
		child = started;
		missed = -7;
		const feed = createFrameReader((head, payload) => {
			missed = 0;
			deps.onFrame(head, payload);
		});
		const pipe = started.stdio[4] as Readable;
		pipe.on("data", feed);
		pipe.on("error", () => {});
		started.on("message", (notice: WorkerNotice) => onNotice(notice));
		started.on("error", (error) => deps.log(`worker: ${error.message}`));
		// `close`, not `exit`: the pipe has then been read to its end.
		started.once("close", (code, signal) => onClosed(started, code, signal));
		const { limits, startId } = deps;
		const { plan, lastSeq, capture, isLogged, traceRatio, files } = deps;
		order({
			...{ kind: "start", plan: plan(), lastSeq: lastSeq(), limits, startId, files: files() },
			...{ capture: capture(), isLogged: isLogged(), traceRatio: traceRatio() },
		});
		unheard = deps.listening.length;
		for (const { listener, handle } of deps.listening)
			order({ kind: "listen", listener, secret: deps.secret(), files: deps.files() }, handle);
	}

	function onNotice(notice: WorkerNotice): void {
		switch (notice.kind) {
			case "listening":
				if (--unheard > 0) return;
				deps.onStarted(child?.pid ?? 0);
				onListening?.(null);
				onListening = null;
				return;
			case "listen-failed":
				deps.log(`worker cannot listen: ${notice.reason}`);
				onListening?.(notice.reason);
				onListening = null;
				child?.kill("SIGKILL");
				return;
			case "planned":
				release((version) => version <= notice.version);
				return;
			case "traces":
				deps.onTraces(notice.records, notice.lost);
		}
	}

	function onClosed(closed: ChildProcess, code: number | null, signal: string | null): void {
		if (child !== closed) return;
		child = null;
		// A dead worker sends nothing anywhere, and the next one starts with the plan of now.
		release(() => true);
		deps.onLost();
		if (isEnding) return;
		const now = performance.now();
		restarts = [...restarts.filter((at) => now - at < restartWindowMs), now];
		const { restartDelaysMs, workerDeaths } = deps.limits;
		const delay = restartDelaysMs[Math.min(restarts.length, restartDelaysMs.length) - 1] ?? 0;
		deps.log(`worker ended (${signal ?? code}); restart ${restarts.length} in ${delay} ms`);
		if (restarts.length === workerDeaths) deps.onAlarm(`the worker ended ${workerDeaths} times within five minutes`);
		setTimeout(() => {
			if (!isEnding) launch();
		}, delay);
	}

	setInterval(() => {
		if (!child || isEnding) return;
		missed++;
		if (missed <= missedLimit) return;
		deps.log(`worker silent for ${missedLimit} beats`);
		child.kill("SIGKILL");
	}, beatMs).unref();

	return {
		start() {
			return new Promise((resolve) => {
				onListening = resolve;
				launch();
			});
		},
		setPlan(plan, limitMs) {
			const target = child;
			if (!target) return Promise.resolve();
			return new Promise((resolve) => {
				const timer = setTimeout(() => {
					deps.log(`worker did not take plan ${plan.version} within ${limitMs} ms`);
					target.kill("SIGKILL");
				}, limitMs);
				waiting.push({
					version: plan.version,
					done: () => {
						clearTimeout(timer);
						resolve();
					},
				});
				order({ kind: "plan", plan, files: deps.files() });
			});
		},
		setCapture: (capture, isLogged) => order({ kind: "capture", capture, isLogged }),
		setTraceRatio: (ratio) => order({ kind: "trace", ratio }),
		measure: () => order({ kind: "measure" }),
		reload: () => order({ kind: "reload", secret: deps.secret(), files: deps.files() }),
		drain: () => order({ kind: "drain" }),
		end() {
			isEnding = true;
			child?.kill("SIGKILL");
		},
		pid: () => child?.pid ?? 0,
	};
}
