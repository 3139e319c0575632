import { extname } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";
import type { Mirror, MirrorStats, RoutePlan } from "../../../contract/traffic.ts";
import { isTruncated } from "../capture/body-tap.ts";
import type { Visit } from "../client/visit.ts";
import type { EndedVisit } from "../data-plane.ts";
import type { CopyReport, Limits } from "../protocol.ts";
import { type BodySpills, createBodySpills } from "./body-spills.ts";
import { copySize, encodeCopies, type OutgoingCopy } from "./copy-batch.ts";
import { addressOf, READ, SWAPS, type TargetReport, type ThreadOrder, type ThreadReport, type ThreadStart } from "./thread-protocol.ts";

/** The worker's side of the mirror thread. It only copies bytes and counts: whatever becomes of the thread, no client waits for it. */
export type MirrorLink = {
	readonly spills: BodySpills;
	setPlan(plan: RoutePlan): void;
	/** A mirrored visit whose plan names a mirror; it leaves with the next `flush`. */
	push(ended: EndedVisit): void;
	/** It had a mirror, and is not mirrored after all. */
	forget(visit: Visit): void;
	flush(): void;
	/** Answers that came back and could not be passed on. */
	drop(count: number, reason: string): void;
	/** Certificates are read anew for connections from now on. */
	reload(): void;
	/** undefined: there was never a mirror. */
	report(): CopyReport | undefined;
	/** To be called about once a second: ends a thread that has not said a word for too long. */
	beat(): void;
	close(): void;
};

/** What a link needs of its thread. */
export type Thread = Pick<Worker, "postMessage" | "terminate" | "on">;

type LinkDeps = {
	limits: Limits;
	startId: string;
	spillDir: string;
	/** A batch of answers in bytes. */
	onAnswers(batch: Buffer, count: number): void;
	log?(text: string): void;
	startThread?(options: WorkerOptions): Thread;
};

const backoffMs = [0, 250, 1_000, 4_000, 15_000];
/** Who has lived so long does not count as one that dies at once. */
const steadyMs = 60_000;
const silentBeats = 5;
const answerBytes = 64 * 1024 * 1024;
/** Bodies are outside of it. What is more ends the thread, not the process. */
const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 };
const NOT_DIGESTED = 0xffffffff;

export function createMirrorLink({
	limits,
	startId,
	spillDir,
	onAnswers,
	log = () => {},
	startThread = startWorker,
}: LinkDeps): MirrorLink {
	const shared = new Int32Array(new SharedArrayBuffer(8));
	let thread: Thread | null = null;
	let timer: NodeJS.Timeout | null = null;
	let isClosed = false;
	let deaths = 0;
	let startedAt = 0;
	let silent = 0;
	const known = new WeakMap<Mirror, number>();
	/** By content: plans come and go and mean the same. */
	const mirrors = new Map<string, { id: number; mirror: Mirror }>();
	let targets: string[] = [];
	/** By address: until when the breaker lets nothing through, as the thread last said. */
	const openUntil = new Map<string, number>();
	const stats: Record<string, MirrorStats> = {};
	let pending: OutgoingCopy[] = [];
	let pendingBytes = 0;
	/** Copies with the thread, and the bytes of the batches that they came in. */
	let [open, bytesOpen] = [0, 0];
	let taken = 0;
	const dropped: Record<string, number> = {};

	const post = (order: ThreadOrder, handedOver: ArrayBuffer[] = []): boolean => {
		thread?.postMessage(order, handedOver);
		return thread !== null;
	};
	const spills = createBodySpills({ spillCap: limits.spillCap, post });

	function drop(count: number, reason: string): void {
		if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
	}

	function start(): void {
		timer = null;
		if (isClosed || thread !== null) return;
		startedAt = performance.now();
		silent = 0;
		Atomics.store(shared, READ, 0);
		const { bodyCap, spillCap, spillDiskBytes } = limits;
		const start: ThreadStart = { shared: shared.buffer, startId, spillDir, limits: { bodyCap, spillCap, spillDiskBytes, answerBytes } };
		const created = startThread({ workerData: start, execArgv: [], resourceLimits });
		thread = created;
		created.on("message", (report: ThreadReport) => {
			if (thread === created) read(report);
		});
		created.on("error", (error: Error) => log(`mirror thread: ${error.message}`));
		created.on("exit", () => {
			if (thread === created) onLost();
		});
		for (const { id, mirror } of mirrors.values()) post({ kind: "mirror", id, mirror });
		post({ kind: "plan", swaps: Atomics.load(shared, SWAPS), targets });
	}

	function onLost(): void {
		thread = null;
		drop(open, "shadow-lost");
		open = 0;
		bytesOpen = 0;
		spills.lose();
		openUntil.clear();
		for (const stat of Object.values(stats)) Object.assign(stat, { state: "closed", inFlight: 0 });
		deaths = performance.now() - startedAt > steadyMs ? 0 : deaths + 1;
		const delay = backoffMs[Math.min(deaths, backoffMs.length - 1)] ?? 0;
		if (isClosed) return;
		log(`the mirror thread ended; another starts in ${delay} ms`);
		timer = setTimeout(start, delay);
	}

	function read({ answers, count, dropped: lost, released, spilled, targets: changed }: ThreadReport): void {
		silent = 0;
		Atomics.add(shared, READ, 1);
		open -= count;
		for (const [reason, number] of Object.entries(lost)) {
			open -= number;
			drop(number, reason);
		}
		bytesOpen -= released;
		spills.taken(spilled);
		for (const one of changed) note(one);
		if (answers !== null) onAnswers(Buffer.from(answers), count);
	}

	function note({ address, openUntil: until, state, inFlight, sent, answered, failed }: TargetReport): void {
		const before = stats[address] ?? { sent: 0, answered: 0, failed: 0 };
		stats[address] = { state, inFlight, sent: before.sent + sent, answered: before.answered + answered, failed: before.failed + failed };
		if (until === 0) openUntil.delete(address);
		else openUntil.set(address, until);
	}

	function idOf(mirror: Mirror): number {
		let id = known.get(mirror);
		if (id !== undefined) return id;
		const text = JSON.stringify(mirror);
		id = mirrors.get(text)?.id ?? mirrors.size + 1;
		known.set(mirror, id);
		if (!mirrors.has(text)) {
			mirrors.set(text, { id, mirror });
			post({ kind: "mirror", id, mirror });
		}
		return id;
	}

	/** Why this visit is not handed over, or null. */
	function obstacle({ endedAt, visit }: EndedVisit, mirror: Mirror): string | null {
		// Nobody knows whether it was carried out, and there is nothing to compare with.
		if (!visit.isAnswered) return "shadow-unanswered";
		if (!visit.isRequestWhole) return "shadow-partial";
		if (isTruncated(visit.requestTap) && spills.whole(visit.requestTap) === 0) return "shadow-spill";
		if (thread === null) return "shadow-down";
		if (endedAt < (openUntil.get(addressOf(mirror)) ?? 0)) return "shadow-open";
		return null;
	}

	return {
		spills,
		setPlan(plan) {
			const named = plan.routes.flatMap(({ mode }) => (mode.kind !== "legacy" && mode.mirror !== undefined ? [mode.mirror] : []));
			for (const mirror of named) idOf(mirror);
			const next = [...new Set(named.map(addressOf))];
			if (next.length === targets.length && next.every((address) => targets.includes(address))) return;
			targets = next;
			for (const address of Object.keys(stats)) if (!targets.includes(address) && stats[address]?.inFlight === 0) delete stats[address];
			// First the counter: from here on the thread sends nothing before it has read the plan.
			const swaps = Atomics.add(shared, SWAPS, 1) + 1;
			if (thread !== null) post({ kind: "plan", swaps, targets });
			else if (targets.length > 0 && timer === null) start();
		},
		push(ended) {
			const { visit, seq } = ended;
			const { mirror, requestTap, answerTap } = visit;
			if (mirror === null) return;
			taken++;
			const reason = obstacle(ended, mirror);
			const copy: OutgoingCopy = {
				seq,
				mirror: idOf(mirror),
				isRepeatable: visit.isRepeatable,
				requestSpill: spills.whole(requestTap),
				answerSpill: isTruncated(answerTap) ? spills.whole(answerTap) || NOT_DIGESTED : 0,
				head: visit.forwarded,
				body: requestTap,
			};
			const size = copySize(copy);
			const isTooMuch = bytesOpen + pendingBytes + size > limits.mirrorBytes;
			if (reason !== null || isTooMuch) {
				drop(1, reason ?? "shadow-busy");
				spills.forget(requestTap);
				spills.forget(answerTap);
				return;
			}
			pending.push(copy);
			pendingBytes += size;
		},
		forget(visit) {
			spills.forget(visit.requestTap);
			spills.forget(visit.answerTap);
		},
		flush() {
			if (pending.length === 0) return;
			const copies = pending;
			const size = pendingBytes;
			pending = [];
			pendingBytes = 0;
			if (thread === null) {
				drop(copies.length, "shadow-lost");
				return;
			}
			const bytes = encodeCopies(copies, size);
			open += copies.length;
			bytesOpen += bytes.length;
			const memory = bytes.buffer as ArrayBuffer;
			post(memory, [memory]);
		},
		drop,
		reload: () => void post({ kind: "reload" }),
		report: () => (taken === 0 && targets.length === 0 ? undefined : { taken, open: open + pending.length, dropped, mirrors: stats }),
		beat() {
			if (thread === null || ++silent <= silentBeats) return;
			log(`the mirror thread was silent for ${silentBeats} beats`);
			void thread.terminate();
		},
		close() {
			isClosed = true;
			if (timer !== null) clearTimeout(timer);
			void thread?.terminate();
		},
	};
}

function startWorker(options: WorkerOptions): Worker {
	return new Worker(new URL(`./mirror-thread${extname(import.meta.url)}`, import.meta.url), options);
}
