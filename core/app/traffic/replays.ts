import { Fault, systemClock } from "../../base/index.ts";
import { replaySort } from "../../contract/progress.ts";
import type { ReplayState } from "../../contract/replay.ts";
import { hostOf } from "../../replay/index.ts";
import type { Core } from "../core.ts";
import { openReplay } from "./open-replay.ts";
import { targetOf } from "./replay-target.ts";

export type ReplayRequest = { file: string; to: string; speed: number | null; compare: boolean; withWrites: boolean };

export type Replays = {
	/** Begins when this resolves. RUN_STATE with a replay under way, INPUT_INVALID, and the faults of `openReplay`. */
	start(request: ReplayRequest): Promise<ReplayState>;
	/** The last one, ended; RUN_STATE when none is under way. */
	stop(): Promise<ReplayState>;
	/** Under way, else the last one, else null. */
	state(): ReplayState | null;
};

/** As many as a browser's user would press a button for; a load test is the command line's. */
const concurrency = 64;
const timeoutMs = 30_000;

/** Recordings that the engine sends to a target, one at a time. It ends by itself, by `stop`, with its progress, and with the engine. */
export function createReplays(core: Pick<Core, "dir" | "progress" | "journal" | "closing" | "hold" | "alert">): Replays {
	let current: { state: ReplayState; end(): void; ended: Promise<ReplayState> } | null = null;
	let isStarting = false;

	async function start({ file, to, speed, compare, withWrites }: ReplayRequest): Promise<ReplayState> {
		const target = targetOf(to);
		if (target === null)
			throw new Fault("INPUT_INVALID", { subject: `The target '${to}'`, reason: "a target is http://HOST:PORT, without a path" });
		if (isStarting || (current !== null && current.state.endedAt === null))
			throw new Fault("RUN_STATE", { verb: "Replaying", reason: "a replay is under way", remedy: "Stop it, or wait for its end." });
		isStarting = true;
		try {
			const send = await openReplay({
				...{ file, target, concurrency, timeoutMs, withWrites },
				...{ stateDir: core.dir, alsoAttached: false, keyOf: null, keepHost: false, setHeaders: [] },
				pace: speed === null ? { kind: "max" } : { kind: "scaled", speed },
				compare: compare ? { random: [], clock: [] } : null,
			});
			current = follow(file, hostOf(target), send);
			return current.state;
		} finally {
			isStarting = false;
		}
	}

	function follow(file: string, target: string, send: Awaited<ReturnType<typeof openReplay>>) {
		const state: ReplayState = {
			...{ file, target, startedAt: systemClock.now(), endedAt: null, sent: 0 },
			...{ figures: null, comparison: null, cut: null, failure: null },
		};
		const stop = new AbortController();
		note(`A replay of ${file} to ${target} began.`);
		const work = core.progress.run(
			{ what: `Replaying to ${target}`, unit: "requests", sort: replaySort },
			(step, signal) =>
				send(
					(sent) => {
						state.sent = sent;
						step(sent);
					},
					AbortSignal.any([signal, stop.signal]),
				),
			core.closing,
		);
		const ended = work
			.then((outcome) => {
				Object.assign(state, outcome);
			})
			.catch((error: unknown) => {
				core.alert(error);
				state.failure = error instanceof Error ? error.message : String(error);
			})
			.then(() => {
				state.endedAt = systemClock.now();
				note(`The replay of ${file} to ${target} ended: ${resultText(state)}.`);
				return state;
			});
		core.hold(ended);
		return { state, end: () => stop.abort(), ended };
	}

	function note(text: string): void {
		if (core.journal.failed === null) core.journal.append("note", { function: null, text });
	}

	return {
		start,
		async stop() {
			if (current === null || current.state.endedAt !== null)
				throw new Fault("RUN_STATE", { verb: "Stopping", reason: "no replay is under way", remedy: "Nothing needs to be done." });
			current.end();
			return current.ended;
		},
		state: () => current?.state ?? null,
	};
}

function resultText({ sent, figures, comparison, failure }: ReplayState): string {
	if (figures === null) return `${sent} requests sent, ${failure ?? "cancelled"}`;
	const answered = `${figures.answered} of ${figures.sent} requests answered`;
	const compared = comparison === null ? "" : `, ${comparison.different} of ${comparison.compared} compared answers differ`;
	return `${answered}${compared}${figures.cancelled ? ", cancelled" : ""}`;
}
