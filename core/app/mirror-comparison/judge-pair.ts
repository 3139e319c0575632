import { createHash } from "node:crypto";
import { compare, compareCalls, iso8583Type } from "../../compare/index.ts";
import type { ComparisonRule, ComparisonSettings } from "../../contract/comparison.ts";
import type { Exchange, ShadowAnswer } from "../../contract/traffic.ts";
import type { Behaviour, ComparePolicy, Difference, Verdict } from "../../contract/verdict.ts";
import { decodeBody, headerOf } from "../../replay/index.ts";
import { comparePolicy } from "../comparison-policy.ts";
import { bytesOf, frameOf, messagesOf, protocolOf, type Side, textOf } from "./compared-sides.ts";

export type Judgement =
	| { kind: "match" }
	| { kind: "mismatch"; verdict: Verdict }
	| { kind: "failed"; reason: string }
	| { kind: "uncompared"; reason: string };

type Given = { rule: ComparisonRule; listeners: ComparisonSettings["listeners"] };

/** Whose answer is legacy's: in a reverse shadow it is the copy's. */
export function sidesOf(exchange: Exchange, answer: ShadowAnswer): { legacy: Side; modern: Side } {
	const [client, shadow] = [exchange.response, answer.response];
	return exchange.arm === "modern" ? { legacy: shadow, modern: client } : { legacy: client, modern: shadow };
}

/** Holds what the shadow answered against what the client got. Never throws on any body. */
export function judgePair(exchange: Exchange, answer: ShadowAnswer, given: Given): Judgement {
	if (exchange.response.status === 0) return { kind: "uncompared", reason: "client-unanswered" };
	if (answer.response.status === 0) return { kind: "failed", reason: reasonOf(answer.error) };
	const { rule } = given;
	const window = { from: exchange.startedAt, to: Math.max(exchange.endedAt, answer.endedAt) };
	const policy = comparePolicy({ random: [], clock: [], clockSlackMs: 1_000 }, rule, window);
	if (exchange.truncated || answer.truncated) return judgeDigests(exchange, answer, policy);
	const sides = sidesOf(exchange, answer);
	switch (protocolOf(exchange)) {
		case "grpc":
			return settled(compareCalls(exchange.request.target, callOf(sides.legacy), callOf(sides.modern), policy));
		case "websocket":
			return judgeMessages(sides, insideMessages(policy));
		case "tcp":
			return settled(compare(frameBehaviour(exchange, sides.legacy, given), frameBehaviour(exchange, sides.modern, given), policy));
		case "http":
			return judgeHttp(sides, rule, policy);
	}
}

/** Addresses and sizes would make a reason of each failure. */
function reasonOf(error: string | null): string {
	return (error ?? "no whole answer").replace(/\d[\d.:]*/g, "#").slice(0, 120);
}

function settled(verdict: Verdict): Judgement {
	switch (verdict.kind) {
		case "identical":
		case "equivalent":
			return { kind: "match" };
		case "mismatch":
		case "accepted":
			return { kind: "mismatch", verdict };
		case "failed":
			return { kind: "failed", reason: verdict.reason };
		case "skewed":
			return { kind: "uncompared", reason: "state-skew" };
	}
}

/** Of bodies that are longer than what is kept only size and digest are known. */
function judgeDigests({ response }: Exchange, answer: ShadowAnswer, policy: ComparePolicy): Judgement {
	if (answer.whole === undefined) return { kind: "uncompared", reason: "truncated" };
	const body = bytesOf(response);
	const client = answer.whole.client ?? { size: body.length, sha256: createHash("sha256").update(body).digest("hex") };
	const told = ({ size, sha256 }: { size: number; sha256: string }) => `${size} bytes, SHA-256 ${sha256}`;
	const behaviour = (side: Side, text: string): Behaviour => ({ status: side.status, contentType: "", body: text, changes: [] });
	return settled(compare(behaviour(response, told(client)), behaviour(answer.response, told(answer.whole.shadow)), policy));
}

function judgeHttp({ legacy, modern }: { legacy: Side; modern: Side }, rule: ComparisonRule, policy: ComparePolicy): Judgement {
	const bodies = [decodeBody(legacy.headers, bytesOf(legacy)), decodeBody(modern.headers, bytesOf(modern))] as const;
	if (bodies[0] === null || bodies[1] === null) return { kind: "uncompared", reason: "unknown-content-encoding" };
	const behaviour = (side: Side, body: Buffer): Behaviour => ({
		status: side.status,
		contentType: headerOf(side.headers, "content-type"),
		body: textOf(body),
		changes: [],
	});
	const verdict = compare(behaviour(legacy, bodies[0]), behaviour(modern, bodies[1]), policy);
	const headers = verdict.kind === "failed" ? [] : (rule.headers ?? []).flatMap((name) => headerDifference(name, legacy, modern, policy));
	return settled(withMore(verdict, headers));
}

function headerDifference(name: string, legacy: Side, modern: Side, policy: ComparePolicy): Difference[] {
	const lineValue = ({ headers }: Side) =>
		headers
			.filter(([key]) => key.toLowerCase() === name.toLowerCase())
			.map(([, value]) => value)
			.join(", ");
	// A text of its own, so that what the rule says of random values and clocks holds for headers too.
	const field = `headers/${name.toLowerCase()}`;
	const lineOf = (side: Side): Behaviour => ({
		status: 200,
		contentType: "application/json",
		body: JSON.stringify({ [field]: lineValue(side) }),
		changes: [],
	});
	return compare(lineOf(legacy), lineOf(modern), policy).differences.map((difference) => ({ ...difference, field }));
}

function withMore(verdict: Verdict, more: Difference[]): Verdict {
	if (more.length === 0) return verdict;
	const differences = [...verdict.differences, ...more];
	return { ...verdict, kind: "mismatch", differences };
}

/** Each message is compared as an answer of its own; a rule may name its fields as they are shown. */
function insideMessages(policy: ComparePolicy): ComparePolicy {
	const inside = (names: string[]) => names.map((name) => name.replace(/^message\//, ""));
	const keyed = <T>(rules: Record<string, T> = {}) =>
		Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name.replace(/^message\//, ""), rule]));
	return {
		...policy,
		...{ random: inside(policy.random), clock: inside(policy.clock), ignored: inside(policy.ignored ?? []) },
		...{ lists: keyed(policy.lists), types: keyed(policy.types) },
	};
}

const callOf = (side: Side) => ({ body: bytesOf(side), trailers: side.trailers ?? side.headers });

function judgeMessages({ legacy, modern }: { legacy: Side; modern: Side }, policy: ComparePolicy): Judgement {
	const [left, right] = [messagesOf(legacy), messagesOf(modern)];
	if (left === null || right === null) return { kind: "uncompared", reason: "messages-cannot-be-told-apart" };
	const found: Difference[] = [];
	for (let index = 0; index < Math.max(left.length, right.length); index++) {
		const [a, b] = [left[index], right[index]];
		const field = `message[${index + 1}]`;
		const show = (message: typeof a) => (message === undefined ? "" : textOf(message.bytes).slice(0, 300));
		if (a === undefined || b === undefined) {
			const kind = a === undefined ? ("extra" as const) : ("missing" as const);
			found.push({ field, legacy: show(a), modern: show(b), kind, suspicion: `${kind} message` });
			continue;
		}
		if (a.kind !== b.kind) found.push({ field, legacy: a.kind, modern: b.kind, kind: "text", suspicion: "text or binary" });
		const behaviour = (bytes: Buffer): Behaviour => ({ status: 200, contentType: "", body: textOf(bytes), changes: [] });
		const { differences } = compare(behaviour(a.bytes), behaviour(b.bytes), policy);
		found.push(...differences.map((one) => ({ ...one, field: one.field.replace(/^answer/, field) })));
	}
	const [first] = found;
	if (first === undefined) return { kind: "match" };
	return { kind: "mismatch", verdict: { kind: "mismatch", differences: found, tolerated: [], reason: `${first.field} differs` } };
}

function frameBehaviour({ request }: Exchange, side: Side, { listeners }: Given): Behaviour {
	const listener = listeners[request.target.slice(1)];
	const bytes = bytesOf(side);
	if (listener === undefined) return { status: side.status, contentType: "", body: bytes.toString("latin1"), changes: [] };
	const { head, tail } = frameOf(listener);
	const content = bytes.subarray(head, bytes.length - tail);
	if (listener.pairing.kind !== "iso8583") return { status: side.status, contentType: "", body: textOf(content), changes: [] };
	const { encoding, skip = 0 } = listener.pairing;
	return { status: side.status, contentType: iso8583Type({ encoding, skip }), body: content.toString("latin1"), changes: [] };
}
