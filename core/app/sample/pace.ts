import { Fault } from "../../base/index.ts";

/** When the demo may go on: it stands while the presenter paused it, and at its gates. */
export type Pace = {
	readonly isPaused: boolean;
	readonly gate: string | null;
	/** Milliseconds for which it has stood so far. */
	readonly stoodMs: number;
	pause(): void;
	resume(): void;
	/** Opens the gate; resumes what was paused. Fault RUN_STATE when it is under way. */
	next(): void;
	/** Waits while it is paused. */
	passable(): Promise<void>;
	/** Waits here until the presenter says so. */
	waitAt(gate: string): Promise<void>;
};

export function createPace(deps: { now(): number; signal: AbortSignal; onChange(): void }): Pace {
	let isPaused = false;
	let gate: string | null = null;
	let since = 0;
	let stood = 0;
	let wake: () => void = () => {};
	deps.signal.addEventListener("abort", () => wake(), { once: true });

	const refused = (reason: string) =>
		new Fault("RUN_STATE", { verb: "This", reason, remedy: "Wait for the demo to reach the end of its chapter." });
	function stand(): void {
		if (since === 0) since = deps.now();
	}
	function go(): void {
		if (since > 0) stood += deps.now() - since;
		since = 0;
		wake();
		deps.onChange();
	}
	async function until(isOver: () => boolean): Promise<void> {
		while (!isOver() && !deps.signal.aborted) {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
		deps.signal.throwIfAborted();
	}

	return {
		get isPaused() {
			return isPaused;
		},
		get gate() {
			return gate;
		},
		get stoodMs() {
			return stood + (since > 0 ? deps.now() - since : 0);
		},
		pause() {
			if (isPaused || gate !== null) return;
			isPaused = true;
			stand();
			deps.onChange();
		},
		resume() {
			if (!isPaused) return;
			isPaused = false;
			go();
		},
		next() {
			if (gate === null && !isPaused) throw refused("the demo is under way");
			gate = null;
			isPaused = false;
			go();
		},
		passable: () => until(() => !isPaused),
		async waitAt(words) {
			await until(() => !isPaused);
			gate = words;
			stand();
			deps.onChange();
			await until(() => gate === null);
		},
	};
}
