import { fork } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { RoutePlan } from "../../../contract/traffic.ts";
import { createFrameReader, type FrameHead } from "../capture/frames.ts";
import type { WorkerNotice, WorkerOrder } from "../protocol.ts";
import type { PemFiles } from "../tls/pem-files.ts";
import type { ListenHandle } from "./listen-handle.ts";

const missedLimit = 3;

/** One data-plane process from its fork to its end. */
export type WorkerProcess = {
	readonly pid: number;
	order(message: WorkerOrder, handle?: ListenHandle): void;
	/** Resolves when it routes no request by an older plan any more, or is dead. Without an answer within `limitMs` it is killed. */
	setPlan(plan: RoutePlan, files: PemFiles, limitMs: number): Promise<void>;
	/** To be called once a second: one that is silent for too long is killed. */
	beat(): void;
	kill(): void;
};

type ProcessDeps = {
	/** In its command line, so that an orphan can be recognised. */
	stateDir: string;
	onFrame(head: FrameHead, payload: Buffer | null): void;
	onNotice(notice: Exclude<WorkerNotice, { kind: "planned" }>): void;
	/** It is gone, and all that it said has been read. */
	onClosed(reason: string | number | null): void;
	log(text: string): void;
};

const workerFile = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../worker.ts" : "../worker.js", import.meta.url));

export function startWorkerProcess({ stateDir, onFrame, onNotice, onClosed, log }: ProcessDeps): WorkerProcess {
	let missed = -7;
	let waiting: { version: number; done: () => void }[] = [];
	const child = fork(workerFile, [stateDir], {
		// The supervisor's own, which were cleaned when it was started.
		cwd: process.cwd(),
		env: process.env,
		stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"],
		// The second: what may stand in the heap, bodies included, before all of it is gone through for the first time; MB.
		execArgv: ["--disable-warning=DEP0060", "--initial-old-space-size=128"],
	});

	function order(message: WorkerOrder, handle?: ListenHandle): void {
		if (child.connected) child.send(message, handle?.native, {}, () => {});
	}

	function release(isReached: (version: number) => boolean): void {
		const reached = waiting.filter(({ version }) => isReached(version));
		waiting = waiting.filter(({ version }) => !isReached(version));
		for (const { done } of reached) done();
	}

	const feed = createFrameReader((head, payload) => {
		missed = 0;
		onFrame(head, payload);
	});
	const pipe = child.stdio[4] as Readable;
	pipe.on("data", feed);
	pipe.on("error", () => {});
	child.on("message", (notice: WorkerNotice) => {
		if (notice.kind === "planned") release((version) => version <= notice.version);
		else onNotice(notice);
	});
	child.on("error", (error) => log(`worker: ${error.message}`));
	// `close`, not `exit`: the pipe has then been read to its end.
	child.once("close", (code, signal) => {
		// A dead worker sends nothing anywhere, and the next one starts with the plan of now.
		release(() => true);
		onClosed(signal ?? code);
	});

	return {
		pid: child.pid ?? 0,
		order,
		setPlan(plan, files, limitMs) {
			return new Promise((resolve) => {
				const timer = setTimeout(() => {
					log(`worker did not take plan ${plan.version} within ${limitMs} ms`);
					child.kill("SIGKILL");
				}, limitMs);
				waiting.push({
					version: plan.version,
					done: () => {
						clearTimeout(timer);
						resolve();
					},
				});
				order({ kind: "plan", plan, files });
			});
		},
		beat() {
			missed++;
			if (missed <= missedLimit) return;
			log(`worker silent for ${missedLimit} beats`);
			child.kill("SIGKILL");
		},
		kill: () => void child.kill("SIGKILL"),
	};
}
