import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { Fault, faultOf } from "../../base/index.ts";
import type { FromCollector } from "../wal/messages.ts";
import { isBusy } from "../wal/pins.ts";
import type { TriggerTail } from "./trigger-tail.ts";

/*
 * When a trigger tail looks. Woken by the end of a transaction (its journal goes) or by the clock, it looks at once unless the next
 * transaction is being written already: then it waits for a gap, so that no lock of ours meets legacy's commit.
 */

const busyPollMs = 1;
const busyForMs = 200;
/** The longest wait for a gap; a `drain` that somebody waits for is less patient. */
const gapMs = 1000;
const drainGapMs = 100;
const fileCheckMs = 500;

export type FollowOptions = { id: number; pollMs: number; lockTimeoutMs: number; send(message: FromCollector): void; release(): void };

export function followTriggers(tail: TriggerTail, { id, pollMs, lockTimeoutMs, send, release }: FollowOptions) {
	const base = basename(tail.file.path);
	const drains: { call: number; askedAt: number }[] = [];
	let timer: NodeJS.Timeout | null = null;
	let lastNews = 0;
	let newsSince: number | null = null;
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
		const asked = drains[0]?.askedAt;
		const isPatient = now - newsSince < gapMs && (asked === undefined || now - asked < drainGapMs);
		if (isPatient && tail.file.isBeingWritten()) return false;
		const { commit, isSettled } = tail.look();
		if (commit !== null) send({ kind: "commits", id, commits: [commit] });
		if (isSettled) newsSince = null;
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
			if (ended === null && (name === null || name === base || name === `${base}-journal`)) wake();
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
