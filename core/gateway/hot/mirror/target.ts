import type { MirrorStats } from "../../../contract/traffic.ts";
import { circuitLimits, createCircuit, type Pass } from "../routing/circuit.ts";
import type { RawAnswer } from "./answer-codec.ts";
import { type Copy, defaultTimeoutMs, type Sender, type SenderDeps } from "./send-copy.ts";
import type { TargetReport } from "./thread-protocol.ts";

/** One address that is sent copies: so many at once, in order where one is asked for, and none while it is broken. */
export type Target = {
	offer(copy: Copy): void;
	/** Sends what may be sent. */
	pump(): void;
	/** Ends what has waited too long for its answer. */
	sweep(at: number): void;
	/** Whether the plan names it; who is not named any more is sent nothing more. */
	setNamed(isNamed: boolean): void;
	/** What has changed since the last report, or null. */
	report(): TargetReport | null;
	isIdle(): boolean;
};

type TargetDeps = {
	address: string;
	/** False: there is a newer plan, which is to be read first. */
	maySend(): boolean;
	createSender(onDone: SenderDeps["onDone"]): Sender;
	onAnswer(copy: Copy, answer: RawAnswer): void;
	onDropped(copy: Copy, reason: string): void;
	now(): number;
};

const defaultInFlight = 256;
/** Copies come in batches, so that some have to wait for a moment. Longer than this it is the shadow that does not keep up. */
const waitMs = 1_000;
/** Copies of one key that wait for each other. */
const laneMost = 1_024;
/** Of the time limit for an answer: who keeps an order may wait so long. */
const lateFactor = 4;

export function createTarget({ address, maySend, createSender, onAnswer, onDropped, now }: TargetDeps): Target {
	const circuit = createCircuit(circuitLimits);
	const busy = new Set<Sender>();
	const free: Sender[] = [];
	const ready: Copy[] = [];
	/** By key, while one of it is ready or under way: those behind it. */
	const lanes = new Map<string, Copy[]>();
	let isNamed = true;
	let isPumping = false;
	let counts = { sent: 0, answered: 0, failed: 0 };
	let told = "";

	function leaveLane({ key }: Copy): void {
		const lane = key === null ? undefined : lanes.get(key);
		if (key === null || lane === undefined) return;
		const next = lane.shift();
		if (next === undefined) lanes.delete(key);
		else ready.push(next);
	}

	function drop(copy: Copy, reason: string): void {
		onDropped(copy, reason);
		leaveLane(copy);
	}

	function start(copy: Copy, pass: Pass): void {
		const sender = free.pop() ?? newSender();
		counts.sent++;
		busy.add(sender);
		sender.send(copy, pass);
	}

	function newSender(): Sender {
		const sender = createSender((copy, pass, answer) => {
			busy.delete(sender);
			free.push(sender);
			if (answer === null) {
				circuit.release(pass);
				counts.sent--;
				drop(copy, "shadow-spill");
			} else take(copy, pass, answer);
			pump();
		});
		return sender;
	}

	function take(copy: Copy, pass: Pass, answer: RawAnswer): void {
		// Whatever it answers, it is there.
		const isGood = answer.status !== 0;
		circuit.settle(pass, isGood, now());
		if (isGood) counts.answered++;
		else counts.failed++;
		onAnswer(copy, answer);
		leaveLane(copy);
	}

	function pump(): void {
		if (isPumping) return;
		isPumping = true;
		for (let first = ready[0]; first !== undefined && maySend(); first = ready[0]) {
			const { inFlight = defaultInFlight, timeoutMs = defaultTimeoutMs } = first.mirror;
			const at = now();
			const waited = at - first.since;
			const isTooLate = waited > (first.key === null ? waitMs : lateFactor * timeoutMs);
			if (isNamed && !isTooLate && busy.size >= inFlight) break;
			ready.shift();
			if (!isNamed) drop(first, "shadow-gone");
			else if (isTooLate) drop(first, first.key === null ? "shadow-busy" : "shadow-late");
			else {
				const pass = circuit.ask(at);
				if (pass === "open") drop(first, "shadow-open");
				else start(first, pass);
			}
		}
		isPumping = false;
	}

	function stats(): MirrorStats {
		return { state: circuit.state(), inFlight: busy.size, ...counts };
	}

	return {
		offer(copy) {
			const { key } = copy;
			const lane = key === null ? undefined : lanes.get(key);
			if (lane !== undefined) {
				if (lane.length >= laneMost) onDropped(copy, "shadow-busy");
				else lane.push(copy);
				return;
			}
			if (key !== null) lanes.set(key, []);
			ready.push(copy);
		},
		pump,
		sweep(at) {
			for (const sender of busy) if (at >= sender.deadline()) sender.timeOut();
			pump();
		},
		setNamed(next) {
			isNamed = next;
			pump();
		},
		report() {
			const now = stats();
			const openUntil = circuit.openUntil();
			const text = `${now.state} ${now.inFlight} ${openUntil}`;
			if (text === told && now.sent + now.answered + now.failed === 0) return null;
			told = text;
			counts = { sent: 0, answered: 0, failed: 0 };
			return { address, openUntil, ...now };
		},
		isIdle: () => busy.size === 0 && ready.length === 0 && lanes.size === 0,
	};
}
