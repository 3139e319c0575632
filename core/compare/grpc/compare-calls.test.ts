import fc from "fast-check";
import { expect, test } from "vitest";
import type { ComparePolicy } from "../../contract/verdict.ts";
import { showTree } from "../value-tree.ts";
import { compareCalls, messagePairs } from "./compare-calls.ts";
import { splitMessages } from "./messages.ts";
import { wireValue } from "./wire-value.ts";

const policy: ComparePolicy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 0 } };
const hex = (text: string) => Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
const framed = (...messages: Uint8Array[]) => {
	const body: number[] = [];
	for (const message of messages) {
		const { length } = message;
		body.push(0, (length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, ...message);
	}
	return Uint8Array.from(body);
};
const ok = [["grpc-status", "0"]] as const;
const target = "/bank.Ledger/Balance";

test("[C26] a body falls apart into its messages, and says what is left of one that was cut", () => {
	const body = framed(hex("0801"), new Uint8Array(0), hex("0802"));
	expect(splitMessages(body).messages.map(({ bytes }) => [...bytes])).toEqual([[8, 1], [], [8, 2]]);
	expect(splitMessages(body.subarray(0, body.length - 1))).toMatchObject({ messages: [{}, {}], rest: 6 });
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (messages) => {
			const { messages: found, rest } = splitMessages(framed(...messages));
			expect(found.map(({ bytes }) => [...bytes])).toEqual(messages.map((message) => [...message]));
			expect(rest).toBe(0);
		}),
	);
});

test("[C27] a message without its .proto is read by field numbers, nested ones too", () => {
	// 1: 150, 2: "abc" and "d", 3: { 1: 7 }, 4: 2.5 as double, 5: bytes
	const message = hex("08 96 01  12 03 61 62 63  12 01 64  1a 02 08 07  21 00 00 00 00 00 00 04 40  2a 03 00 ff fe");
	expect(showTree(wireValue(message) ?? { kind: "list", items: [] })).toBe(
		'{"1":"150","2":["abc","d"],"3":{"1":"7"},"5":"0x00fffe","4:64":"2.5"}',
	);
	expect(wireValue(hex("08"))).toBeNull();
	expect(wireValue(hex("00 01"))).toBeNull();
	expect(wireValue(hex("12 05 61"))).toBeNull();
});

test("[C27] the order of fields and the spelling of varints do not count, every other byte does", () => {
	const of = (message: string) => ({ body: framed(hex(message)), trailers: ok });
	const verdict = (a: string, b: string) => compareCalls(target, of(a), of(b), policy);
	expect(verdict("08 01 10 02", "08 01 10 02").kind).toBe("identical");
	expect(verdict("08 01 10 02", "10 02 08 01").kind).toBe("equivalent");
	expect(verdict("08 01", "08 81 00").kind).toBe("equivalent");
	const different = verdict("08 01 12 02 08 05", "08 01 12 02 08 06");
	expect(different).toMatchObject({ kind: "mismatch", differences: [{ field: "message[1]/2/1", legacy: "5", modern: "6" }] });
	expect(verdict("08 01", "08 01 10 00")).toMatchObject({ kind: "mismatch", differences: [{ field: "message[1]/2", kind: "extra" }] });
});

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]);

test("[C27] of any message with one changed field exactly that field differs, in whatever order the fields stand", () => {
	const fields = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 2 ** 40 })), {
		minLength: 1,
		selector: ([number]) => number,
	});
	const encode = (all: [number, number][]) => Uint8Array.from(all.flatMap(([number, value]) => [...varint(number * 8), ...varint(value)]));
	fc.assert(
		fc.property(fields, fc.nat(), (all, at) => {
			const [number, value] = all[at % all.length] as [number, number];
			const changed = all.map(([n, v]): [number, number] => [n, n === number ? v + 1 : v]).reverse();
			const sides = [encode(all), encode(changed)].map((bytes) => ({ body: framed(bytes), trailers: ok }));
			const verdict = compareCalls(target, sides[0] as (typeof sides)[0], sides[1] as (typeof sides)[0], policy);
			expect(verdict.differences).toMatchObject([
				{ field: `message[1]/${number}`, legacy: String(value), modern: String(value + 1), kind: "number" },
			]);
		}),
	);
});

test("[C27] a walk over any bytes ends", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			const value = wireValue(bytes);
			expect(value === null || value.kind === "record").toBe(true);
		}),
		{ numRuns: 2_000 },
	);
});

test("[C26] a stream with a message less, another status or another text is a mismatch at its place", () => {
	const [one, two] = [hex("08 01"), hex("08 02")];
	const verdict = compareCalls(target, { body: framed(one, two), trailers: ok }, { body: framed(one), trailers: ok }, policy);
	expect(verdict).toMatchObject({ kind: "mismatch", differences: [{ field: "message[2]", kind: "missing" }] });
	const refused = [
		["grpc-status", "5"],
		["grpc-message", "no account"],
	] as const;
	const other = [
		["grpc-status", "3"],
		["grpc-message", "no account"],
	] as const;
	const none = new Uint8Array(0);
	expect(compareCalls(target, { body: none, trailers: refused }, { body: none, trailers: other }, policy)).toMatchObject({
		kind: "mismatch",
		differences: [{ field: "grpc-status", legacy: "5", modern: "3" }],
	});
});

test("[C28] a new service that is not there has failed, whatever else it sent", () => {
	const body = framed(hex("08 01"));
	for (const trailers of [[], [["grpc-status", "14"]], [["grpc-status", "4"]]] as const)
		expect(compareCalls(target, { body, trailers: ok }, { body, trailers }, policy).kind).toBe("failed");
});

test("[C27] a comparator named for a method or a service takes the place of the wire's", () => {
	const [a, b] = [
		{ body: framed(hex("08 01")), trailers: ok },
		{ body: framed(hex("08 02")), trailers: ok },
	];
	const pairs = [...messagePairs(target, a.body, b.body)];
	expect(pairs).toMatchObject([{ service: "bank.Ledger", method: "Balance", index: 1 }]);
	const asked: string[] = [];
	const named = (name: string) => (path: string) => void asked.push(`${name} ${path}`);
	expect(compareCalls(target, a, b, policy, { "bank.Ledger": named("service") }).kind).toBe("equivalent");
	compareCalls(target, a, b, policy, { "bank.Ledger": named("service"), "bank.Ledger/Balance": named("method") });
	expect(asked).toEqual(["service message[1]", "method message[1]"]);
});
