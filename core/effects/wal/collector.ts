import { Fault, faultOf } from "../../base/index.ts";
import { createCheckpointer } from "./checkpointer.ts";
import type { FromCollector, ToCollector } from "./messages.ts";
import { isBusy } from "./pins.ts";
import { type News, openTail, type WalTail } from "./wal-tail.ts";

/*
 * The collector process: the only place where database files are read as bytes. Started by `openCollector`; ends when
 * the core closes the channel or dies. It writes nothing but SQLite's own checkpoints.
 */

type Running = { file: string; stop(): Promise<void>; drain(call: number): void };

/** Below this many frames the log is left alone: legacy's own checkpoints begin at 1000. */
const checkpointFrames = 400;
const quietMs = 25;
const lazyCheckpointMs = 1000;
const pressedCheckpointMs = 100;
const fileCheckMs = 500;
const busyPollMs = 1;
const busyForMs = 200;

const tails = new Map<number, Running>();
const send = (message: FromCollector) => void process.send?.(message);

process.on("message", (message: ToCollector) => {
	if (message.kind === "tail") void start(message);
	else if (message.kind === "drain") tails.get(message.id)?.drain(message.call);
	else void (tails.get(message.id)?.stop() ?? send({ kind: "stopped", id: message.id }));
});
process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches the whole process group; the core decides when the collector ends.
process.on("SIGINT", () => {});

async function start({ id, path, options }: Extract<ToCollector, { kind: "tail" }>): Promise<void> {
	try {
		const tail = await openTail(path, options.lockTimeoutMs, (file) => [...tails.values()].some((other) => other.file === file));
		tails.set(id, follow(id, tail, options.pollMs));
		send({ kind: "opened", id, tables: tail.tables });
	} catch (error) {
		const { code, data } = faultOf(error, describe(error));
		send({ kind: "refused", id, code, data });
	}
}

function follow(id: number, tail: WalTail, pollMs: number): Running {
	const checkpointer = createCheckpointer(tail.file);
	let timer: NodeJS.Timeout | null = null;
	let lastCommit = 0;
	let lastCheckpoint = 0;
	let lastFileCheck = 0;
	let ended: Promise<void> | null = null;

	/** Closes all; a pin that outlived its tail would let the log of legacy grow for ever. */
	const end = () => {
		ended ??= (async () => {
			if (timer !== null) clearTimeout(timer);
			await checkpointer.close();
			tail.close();
			tails.delete(id);
		})();
		return ended;
	};

	const attempt = (step: () => void) => {
		if (ended !== null) return;
		try {
			step();
		} catch (error) {
			if (isBusy(error)) return;
			const { code, data } = faultOf(error, describe(error));
			send({ kind: "lost", id, code, data });
			void end();
		}
	};

	const deliver = ({ commits, schema }: News) => {
		for (const change of schema) send({ kind: "schema", id, ...change });
		if (commits.length === 0) return;
		lastCommit = performance.now();
		send({ kind: "commits", id, commits });
	};

	const tend = () => {
		const now = performance.now();
		const { frames, pending } = tail.pressure();
		if (now - lastFileCheck > fileCheckMs) {
			lastFileCheck = now;
			tail.checkFile();
		}
		if (pending === 0 || now - lastCheckpoint < checkpointWait(frames, now - lastCommit > quietMs)) return;
		lastCheckpoint = now;
		checkpointer.run();
	};

	const look = () => {
		attempt(() => deliver(tail.follow()));
		attempt(tend);
		if (ended !== null) return;
		timer = setTimeout(look, performance.now() - lastCommit < busyForMs ? Math.min(busyPollMs, pollMs) : pollMs);
	};
	timer = setTimeout(look, 0);

	return {
		file: tail.file,
		drain(call) {
			attempt(() => {
				deliver(tail.advance());
				send({ kind: "drained", id, call });
			});
		},
		async stop() {
			await end();
			send({ kind: "stopped", id });
		},
	};
}

function checkpointWait(frames: number, isQuiet: boolean): number {
	if (isQuiet) return frames > checkpointFrames ? 0 : lazyCheckpointMs;
	return frames > 2 * checkpointFrames ? pressedCheckpointMs : Number.POSITIVE_INFINITY;
}

function describe(error: unknown): string {
	return error instanceof Error && !(error instanceof Fault) ? (error.stack ?? error.message) : String(error);
}
