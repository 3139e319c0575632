import type { ComparePolicy, Difference, Verdict } from "../../contract/verdict.ts";
import { align, type Found } from "../align.ts";
import { createJudge } from "../judge.ts";
import { type GrpcMessage, methodOf, splitMessages } from "./messages.ts";
import { wireValue } from "./wire-value.ts";

/** What one side answered: the bytes of all messages, and the trailers (of a call without messages they are the headers). */
export type CallAnswer = { body: Uint8Array; trailers: readonly (readonly [string, string])[] };

/** The messages at one place of two answers. `index` counts from 1; null: this side has none there. */
export type MessagePair = {
	service: string;
	method: string;
	index: number;
	legacy: GrpcMessage | null;
	modern: GrpcMessage | null;
};

/** Differences of two messages; `path` is where they stand. Fields of the places that it reports begin with it. */
export type MessageComparator = (path: string, legacy: Uint8Array, modern: Uint8Array, found: Found[]) => void;

/** By `package.Service/Method`, or `package.Service` for all of its methods; whoever is not named is compared by the wire. */
export type MessageComparators = Readonly<Record<string, MessageComparator>>;

/** The messages of two answers to one call, side by side. */
export function* messagePairs(target: string, legacy: Uint8Array, modern: Uint8Array): Generator<MessagePair> {
	const { service, method } = methodOf(target) ?? { service: "", method: "" };
	const [left, right] = [splitMessages(legacy).messages, splitMessages(modern).messages];
	for (let index = 0; index < Math.max(left.length, right.length); index++)
		yield { service, method, index: index + 1, legacy: left[index] ?? null, modern: right[index] ?? null };
}

/** Compares the answers of one call: status, then message by message. Rules: SPEC.md, "Calls". */
export function compareCalls(
	target: string,
	legacy: CallAnswer,
	modern: CallAnswer,
	policy: ComparePolicy,
	comparators: MessageComparators = {},
): Verdict {
	const found: Found[] = [];
	const statuses = [trailerOf(legacy, "grpc-status"), trailerOf(modern, "grpc-status")] as const;
	if (statuses[1] === "" || (isFailed(statuses[1]) && !isFailed(statuses[0]))) return failed(statuses[0], statuses[1]);
	if (statuses[0] !== statuses[1]) push(found, "grpc-status", statuses[0], statuses[1], "status", "value");
	const texts = [trailerOf(legacy, "grpc-message"), trailerOf(modern, "grpc-message")] as const;
	if (texts[0] !== texts[1]) push(found, "grpc-message", texts[0], texts[1], "text", "value");
	let isSame = found.length === 0;
	for (const { service, method, index, legacy: a, modern: b } of messagePairs(target, legacy.body, modern.body)) {
		const path = `message[${index}]`;
		if (a === null || b === null) {
			const [left, right] = [showMessage(a), showMessage(b)];
			push(found, path, left, right, a === null ? "extra" : "missing", a === null ? "extra message" : "missing message");
		} else if (!sameBytes(a.bytes, b.bytes) || a.isCompressed !== b.isCompressed) {
			if (a.isCompressed || b.isCompressed) push(found, path, showMessage(a), showMessage(b), "text", "compressed");
			else (comparators[`${service}/${method}`] ?? comparators[service] ?? compareWire)(path, a.bytes, b.bytes, found);
		} else continue;
		isSame = false;
	}
	if (isSame) return { kind: "identical", differences: [], tolerated: [], reason: "every message and the status are equal" };
	const { differences, tolerated } = createJudge(policy).settle(found);
	if (differences.length === 0)
		return { kind: "equivalent", differences: [], tolerated, reason: "the same values in other bytes, or fields that may differ" };
	const [first] = differences as [Difference, ...Difference[]];
	const more = differences.length > 1 ? `, and ${differences.length - 1} more` : "";
	return { kind: "mismatch", differences, tolerated, reason: `${first.field} differs (${first.suspicion})${more}` };
}

/** The generic one: fields by number. What is no protobuf message is compared byte by byte. */
export function compareWire(path: string, legacy: Uint8Array, modern: Uint8Array, found: Found[]): void {
	const values = [wireValue(legacy), wireValue(modern)] as const;
	if (values[0] === null || values[1] === null) push(found, path, showBytes(legacy), showBytes(modern), "text", "value");
	else align(path, values[0], values[1], found);
}

/** As far as a person reads it: its size, and its first bytes. */
const showMessage = (message: GrpcMessage | null): string => (message === null ? "" : showBytes(message.bytes));

function showBytes(bytes: Uint8Array): string {
	const hex = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join("");
	return `${bytes.length} bytes 0x${hex}${bytes.length > 32 ? "…" : ""}`;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);

function trailerOf({ trailers }: CallAnswer, name: string): string {
	return trailers.find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}

/** UNAVAILABLE and DEADLINE_EXCEEDED: what 503 and 504 are in HTTP. */
const isFailed = (status: string): boolean => status === "14" || status === "4";

function failed(legacy: string, modern: string): Verdict {
	const reason = modern === "" ? "the new service did not answer" : `the new service answered with status ${modern}`;
	const difference: Difference = { field: "grpc-status", legacy, modern, kind: "status", suspicion: "no answer" };
	return { kind: "failed", differences: [difference], tolerated: [], reason };
}

function push(found: Found[], field: string, legacy: string, modern: string, kind: Difference["kind"], suspicion: string): void {
	found.push({ kind: "difference", difference: { field, legacy, modern, kind, suspicion } });
}
