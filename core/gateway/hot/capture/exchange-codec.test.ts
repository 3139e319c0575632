import fc from "fast-check";
import { expect, test } from "vitest";
import { createVisit } from "../client/visit.ts";
import type { EndedVisit } from "../data-plane.ts";
import { tapBody } from "./body-tap.ts";
import { BATCH_HEAD, decodeBatch, encodeBatch, summariesOf } from "./exchange-codec.ts";
import { createMessageReader } from "./message-reader.ts";

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

const endedVisit: fc.Arbitrary<EndedVisit> = fc
	.record({
		seq: fc.nat(),
		route: fc.option(fc.string({ unit: "grapheme" }), { nil: null }),
		error: fc.option(fc.string({ unit: "grapheme" }), { nil: null }),
		mirrored: fc.boolean(),
		arm: fc.constantFrom("legacy" as const, "modern" as const, "failover" as const),
		status: fc.integer({ min: 0, max: 999 }),
		request: fc.array(bytes, { maxLength: 3 }),
		answer: fc.array(bytes, { maxLength: 3 }),
		cap: fc.integer({ min: 0, max: 80 }),
		value: fc.stringMatching(/^[!-~]{0,12}$/),
	})
	.map(({ seq, route, error, mirrored, arm, status, request, answer, cap, value }) => {
		const visit = createVisit(
			{
				startedAt: seq + 0.25,
				method: "POST",
				target: "/x?\u00e9",
				client: "::1",
				minor: 1,
				route,
				isCaptured: true,
				requestHead: Buffer.from(`POST /x HTTP/1.1\r\nHost: a\r\nX-V: ${value}\r\n\r\n`, "latin1"),
				isKeyed: false,
				awaitsContinue: false,
				isLast: false,
				decision: "sampled",
				planVersion: 7,
			},
			cap,
		);
		Object.assign(visit, { error, mirrored, arm, status, answerHead: Buffer.from(`HTTP/1.1 200 OK\r\nA: ${value}\r\n\r\n`) });
		for (const chunk of request) tapBody(visit.requestTap, chunk);
		for (const chunk of answer) tapBody(visit.answerTap, chunk);
		return { seq, endedAt: seq + 3.5, openSince: seq - 1.125, visit };
	});

test("[A1] the access log reads of each exchange what the worker wrote, sizes of bodies that were not kept too", () => {
	fc.assert(
		fc.property(fc.array(endedVisit, { maxLength: 5 }), (visits) => {
			expect([...summariesOf(encodeBatch(42, visits))]).toEqual(
				visits.map(({ seq, endedAt, visit }) => ({
					...{ seq, endedAt, startedAt: visit.startedAt, planVersion: 7, mirrored: visit.mirrored, arm: visit.arm, status: visit.status },
					...{ decision: "sampled", requestSize: visit.requestTap.size, answerSize: visit.answerTap.size, route: visit.route },
					...{ method: "POST", target: "/x?\u00e9", error: visit.error, requestHead: visit.requestHead, client: "::1" },
				})),
			);
		}),
	);
});

test("[C2] what the worker writes is what the core reads, bodies up to the cap", () => {
	fc.assert(
		fc.property(fc.array(endedVisit, { maxLength: 5 }), (visits) => {
			const { batch, items } = decodeBatch(encodeBatch(42, visits).subarray(BATCH_HEAD));
			expect(batch).toBe(42);
			expect(items).toEqual(
				visits.map(({ seq, endedAt, openSince, visit }) => ({
					seq,
					endedAt,
					openSince,
					startedAt: visit.startedAt,
					route: visit.route,
					error: visit.error,
					mirrored: visit.mirrored,
					arm: visit.arm,
					decision: "sampled",
					planVersion: 7,
					truncated: visit.requestTap.size > visit.requestTap.cap || visit.answerTap.size > visit.answerTap.cap,
					request: {
						method: "POST",
						target: "/x?\u00e9",
						headers: [
							["Host", "a"],
							["X-V", visit.requestHead.toString("latin1").split("X-V: ")[1]?.trim()],
						],
						body: Buffer.concat(visit.requestTap.chunks).toString("base64"),
					},
					response: {
						status: visit.status,
						headers: [["A", visit.answerHead.toString("latin1").split("A: ")[1]?.trim()]],
						body: Buffer.concat(visit.answerTap.chunks).toString("base64"),
					},
				})),
			);
			for (const { requestTap } of visits.map(({ visit }) => visit)) expect(requestTap.kept).toBeLessThanOrEqual(requestTap.cap);
		}),
	);
});

test("lines and batches come out whole and in order however the socket cuts them", () => {
	const message = fc.oneof(fc.stringMatching(/^\{[ -~]{0,30}\}$/), fc.array(endedVisit, { maxLength: 2 }));
	fc.assert(
		fc.property(fc.array(message, { maxLength: 6 }), fc.integer({ min: 1, max: 90 }), (messages, size) => {
			const wire = Buffer.concat(messages.map((one) => (typeof one === "string" ? Buffer.from(`${one}\n`) : encodeBatch(1, one))));
			const got: unknown[] = [];
			const feed = createMessageReader(
				(line) => got.push(line),
				(payload) => got.push(decodeBatch(payload).items.length),
				1e6,
				() => {},
			);
			for (let from = 0; from < wire.length; from += size) feed(wire.subarray(from, from + size));
			expect(got).toEqual(messages.map((one) => (typeof one === "string" ? one : one.length)));
		}),
	);
});

test("a batch that is cut short is no batch, and an endless one is noticed", () => {
	const [visit] = fc.sample(endedVisit, { numRuns: 1, seed: 7 });
	const whole = encodeBatch(1, visit === undefined ? [] : [visit]).subarray(BATCH_HEAD);
	for (let length = 28; length < whole.length; length++) expect(() => decodeBatch(whole.subarray(0, length))).toThrow(RangeError);
	let isTooLong = false;
	const feed = createMessageReader(
		() => {},
		() => {},
		1_000,
		() => {
			isTooLong = true;
		},
	);
	feed(Buffer.from([1, 255, 255, 0, 0]));
	expect(isTooLong).toBe(true);
});
