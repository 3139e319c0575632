import { Fault, systemClock } from "../../base/index.ts";
import { recordingSort } from "../../contract/progress.ts";
import type { RecordingState } from "../../contract/recording.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { createRecording, type Masker, type RecordingWriter, recordedOf } from "../../replay/index.ts";
import type { Core } from "../core.ts";
import { maskerOf } from "./masking.ts";

export type RecordingOptions = { file: string; forMs?: number; routes?: string[]; mask?: string[]; maskKey?: string; unmasked?: boolean };

export type Recordings = {
	/** Begins when this resolves. RUN_STATE without a system or with a recording under way, INPUT_INVALID for what cannot be recorded to. */
	start(options: RecordingOptions): Promise<RecordingState>;
	/** The last one, ended; RUN_STATE when none is under way. Rejects when the disk refused it. */
	stop(): Promise<RecordingState>;
	/** Under way, else the last one, else null. */
	state(): RecordingState | null;
};

/** Recordings of the attached system's traffic, one at a time. It ends by itself, by `stop`, with its progress, and with the core. */
export function createRecordings(core: Pick<Core, "dir" | "system" | "progress" | "journal" | "closing" | "hold" | "alert">): Recordings {
	let current: { state: RecordingState; end(): void; ended: Promise<RecordingState> } | null = null;
	let isStarting = false;

	async function start(options: RecordingOptions): Promise<RecordingState> {
		const { system } = core;
		if (system === null)
			throw new Fault("RUN_STATE", { verb: "Recording", reason: "no legacy system is attached", remedy: "Attach a system first." });
		if (isStarting || (current !== null && current.state.endedAt === null))
			throw new Fault("RUN_STATE", {
				verb: "Recording",
				reason: "a recording is under way",
				remedy: "Stop it with `phoenix record --stop`.",
			});
		isStarting = true;
		try {
			const masker = options.unmasked === true ? null : maskerOf(core.dir, { rules: options.mask ?? [], keyFile: options.maskKey });
			const routes = options.routes ?? null;
			const name = `${system.legacy.host}:${system.legacy.port}`;
			const writer = await createRecording({ file: options.file, header: { source: { kind: "gateway", name }, routes }, masker });
			current = follow(writer, masker, options, system.onExchange);
			return current.state;
		} finally {
			isStarting = false;
		}
	}

	function follow(writer: RecordingWriter, masker: Masker | null, options: RecordingOptions, onExchange: Subscribe) {
		const startedAt = systemClock.now();
		const { forMs, routes } = options;
		const stop = new AbortController();
		const state: RecordingState = {
			...{ file: options.file, startedAt, until: forMs === undefined ? null : startedAt + forMs, routes: routes ?? null },
			...{
				maskKey: masker?.about.key ?? null,
				exchanges: 0,
				bytes: 0,
				missing: {},
				masked: {},
				withheld: {},
				endedAt: null,
				failure: null,
			},
		};
		const update = () => {
			const { records, bytes, missing, masked, withheld } = writer.written;
			Object.assign(state, { exchanges: records, bytes, missing, masked, withheld, failure: writer.failed?.message ?? null });
		};
		note(`A recording to ${options.file} began${masker === null ? ", unmasked" : ""}.`);
		const work = core.progress.run(
			{ what: `Recording to ${options.file}`, unit: "exchanges", sort: recordingSort },
			async (step, signal) => {
				const wanted = routes === undefined ? null : new Set(routes);
				const seen = createGapFinder(writer);
				const unsubscribe = onExchange((exchange) => {
					seen(exchange.seq);
					if (wanted !== null && !wanted.has(exchange.route ?? "")) return;
					if (!writer.write(recordedOf(exchange)) && writer.failed !== null) stop.abort();
					step(writer.written.records);
				});
				const timer = forMs === undefined ? null : setTimeout(() => stop.abort(), forMs);
				const ticker = setInterval(update, 250);
				await aborted(AbortSignal.any([signal, stop.signal]));
				unsubscribe();
				clearInterval(ticker);
				if (timer) clearTimeout(timer);
			},
			core.closing,
		);
		const ended = work
			.then(() => writer.end())
			.catch((error: unknown) => {
				core.alert(error);
				state.failure = error instanceof Error ? error.message : String(error);
			})
			.then(() => {
				update();
				state.endedAt = systemClock.now();
				note(`The recording to ${options.file} ended: ${state.exchanges} exchanges${state.failure === null ? "" : `, ${state.failure}`}.`);
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
				throw new Fault("RUN_STATE", { verb: "Stopping", reason: "no recording is under way", remedy: "Nothing needs to be done." });
			current.end();
			return current.ended;
		},
		state: () => current?.state ?? null,
	};
}

type Subscribe = (listener: (exchange: Exchange) => void) => () => void;

/** The gateway counts without gaps; where a number is left out, an exchange was dropped before it came here. */
function createGapFinder(writer: RecordingWriter): (seq: number) => void {
	let last: number | null = null;
	return (seq) => {
		if (last !== null && seq > last + 1) writer.miss(seq - last - 1, "dropped-by-the-gateway");
		last = seq;
	};
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
}
