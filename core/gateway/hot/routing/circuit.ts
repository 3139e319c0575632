/** Whether something may be sent: as usual; as the one trial that shows whether it works again; not at all. */
export type Pass = "closed" | "probe" | "open";

export type CircuitLimits = {
	/** Failures in a row that open it. */
	failures: number;
	/** Share of failures in the window that opens it, from `minimum` results on. */
	rate: number;
	minimum: number;
	windowMs: number;
	/** How long it stays open at first; doubled by each trial that fails, up to the most. */
	openMs: number;
	openMostMs: number;
};

export const circuitLimits: CircuitLimits = { failures: 5, rate: 0.5, minimum: 20, windowMs: 10_000, openMs: 500, openMostMs: 60_000 };

export type CircuitState = "closed" | "open" | "half-open";

/**
 * Keeps requests away from what fails. Whoever got a pass gives it back with what came of it.
 *
 *              failures in a row, or too many in the window          time is over: one trial
 *     closed ─────────────────────────────────────────────▶ open ────────────────────────▶ half-open
 *        ▲                                                    ▲                                │
 *        │                                                    └──────── it failed: twice as long
 *        └───────────────────────────────── it went well ───────────────────────────────────────┘
 */
export type Circuit = {
	/** `at`: milliseconds on any clock that does not go back. */
	ask(at: number): Pass;
	/** Nothing came of it that says anything, for example because the client left. */
	release(pass: Pass): void;
	settle(pass: Pass, isGood: boolean, at: number): void;
	/** Opens it, if it is closed: somebody else has seen what opens it. */
	trip(at: number): void;
	state(): CircuitState;
	/** When a trial may be made; 0 while closed. */
	openUntil(): number;
	/** How often it has opened. */
	opened(): number;
};

const parts = 10;

export function createCircuit(limits: CircuitLimits): Circuit {
	const partMs = limits.windowMs / parts;
	const good = new Uint32Array(parts);
	const bad = new Uint32Array(parts);
	/** The part of the window that `good` and `bad` were last written in, counted from time 0. */
	let part = 0;
	let inRow = 0;
	let openUntil = 0;
	let openMs = limits.openMs;
	let isProbing = false;
	let opened = 0;

	function turnTo(at: number): number {
		const now = Math.floor(at / partMs);
		for (let next = Math.max(part + 1, now - parts + 1); next <= now; next++) {
			good[next % parts] = 0;
			bad[next % parts] = 0;
		}
		part = Math.max(part, now);
		return part % parts;
	}

	function isTooBad(): boolean {
		if (inRow >= limits.failures) return true;
		const failed = bad.reduce((sum, count) => sum + count, 0);
		const all = failed + good.reduce((sum, count) => sum + count, 0);
		return all >= limits.minimum && failed >= all * limits.rate;
	}

	function open(at: number): void {
		openUntil = at + openMs;
		openMs = Math.min(openMs * 2, limits.openMostMs);
		opened++;
	}

	function close(): void {
		openUntil = 0;
		openMs = limits.openMs;
		inRow = 0;
		good.fill(0);
		bad.fill(0);
	}

	return {
		ask(at) {
			if (openUntil === 0) return "closed";
			if (isProbing || at < openUntil) return "open";
			isProbing = true;
			return "probe";
		},
		release(pass) {
			if (pass === "probe") isProbing = false;
		},
		settle(pass, isGood, at) {
			if (pass === "probe") {
				isProbing = false;
				if (isGood) close();
				else open(at);
				return;
			}
			// What was sent before it opened says nothing new.
			if (pass === "open" || openUntil !== 0) return;
			const here = turnTo(at);
			if (isGood) {
				inRow = 0;
				good[here] = (good[here] as number) + 1;
				return;
			}
			inRow++;
			bad[here] = (bad[here] as number) + 1;
			if (isTooBad()) open(at);
		},
		trip(at) {
			if (openUntil === 0) open(at);
		},
		state() {
			if (openUntil === 0) return "closed";
			return isProbing ? "half-open" : "open";
		},
		openUntil: () => openUntil,
		opened: () => opened,
	};
}
