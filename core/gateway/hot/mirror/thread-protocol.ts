import type { Mirror, MirrorStats } from "../../../contract/traffic.ts";

/** What a mirror thread is started with. */
export type ThreadStart = {
	shared: SharedArrayBuffer;
	/** Of the gateway: stands before each number in `X-Phoenix-Request`. */
	startId: string;
	spillDir: string;
	limits: ThreadLimits;
};

/** In bytes. */
export type ThreadLimits = {
	/** Of an answer, kept. */
	bodyCap: number;
	/** Of a body, in a file or by its digest. */
	spillCap: number;
	/** Of all files at once. */
	spillDiskBytes: number;
	/** Of all answers under way at once; what is more is kept as a digest only. */
	answerBytes: number;
};

/**
 * Cells of the shared memory. A thread sends no copy while `SWAPS` is ahead of the plans it has read: so a plan that no longer names a target
 * holds from the moment it is in force, not from when the thread gets to read it.
 */
export const SWAPS = 0;
/** Reports that the worker has read: what they weighed is not the thread's burden any more. */
export const READ = 1;

/** Worker to thread. Copies come as bare bytes (`copy-batch.ts`), handed over, not copied. */
export type ThreadOrder =
	| ArrayBuffer
	| { kind: "mirror"; id: number; mirror: Mirror }
	/** `targets`: addresses that may be sent copies from now on. */
	| { kind: "plan"; swaps: number; targets: string[] }
	/** The next bytes of a body that is longer than what is kept; the first ones open it. `isStored`: in a file, to be sent; else only digested. */
	| { kind: "spill"; spill: number; isStored: boolean; bytes: ArrayBuffer }
	/** Nobody needs it. */
	| { kind: "forget"; spill: number }
	/** Certificates have changed on disk. */
	| { kind: "reload" };

/** Thread to worker, a few times a second. */
export type ThreadReport = {
	/** A batch of `count` answers (`answer-codec.ts`). */
	answers: ArrayBuffer | null;
	count: number;
	/** Copies that were not sent, by reason. */
	dropped: Record<string, number>;
	/** Bytes of copies that are done with. */
	released: number;
	/** Bytes of long bodies that are written or digested. */
	spilled: number;
	/** Only those that have changed. */
	targets: TargetReport[];
};

/** Counts since the last report. `openUntil`: when the breaker lets a trial through, by the clock; 0: it is closed. */
export type TargetReport = MirrorStats & { address: string; openUntil: number };

export const addressOf = ({ upstream }: Mirror): string => `${upstream.host}:${upstream.port}`;
