import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { Fault, faultOf } from "../../base/index.ts";
import type { FromCollector } from "../wal/messages.ts";
import { isBusy } from "../wal/pins.ts";
import type { TriggerTail } from "./trigger-tail.ts";

/*
 * When a trigger tail looks, and how: at the end of every transaction (its journal goes, which a watched folder tells) and by the
 * clock; without a lock as long as a journal was seen. A lock is the last resort, for what has waited a second.
 */

const busyPollMs = 1;
const busyForMs = 200;
/** The longest wait for a moment in which nobody writes. */
const gapMs = 1000;
/** The sign of a journal may come later than the commit; without one a lock is needed. */
const signMs = 20;
const fileCheckMs = 500;

export type FollowOptions = { id: number; pollMs: number; lockTimeoutMs: number; send(message: FromCollector): void; release(): void };

export function followTriggers(tail: TriggerTail, { id, pollMs, lockTimeoutMs, send, release }: FollowOptions) {
	const base = basename(tail.file.path);
	const drains: { call: number; askedAt: number }[] = [];
	let timer: NodeJS.Timeout | null = null;
	let lastNews = 0;
	let newsSince: number | null = null;
	/** A journal was seen since the last look that took all in. */
	let hasJournal = false;
	let lastFileCheck = 0;
	let ended: Promise<void> | null = null;
	let watcher: FSWatcher | null = null;

	const end = () => {
		ended ??= (async () => {
			if (timer !== null) clearTimeout(timer);
			watcher?.close();
			try {
				await tail.close(lockTimeoutMs);
			} finally {
				release();
			}
		})();
		return ended;
	};

	/** The triggers go first: who is told of the loss finds the database as it was, or is told that it is not. */
	const lose = async (error: unknown) => {
		const { code, data } = faultOf(error, error instanceof Error && !(error instanceof Fault) ? (error.stack ?? "") : String(error));
		const left = await end().then(
			() => "",
			() => "; its triggers could not be taken out and are still in it",
		);
		send({ kind: "lost", id, code, data: { ...data, reason: `${data.reason ?? ""}${left}` } });
	};

	/** In the small: true when nothing is left to take in. */
	const takeIn = (now: number): boolean => {
		if (!tail.hasNews()) {
			newsSince = null;
			return true;
		}
		newsSince ??= now;
		lastNews = now;
		const waited = now - newsSince;
		const isSilent = hasJournal && !tail.needsLock && waited < gapMs;
		if (!isSilent && waited < (tail.needsLock ? 0 : signMs)) return false;
		if (!isSilent && waited < gapMs && tail.file.isBeingWritten()) return false;
		const { commit, isSettled } = tail.look({ withLock: !isSilent });
		if (commit !== null) send({ kind: "commits", id, commits: [commit] });
		if (isSettled) {
			newsSince = null;
			hasJournal = false;
		}
		return isSettled;
	};

	const answerDrains = (isSettled: boolean, now: number) => {
		for (const { call, askedAt } of drains.splice(0)) {
			if (isSettled) send({ kind: "drained", id, call });
			else if (now - askedAt < lockTimeoutMs) drains.push({ call, askedAt });
			else send({ kind: "undrained", id, call, code: "DATABASE_LOCKED", data: { file: tail.file.path } });
		}
	};

	const tick = () => {
		if (ended !== null) return;
		const now = performance.now();
		let isSettled = false;
		try {
			if (now - lastFileCheck > fileCheckMs || drains.length > 0) {
				lastFileCheck = now;
				tail.checkFile();
			}
			isSettled = takeIn(now);
		} catch (error) {
			if (!isBusy(error)) {
				void lose(error);
				return;
			}
		}
		answerDrains(isSettled, now);
		plan(isSettled || tail.file.isBeingWritten() ? (now - lastNews < busyForMs ? Math.min(busyPollMs, pollMs) : pollMs) : 0);
	};

	const plan = (ms: number) => {
		if (timer !== null) clearTimeout(timer);
		timer = setTimeout(tick, ms);
	};

	try {
		// Where a folder cannot be watched the clock alone does.
		watcher = watch(dirname(tail.file.path), (_, name) => {
			if (ended !== null) return;
			if (name === `${base}-journal`) hasJournal = true;
			if (name === null || name === base || name === `${base}-journal`) wake();
		});
		watcher.on("error", () => watcher?.close());
	} catch {
		watcher = null;
	}
	let isWoken = false;
	const wake = () => {
		if (isWoken) return;
		isWoken = true;
		setImmediate(() => {
			isWoken = false;
			tick();
		});
	};
	plan(0);

	return {
		drain(call: number) {
			if (ended !== null) return;
			drains.push({ call, askedAt: performance.now() });
			tick();
		},
		async stop() {
			let left = false;
			await end().catch(() => {
				left = true;
			});
			send({ kind: "stopped", id, ...(left ? { left } : {}) });
		},
		leave: () => end().catch(() => {}),
	};
}
