import { Fault, faultOf } from "../../base/index.ts";
import { followTriggers } from "../triggers/follow-triggers.ts";
import { hasChangeLog, removeLeftTriggers } from "../triggers/installation.ts";
import { openTriggerTail } from "../triggers/trigger-tail.ts";
import { createCheckpointer } from "./checkpointer.ts";
import type { FromCollector, ToCollector } from "./messages.ts";
import { isBusy } from "./pins.ts";
import { type News, openTail, type WalTail } from "./wal-tail.ts";

/*
 * The collector process: the only place where database files are read as bytes. Started by `openCollector`; ends when
 * the core closes the channel or dies. It writes nothing but SQLite's own checkpoints and the triggers it is asked for.
 */

type Running = { stop(): Promise<void>; drain(call: number): void; leave?(): Promise<void> };

/** Below this many frames the log is left alone: legacy's own checkpoints begin at 1000. */
const checkpointFrames = 400;
const quietMs = 25;
const lazyCheckpointMs = 1000;
const pressedCheckpointMs = 100;
/** Another checkpoint at work, found so often at this distance, waits for the pin. */
const blockedForSure = 2;
const blockedCheckpointMs = 50;
const fileCheckMs = 500;
const busyPollMs = 1;
const busyForMs = 200;
const commitsPerMessage = 500;

const tails = new Map<number, Running>();
/** Each file is opened once: closing a second descriptor of it would drop the locks of the first one's pins. */
const files = new Set<string>();
const send = (message: FromCollector) => void process.send?.(message);

process.on("message", (message: ToCollector) => {
	if (message.kind === "tail") void start(message);
	else if (message.kind === "drain") tails.get(message.id)?.drain(message.call);
	else void (tails.get(message.id)?.stop() ?? send({ kind: "stopped", id: message.id }));
});
process.on("disconnect", async () => {
	await Promise.all([...tails.values()].map((running) => running.leave?.()));
	process.exit(0);
});
// Ctrl-C reaches the whole process group; the core decides when the collector ends.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

async function start({ id, path, options }: Extract<ToCollector, { kind: "tail" }>): Promise<void> {
	let claimed = "";
	const claim = (file: string) => {
		if (files.has(file)) return false;
		files.add(file);
		claimed = file;
		return true;
	};
	try {
		const { method, lockTimeoutMs, pollMs, keepEntries } = options;
		if (method === "triggers") {
			const tail = await openTriggerTail(path, { lockTimeoutMs, keep: keepEntries }, claim);
			const release = () => {
				tails.delete(id);
				files.delete(claimed);
			};
			tails.set(id, followTriggers(tail, { id, pollMs, lockTimeoutMs, send, release }));
			return send({ kind: "opened", id, tables: tail.tables });
		}
		// After a switch to a log the change log of a source that died would look like a table of legacy.
		if (hasChangeLog(path)) await removeLeftTriggers(path, { waitMs: lockTimeoutMs });
		const tail = await openTail(path, lockTimeoutMs, claim);
		tails.set(
			id,
			follow(id, tail, pollMs, () => files.delete(claimed)),
		);
		send({ kind: "opened", id, tables: tail.tables });
	} catch (error) {
		files.delete(claimed);
		const { code, data } = faultOf(error, describe(error));
		send({ kind: "refused", id, code, data });
	}
}

function follow(id: number, tail: WalTail, pollMs: number, release: () => void): Running {
	const checkpointer = createCheckpointer(tail.file);
	let timer: NodeJS.Timeout | null = null;
	let lastCommit = 0;
	let lastCheckpoint = 0;
	let lastFileCheck = 0;
	let asideFor = 0;
	let ended: Promise<void> | null = null;

	/** Closes all; a pin that outlived its tail would let the log of legacy grow for ever. */
	const end = () => {
		ended ??= (async () => {
			if (timer !== null) clearTimeout(timer);
			await checkpointer.close();
			tail.close();
			tails.delete(id);
			release();
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
		// In slices: the core takes each in without a long pause.
		for (let from = 0; from < commits.length; from += commitsPerMessage) {
			send({ kind: "commits", id, commits: commits.slice(from, from + commitsPerMessage) });
		}
	};

	const tend = () => {
		const now = performance.now();
		const { frames, pending } = tail.pressure();
		if (now - lastFileCheck > fileCheckMs) {
			lastFileCheck = now;
			tail.checkFile();
		}
		if (checkpointer.blocked >= blockedForSure && asideFor !== lastCheckpoint) {
			asideFor = lastCheckpoint;
			deliver(tail.stepAside());
		}
		const wait = checkpointer.blocked > 0 ? blockedCheckpointMs : checkpointWait(frames, now - lastCommit > quietMs);
		if (pending === 0 || now - lastCheckpoint < wait) return;
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
