import type { Decision, Exchange } from "../../../contract/traffic.ts";
import type { EndedVisit } from "../data-plane.ts";
import { headAndTrailers } from "../http1/header-pairs.ts";
import { type BodyTap, isTruncated } from "./body-tap.ts";

/**
 * A batch of exchanges as it goes from the worker through the supervisor to the core; little endian. Heads and bodies are the bytes of the
 * wire, copied once; nobody parses them before the core does.
 *
 *     u8   1                      f64  batch, base, floor
 *     u32  bytes that follow      u32  count, then `count` records:
 *
 *     f64  seq, startedAt, endedAt, openSince
 *     u32  planVersion
 *     u8   flags: 1 mirrored, 2 truncated, 4 has a route, 8 has an error, 16 is a gRPC call
 *     u8   arm: 0 legacy, 1 modern, 2 failover
 *     u16  status
 *     u8   decision, by its place in `decisions`
 *     f64  sizes of the bodies on the wire: request, answer
 *     u32  lengths of: route, method, target, error, request head, request body, answer head, answer body, client's address
 *     those, one behind the other: route and error in UTF-8, all else as on the wire; trailer lines stand behind their head
 *     of a gRPC call: u32 whole messages of the request, u32 of the answer
 *
 * `seq` is the worker's own, and the number that the core knows is `base` more; `openSince` too is the worker's own, and no other worker has
 * an open request that began before `floor`. Batch, base and floor are the supervisor's to write, once for all records.
 */
export const BATCH = 1;
/** Of a batch: the mark and the length. */
export const BATCH_HEAD = 5;
const BATCH_FIXED = 28;
const BASE = 8;
const FLOOR = 16;
const COUNT = 24;
const SIZES = 4 * 8 + 4 + 1 + 1 + 2 + 1;
const LENGTHS = SIZES + 2 * 8;
const RECORD_FIXED = LENGTHS + 9 * 4;

const arms = ["legacy", "modern", "failover"] as const;
const decisions: readonly Decision[] = [
	"no route",
	"legacy",
	"sampled",
	"not sampled",
	"inside by key",
	"outside by key",
	"inside by share",
	"outside by share",
	"modern",
	"plan changed",
	"ejected",
	"retry",
];
const MIRRORED = 1;
const TRUNCATED = 2;
const ROUTE = 4;
const ERROR = 8;
const CALL = 16;
const CALL_FIXED = 8;

/** `withBodies` false: for the access log, which does not look at them. */
export function encodeBatch(batch: number, visits: readonly EndedVisit[], withBodies = true): Buffer {
	let size = BATCH_HEAD + BATCH_FIXED;
	for (const { visit } of visits) {
		size += RECORD_FIXED + visit.method.length + visit.target.length + visit.requestHead.length + visit.answerHead.length;
		size += visit.client.length + visit.requestTrailers.length + visit.answerTrailers.length;
		if (withBodies) size += visit.requestTap.kept + visit.answerTap.kept;
		if (visit.call !== null) size += CALL_FIXED;
		if (visit.route !== null) size += Buffer.byteLength(visit.route);
		if (visit.error !== null) size += Buffer.byteLength(visit.error);
	}
	const bytes = Buffer.allocUnsafe(size);
	bytes.writeUInt8(BATCH, 0);
	bytes.writeUInt32LE(size - BATCH_HEAD, 1);
	numberBatch(bytes, batch, 0, Number.POSITIVE_INFINITY);
	bytes.writeUInt32LE(visits.length, BATCH_HEAD + COUNT);
	let at = BATCH_HEAD + BATCH_FIXED;
	for (const ended of visits) at = encodeRecord(bytes, at, ended, withBodies);
	return bytes;
}

/** `message`: mark and length included. */
export function numberBatch(message: Buffer, batch: number, base: number, floor: number): void {
	message.writeDoubleLE(batch, BATCH_HEAD);
	message.writeDoubleLE(base, BATCH_HEAD + BASE);
	message.writeDoubleLE(floor, BATCH_HEAD + FLOOR);
}

function encodeRecord(bytes: Buffer, from: number, { seq, endedAt, openSince, visit }: EndedVisit, withBodies: boolean): number {
	const { requestTap, answerTap, requestHead, answerHead, requestTrailers, answerTrailers, call } = visit;
	let flags = 0;
	if (visit.mirrored) flags |= MIRRORED;
	if (!visit.isCaptured || isTruncated(requestTap) || isTruncated(answerTap)) flags |= TRUNCATED;
	if (visit.route !== null) flags |= ROUTE;
	if (visit.error !== null) flags |= ERROR;
	if (call !== null) flags |= CALL;
	bytes.writeDoubleLE(seq, from);
	bytes.writeDoubleLE(visit.startedAt, from + 8);
	bytes.writeDoubleLE(endedAt, from + 16);
	bytes.writeDoubleLE(openSince, from + 24);
	bytes.writeUInt32LE(visit.planVersion, from + 32);
	bytes.writeUInt8(flags, from + 36);
	bytes.writeUInt8(visit.arm === "legacy" ? 0 : visit.arm === "modern" ? 1 : 2, from + 37);
	bytes.writeUInt16LE(visit.status, from + 38);
	bytes.writeUInt8(decisions.indexOf(visit.decision), from + 40);
	bytes.writeDoubleLE(requestTap.size, from + SIZES);
	bytes.writeDoubleLE(answerTap.size, from + SIZES + 8);
	const lengths = from + LENGTHS;
	let at = from + RECORD_FIXED;
	const text = (index: number, value: string, encoding: "utf8" | "latin1") => {
		const length = bytes.write(value, at, encoding);
		bytes.writeUInt32LE(length, lengths + 4 * index);
		at += length;
	};
	const head = (index: number, value: Buffer, trailers: Buffer) => {
		bytes.writeUInt32LE(value.length + trailers.length, lengths + 4 * index);
		bytes.set(value, at);
		at += value.length;
		bytes.set(trailers, at);
		at += trailers.length;
	};
	const body = (index: number, tap: BodyTap) => {
		bytes.writeUInt32LE(withBodies ? tap.kept : 0, lengths + 4 * index);
		if (!withBodies) return;
		for (const chunk of tap.chunks) {
			bytes.set(chunk, at);
			at += chunk.length;
		}
	};
	text(0, visit.route ?? "", "utf8");
	text(1, visit.method, "latin1");
	text(2, visit.target, "latin1");
	text(3, visit.error ?? "", "utf8");
	head(4, requestHead, requestTrailers);
	body(5, requestTap);
	head(6, answerHead, answerTrailers);
	body(7, answerTap);
	text(8, visit.client, "latin1");
	if (call === null) return at;
	bytes.writeUInt32LE(call.requestMessages.count(), at);
	bytes.writeUInt32LE(call.answerMessages.count(), at + 4);
	return at + CALL_FIXED;
}

/** `bytes`: a batch without its mark and length. Throws a RangeError when it is none. */
export function decodeBatch(bytes: Buffer): { batch: number; items: Exchange[] } {
	const batch = bytes.readDoubleLE(0);
	const base = bytes.readDoubleLE(BASE);
	const floor = bytes.readDoubleLE(FLOOR);
	const count = bytes.readUInt32LE(COUNT);
	const items: Exchange[] = [];
	let at = BATCH_FIXED;
	for (let index = 0; index < count; index++) {
		const lengths = at + LENGTHS;
		let part = at + RECORD_FIXED;
		const next = (slot: number) => {
			const from = part;
			part += bytes.readUInt32LE(lengths + 4 * slot);
			if (part > bytes.length) throw new RangeError("a record is longer than its batch");
			return bytes.subarray(from, part);
		};
		const flags = bytes.readUInt8(at + 36);
		const [route, method, target, error] = [next(0), next(1), next(2), next(3)];
		const [requestHead, requestBody, answerHead, answerBody] = [next(4), next(5), next(6), next(7)];
		next(8);
		items.push({
			seq: base + bytes.readDoubleLE(at),
			route: (flags & ROUTE) === 0 ? null : route.toString("utf8"),
			mirrored: (flags & MIRRORED) !== 0,
			arm: arms[bytes.readUInt8(at + 37)] ?? "legacy",
			decision: decisions[bytes.readUInt8(at + 40)] ?? "legacy",
			planVersion: bytes.readUInt32LE(at + 32),
			truncated: (flags & TRUNCATED) !== 0,
			startedAt: bytes.readDoubleLE(at + 8),
			endedAt: bytes.readDoubleLE(at + 16),
			openSince: Math.min(floor, bytes.readDoubleLE(at + 24)),
			request: {
				method: method.toString("latin1"),
				target: target.toString("latin1"),
				...headAndTrailers(requestHead),
				body: requestBody.toString("base64"),
			},
			response: { status: bytes.readUInt16LE(at + 38), ...headAndTrailers(answerHead), body: answerBody.toString("base64") },
			...((flags & CALL) === 0 ? {} : { messages: { request: bytes.readUInt32LE(part), response: bytes.readUInt32LE(part + 4) } }),
			error: (flags & ERROR) === 0 ? null : error.toString("utf8"),
		});
		at = (flags & CALL) === 0 ? part : part + CALL_FIXED;
	}
	return { batch, items };
}

/** What the gateway itself tells of an exchange, without its bodies. */
export type ExchangeSummary = {
	seq: number;
	startedAt: number;
	endedAt: number;
	planVersion: number;
	mirrored: boolean;
	arm: Exchange["arm"];
	status: number;
	decision: Decision;
	requestSize: number;
	answerSize: number;
	route: string | null;
	method: string;
	target: string;
	error: string | null;
	requestHead: Buffer;
	client: string;
};

/** Of a whole batch as it travels, mark and length included; one after the other, so that a long one can be read in slices. */
export function* summariesOf(message: Buffer): Generator<ExchangeSummary> {
	const bytes = message.subarray(BATCH_HEAD);
	const base = bytes.readDoubleLE(BASE);
	const count = bytes.readUInt32LE(COUNT);
	let at = BATCH_FIXED;
	for (let index = 0; index < count; index++) {
		const ends: number[] = [];
		let part = at + RECORD_FIXED;
		for (let slot = 0; slot < 9; slot++) {
			part += bytes.readUInt32LE(at + LENGTHS + 4 * slot);
			ends.push(part);
		}
		const slot = (place: number) => bytes.subarray(place === 0 ? at + RECORD_FIXED : ends[place - 1], ends[place]);
		const flags = bytes.readUInt8(at + 36);
		yield {
			seq: base + bytes.readDoubleLE(at),
			startedAt: bytes.readDoubleLE(at + 8),
			endedAt: bytes.readDoubleLE(at + 16),
			planVersion: bytes.readUInt32LE(at + 32),
			mirrored: (flags & MIRRORED) !== 0,
			arm: arms[bytes.readUInt8(at + 37)] ?? "legacy",
			status: bytes.readUInt16LE(at + 38),
			decision: decisions[bytes.readUInt8(at + 40)] ?? "legacy",
			requestSize: bytes.readDoubleLE(at + SIZES),
			answerSize: bytes.readDoubleLE(at + SIZES + 8),
			route: (flags & ROUTE) === 0 ? null : slot(0).toString("utf8"),
			method: slot(1).toString("latin1"),
			target: slot(2).toString("latin1"),
			error: (flags & ERROR) === 0 ? null : slot(3).toString("utf8"),
			requestHead: slot(4),
			client: slot(8).toString("latin1"),
		};
		at = (flags & CALL) === 0 ? part : part + CALL_FIXED;
	}
}
