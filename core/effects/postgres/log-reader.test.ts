import { expect, test } from "vitest";
import { createLogReader } from "./log-reader.ts";

/** A keepalive, and data whose message is of no kind. */
const keepalive = (end: number) => Buffer.from([0x6b, ...bigEndian(end), ...bigEndian(0), 1]);
const nonsense = Buffer.from([0x77, ...bigEndian(0), ...bigEndian(0), ...bigEndian(0), 0x21]);
/** Begin and Commit of a transaction without rows. */
const begin = Buffer.from([0x77, ...bigEndian(0), ...bigEndian(0), ...bigEndian(0), 0x42, ...bigEndian(5), ...bigEndian(0), 0, 0, 0, 1]);
const commit = Buffer.from([
	...[0x77, ...bigEndian(0), ...bigEndian(0), ...bigEndian(0), 0x43, 0],
	...[...bigEndian(5), ...bigEndian(6), ...bigEndian(0)],
]);

function bigEndian(value: number): number[] {
	const bytes = Buffer.alloc(8);
	bytes.writeBigInt64BE(BigInt(value));
	return [...bytes];
}

function make(onTransaction: () => void) {
	const log: string[] = [];
	const state = { isHeld: false };
	const reader = createLogReader({
		...{ file: "postgres://x/y", markPrefix: "phoenix", maxTransactionBytes: 1000, mostWaitingBytes: 60 },
		shape: () => undefined,
		refresh: () => Promise.resolve(),
		onDeviation: () => log.push("deviation"),
		onTransaction,
		onReached: (end) => log.push(`reached ${end}`),
		isHeld: () => state.isHeld,
		pause: () => log.push("pause"),
		resume: () => log.push("resume"),
		onBroken: (error) => log.push(`broken: ${(error as Error).message}`),
		onCatalogFailure: () => log.push("catalog"),
	});
	return { log, state, reader };
}

test("[P2] bytes that are no message end the promise once; what follows is not read", () => {
	const { log, reader } = make(() => {});
	expect(reader.receive(keepalive(7))).toMatchObject({ kind: "keepalive", isReplyWanted: true });
	expect(reader.receive(nonsense)).toBeNull();
	expect(reader.receive(keepalive(9))).toBeNull();
	expect(log).toEqual(["reached 7", expect.stringContaining("unknown kind")]);
});

test("[P12] a listener that throws ends the promise: its commit would be missing after a new connection", () => {
	const { log, reader } = make(() => {
		throw new Error("the disk of the listener is full");
	});
	for (const bytes of [begin, commit, keepalive(9)]) reader.receive(bytes);
	expect(log).toEqual(["broken: the disk of the listener is full"]);
});

test("[P13] while nobody takes transactions the connection is paused, and goes on in order; inside a transaction no place is reached", () => {
	const seen: string[] = [];
	const { log, state, reader } = make(() => seen.push("transaction"));
	reader.receive(begin);
	reader.receive(keepalive(5));
	reader.receive(commit);
	state.isHeld = true;
	for (let n = 0; n < 3; n++) for (const bytes of [begin, commit]) reader.receive(bytes);
	reader.receive(keepalive(20));
	expect([seen.length, log]).toEqual([1, ["pause"]]);
	state.isHeld = false;
	reader.pump();
	expect([seen.length, log]).toEqual([4, ["pause", "reached 20", "resume"]]);
});
