import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../core/base/index.ts";
import { adoptCore, type RunningCore } from "./running-core.ts";
import type { Settings } from "./settings.ts";
import { CoreFailure, spawnCore } from "./spawn-core.ts";

/** Keeps one core serving. A core that ends by itself is started again; the gateway and the services do not notice. */
export type CoreHost = {
	/** Begins, or begins again after `onGivenUp`. */
	start(): void;
	/** Whether the core belongs to somebody else, who started it: then it goes on whatever this desktop does. */
	isShared(): boolean;
	/** Ends the core (not one that somebody else started), and with it what it does not leave running. */
	end(): Promise<void>;
	/** Only stops watching: the core goes on without a window, and the next start takes it over. */
	leave(): void;
};

export type CoreHostOptions = {
	settings: Settings;
	/** Waits before the next start, in milliseconds, after the first, second ... end within `withinMs`; one end more is too many. */
	backoffMs?: number[];
	withinMs?: number;
	onServing(url: string): void;
	onGivenUp(reason: string): void;
};

export function createCoreHost(options: CoreHostOptions): CoreHost {
	const { settings, backoffMs = [250, 1_000, 4_000, 15_000], withinMs = 300_000, onServing, onGivenUp } = options;
	const closing = new AbortController();
	let core: RunningCore | null = null;
	let left = false;
	let watching = Promise.resolve();

	async function keepServing(): Promise<void> {
		let ends: number[] = [];
		for (;;) {
			const failure = await serveOnce();
			core = null;
			if (left || closing.signal.aborted) return;
			const now = systemClock.now();
			ends = [...ends.filter((at) => now - at < withinMs), now];
			const wait = backoffMs[ends.length - 1];
			if (failure.told || wait === undefined) return onGivenUp(failure.message);
			await delay(wait, undefined, { signal: closing.signal, ref: false }).catch(() => {});
		}
	}

	/** From the start of a core, or the adoption of one, to its end. */
	async function serveOnce(): Promise<CoreFailure> {
		try {
			core = (await adoptCore(settings.stateDir)) ?? (await spawnCore(settings, closing.signal));
			if (!left) onServing(core.url);
			await core.ended;
			return new CoreFailure("The engine ended again and again by itself.", false);
		} catch (error) {
			return error instanceof CoreFailure ? error : new CoreFailure(String(error), true);
		}
	}

	return {
		start() {
			watching = watching.then(keepServing);
		},
		isShared: () => core?.startedHere === false,
		async end() {
			const running = core;
			closing.abort();
			if (running === null) return await watching;
			if (!running.startedHere) return;
			await running.end();
			await watching;
		},
		leave() {
			left = true;
		},
	};
}
