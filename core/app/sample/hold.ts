import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../base/index.ts";
import type { Migration } from "../../contract/run.ts";
import type { Core } from "../core.ts";

/** Holds functions back and lets them go, by the arbiter's own pause; verdicts are counted and guards act all the while. */
export function createHold(core: Core) {
	/** Stood still by `pauseAll`, to be let go by `resumeAll`. */
	let paused: string[] = [];
	const states = (): Migration[] => core.migrations?.states() ?? [];
	const isOver = ({ stage }: Migration) => stage === "promoted" || stage === "refused" || stage === "cancelled";
	const tell = (name: string, kind: "pause" | "resume" | "cancel") => core.migrations?.dispatch(name, { kind, at: systemClock.now() });

	const isRetired = () => core.snapshot().system?.legacy.retired === true;

	function one(name: string): void {
		if (states().some((state) => state.function === name && !state.paused)) tell(name, "pause");
	}

	/** Every function that moves; those it has paused. */
	function all(): string[] {
		const moving = states().filter((state) => !isOver(state) && !state.paused);
		for (const { function: name } of moving) tell(name, "pause");
		return moving.map((state) => state.function);
	}

	function release(names: string[]): void {
		for (const state of states()) if (state.paused && names.includes(state.function)) tell(state.function, "resume");
	}

	return {
		isRetired,
		one,
		all,
		release,
		pauseAll() {
			paused = [...paused, ...all()];
		},
		resumeAll() {
			release(paused);
			paused = [];
		},
		/** One that does not move by itself any more. */
		stuck: () => states().find((state) => state.stage === "held" || state.stage === "refused") ?? null,
		/** Every client back on legacy, every service stopped. */
		async cancelAll(limitMs = 20_000): Promise<void> {
			if (isRetired()) return;
			for (const state of states()) if (state.stage !== "refused" && state.stage !== "cancelled") tell(state.function, "cancel");
			const isBack = () => (core.migrations?.services() ?? []).length === 0;
			for (let waited = 0; waited < limitMs && !isBack(); waited += 100) await sleep(100);
		},
	};
}
