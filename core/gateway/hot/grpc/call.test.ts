import fc from "fast-check";
import { expect, test } from "vitest";
import { createCall, deadlineOf, grpcMessage, grpcStatusFor, isFailure, isGrpc, isPastUnary, statusIn, timeoutMs } from "./call.ts";
import { createMessageCounter } from "./message-counter.ts";

test("[G1] a call is known by its content type, and gRPC-Web is none", () => {
	for (const type of ["application/grpc", "application/grpc+proto", "Application/GRPC; x=1"])
		expect([type, isGrpc(type)]).toEqual([type, true]);
	for (const type of [null, "application/grpc-web", "application/grpcx", "application/json"])
		expect([type, isGrpc(type)]).toEqual([type, false]);
});

test("[G2] messages are counted however their bytes are cut", () => {
	const message = fc.uint8Array({ maxLength: 300 }).map((bytes) => {
		const head = Buffer.alloc(5);
		head.writeUInt32BE(bytes.length, 1);
		return Buffer.concat([head, bytes]);
	});
	fc.assert(
		fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
			const all = Buffer.concat(messages);
			const counter = createMessageCounter();
			const places = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
			for (let at = 1; at < places.length; at++) counter.take(all.subarray(places[at - 1], places[at]));
			expect([counter.count(), counter.isOpen()]).toEqual([messages.length, false]);
			counter.take(Buffer.from([0, 0]));
			expect([counter.count(), counter.isOpen()]).toEqual([messages.length, true]);
		}),
	);
});

test("[G3] deadlines: the client's, the gateway's, and none for who still sends", () => {
	expect([timeoutMs("250m"), timeoutMs("2S"), timeoutMs("1M"), timeoutMs("1H"), timeoutMs("500u")]).toEqual([
		250, 2_000, 60_000, 3_600_000, 0.5,
	]);
	for (const bad of ["", "1", "m", "123456789m", "-1m", "1.5S"]) expect([bad, timeoutMs(bad)]).toEqual([bad, null]);
	const [bound, free] = [createCall("400m", 1_000), createCall(null, 1_000)];
	expect(deadlineOf(bound, 1_000, 5_000, false, true)).toBe(1_400);
	expect(deadlineOf(bound, 1_000, 100, true, true)).toBe(1_100);
	expect(deadlineOf(free, 1_000, 5_000, false, true)).toBe(6_000);
	expect(deadlineOf(free, 1_000, 5_000, true, false)).toBe(Number.POSITIVE_INFINITY);
});

test("[G4] [G5] statuses", () => {
	expect([502, 503, 504, 404, 431, 400].map((status) => grpcStatusFor(status, false))).toEqual([14, 14, 14, 12, 8, 13]);
	expect(grpcStatusFor(504, true)).toBe(4);
	expect(["0", "1", "5", "9", "2", "13", "14"].map(isFailure)).toEqual([false, false, false, false, true, true, true]);
	expect(statusIn(Buffer.from("x-a: grpc-status: 1\r\ngrpc-status: 14\r\n\r\n"))).toBe("14");
	expect(statusIn(Buffer.from("x-a: 1\r\n\r\n"))).toBeNull();
	expect(grpcMessage("50 % \u00e9\n")).toBe("50 %25 %C3%A9%0A");
});

test("[G6] an answer is a stream from its second message on, or from its first while the request is open", () => {
	const call = createCall(null, 0);
	expect([isPastUnary(call, true), isPastUnary(call, false)]).toEqual([false, true]);
	call.answerMessages.take(Buffer.from([0, 0, 0, 0, 1, 7]));
	expect(isPastUnary(call, true)).toBe(false);
	call.answerMessages.take(Buffer.from([0]));
	expect(isPastUnary(call, true)).toBe(true);
});
