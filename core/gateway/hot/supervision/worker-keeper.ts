import type { Listener } from "../../../contract/listeners.ts";
import type { RoutePlan } from "../../../contract/traffic.ts";
import type { FrameHead } from "../capture/frames.ts";
import type { Capture, Limits, SharedNews, WorkerNotice, WorkerOrder } from "../protocol.ts";
import type { PemFiles } from "../tls/pem-files.ts";
import type { TraceRecord } from "../tracing/trace.ts";
import type { ListenHandle } from "./listen-handle.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

export const restartWindowMs = 5 * 60_000;
const beatMs = 1_000;

/** Keeps one place filled: with one process that accepts, and with those before it as long as they have something to end. */
export type WorkerKeeper = {
	/** Resolves when the first worker listens everywhere, with null; with the reason when it cannot. */
	start(): Promise<string | null>;
	/** Resolves when no request is routed by an older plan any more. A process that does not answer within `limitMs` is killed. */
	setPlan(plan: RoutePlan, limitMs: number): Promise<void>;
	order(message: WorkerOrder): void;
	drain(): void;
	/** No more restarts; all ends now. */
	end(): void;
};

/** A listener with the socket that the supervisor keeps for it. */
export type Listening = { listener: Listener; handle: ListenHandle };

/** One life of one worker, as the books know it. */
export type WorkerLife = {
	/** From which number on it counts. */
	lastSeq: number;
	/** Stands before its numbers towards a shadow; no other life has it. */
	startId: string;
	onFrame(head: FrameHead, payload: Buffer | null): void;
	/** `isAsked`: it ended because it was told to, with nothing left undone that it could tell of. */
	onLost(isAsked: boolean): void;
};

export type KeeperDeps = {
	listening: readonly Listening[];
	/** Of TLS sessions, hex; the same for all workers. */
	secret(): string;
	files(): PemFiles;
	stateDir: string;
	limits: Limits;
	isOneOfMany: boolean;
	plan(): RoutePlan;
	capture(): Capture;
	isLogged(): boolean;
	traceRatio(): number | null;
	begin(pid: number): WorkerLife;
	onTraces(records: TraceRecord[], lost: number): void;
	/** It listens. */
	onStarted(pid: number): void;
	/** One has ended that nobody told to. */
	onDeath(): void;
	onNews(news: SharedNews): void;
	log(text: string): void;
};

export function createWorkerKeeper(deps: KeeperDeps): WorkerKeeper {
	let current: WorkerProcess | null = null;
	/** The current one, and those that end behind it. */
	const all = new Set<WorkerProcess>();
	let isEnding = false;
	let restarts: number[] = [];
	let onListening: ((failure: string | null) => void) | null = null;

	function launch(): void {
		const before = current;
		let unheard = deps.listening.length;
		const started = startWorkerProcess({
			stateDir: deps.stateDir,
			onFrame: (head, payload) => life.onFrame(head, payload),
			onNotice: (notice) => onNotice(notice),
			onClosed(reason) {
				all.delete(started);
				const isCurrent = started === current;
				if (isCurrent) current = null;
				life.onLost(!isCurrent && reason === 0);
				if (isCurrent && !isEnding) restart(reason);
			},
			log: deps.log,
		});
		current = started;
		all.add(started);
		const life = deps.begin(started.pid);
		const { limits, isOneOfMany, plan, capture, isLogged, traceRatio, files } = deps;
		started.order({
			...{ kind: "start", plan: plan(), lastSeq: life.lastSeq, limits, startId: life.startId, files: files(), isOneOfMany },
			...{ capture: capture(), isLogged: isLogged(), traceRatio: traceRatio() },
		});
		for (const { listener, handle } of deps.listening)
			started.order({ kind: "listen", listener, secret: deps.secret(), files: deps.files() }, handle);

		function onNotice(notice: Exclude<WorkerNotice, { kind: "planned" }>): void {
			switch (notice.kind) {
				case "listening":
					if (--unheard > 0) return;
					before?.order({ kind: "leave" });
					if (started === current) deps.onStarted(started.pid);
					onListening?.(null);
					onListening = null;
					return;
				case "listen-failed":
					deps.log(`worker cannot listen: ${notice.reason}`);
					onListening?.(notice.reason);
					onListening = null;
					started.kill();
					return;
				case "leaving":
					if (isEnding || started !== current) started.order({ kind: "leave" });
					else {
						deps.log(`worker ${started.pid} was asked to end; its successor starts`);
						launch();
					}
					return;
				case "traces":
					deps.onTraces(notice.records, notice.lost);
					return;
				default:
					deps.onNews(notice);
			}
		}
	}

	function restart(reason: string | number | null): void {
		const now = performance.now();
		restarts = [...restarts.filter((at) => now - at < restartWindowMs), now];
		const { restartDelaysMs } = deps.limits;
		const delay = restartDelaysMs[Math.min(restarts.length, restartDelaysMs.length) - 1] ?? 0;
		deps.log(`worker ended (${reason}); restart ${restarts.length} in ${delay} ms`);
		deps.onDeath();
		setTimeout(() => {
			if (!isEnding) launch();
		}, delay);
	}

	const order = (message: WorkerOrder): void => {
		for (const one of all) one.order(message);
	};

	setInterval(() => {
		if (!isEnding) for (const one of all) one.beat();
	}, beatMs).unref();

	return {
		start() {
			return new Promise((resolve) => {
				onListening = resolve;
				launch();
			});
		},
		async setPlan(plan, limitMs) {
			await Promise.all([...all].map((one) => one.setPlan(plan, deps.files(), limitMs)));
		},
		order,
		drain() {
			isEnding = true;
			order({ kind: "drain" });
		},
		end() {
			isEnding = true;
			for (const one of all) one.kill();
		},
	};
}
