import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../core/base/index.ts";
import { adoptCore, type HostClient, type RunningCore } from "./running-core.ts";
import type { Settings } from "./settings.ts";
import { CoreFailure, spawnCore } from "./spawn-core.ts";

/** Keeps one core serving. A core that ends by itself is started again; the gateway and the services do not notice. */
export type CoreHost = {
	/** Begins, or begins again after `onGivenUp`. */
	start(): void;
	/** Of the core that serves; null while there is none, or while it is of another version than this desktop. */
	socket(): string | null;
	/** The verbs of a host; null while no core serves. */
	client(): HostClient | null;
	/** Whether the core belongs to somebody else, who started it: then it goes on whatever this desktop does. */
	isShared(): boolean;
	/** Ends the core that runs and starts one of this desktop's version; what it does not end serves on. */
	renew(): void;
	/** Ends the core (not one that somebody else started), and with it what it does not leave running. */
	end(panic?: string): Promise<void>;
	/** Only stops watching: the core goes on without a window, and the next start takes it over. */
	leave(): void;
};

export type CoreHostOptions = {
	settings: Settings;
	/** Of this desktop. Engine and desktop come from one build; any other must not talk to the page. */
	version: string;
	/** Waits before the next start, in milliseconds, after the first, second ... end within `withinMs`; one end more is too many. */
	backoffMs?: number[];
	withinMs?: number;
	onServing(client: HostClient): Promise<void>;
	onOtherVersion(other: { version: string; isShared: boolean }): Promise<void>;
	onGivenUp(reason: string): Promise<void>;
	/** One of the three above failed. */
	onFault(error: unknown): void;
};

export function createCoreHost(options: CoreHostOptions): CoreHost {
	const { settings, version, backoffMs = [250, 1_000, 4_000, 15_000], withinMs = 300_000, onFault } = options;
	const closing = new AbortController();
	let core: RunningCore | null = null;
	let left = false;
	let renewing = false;
	let watching = Promise.resolve();
	const serving = () => (core?.version === version ? core : null);

	async function keepServing(): Promise<void> {
		let ends: number[] = [];
		for (;;) {
			const failure = await serveOnce();
			core = null;
			if (left || closing.signal.aborted) return;
			const now = systemClock.now();
			ends = renewing ? [] : [...ends.filter((at) => now - at < withinMs), now];
			const wait = renewing ? 0 : backoffMs[ends.length - 1];
			renewing = false;
			if (failure.told || wait === undefined) return void options.onGivenUp(failure.message).catch(onFault);
			await delay(wait, undefined, { signal: closing.signal, ref: false }).catch(() => {});
		}
	}

	/** From the start of a core, or the adoption of one, to its end. */
	async function serveOnce(): Promise<CoreFailure> {
		try {
			core = (await adoptCore(settings.stateDir)) ?? (await spawnCore(settings, closing.signal));
			if (!left) void tell(core).catch(onFault);
			await core.ended;
			return new CoreFailure("The engine ended again and again by itself.", false);
		} catch (error) {
			return error instanceof CoreFailure ? error : new CoreFailure(String(error), true);
		}
	}

	function tell({ version: other, host, startedHere }: RunningCore): Promise<void> {
		return other === version ? options.onServing(host) : options.onOtherVersion({ version: other, isShared: !startedHere });
	}

	return {
		start() {
			watching = watching.then(keepServing);
		},
		socket: () => serving()?.socket ?? null,
		client: () => serving()?.host ?? null,
		isShared: () => core?.startedHere === false,
		renew() {
			renewing = true;
			void core?.end();
		},
		async end(panic) {
			const running = core;
			closing.abort();
			if (running === null) return await watching;
			if (!running.startedHere) return;
			await running.end(panic);
			await watching;
		},
		leave() {
			left = true;
		},
	};
}
