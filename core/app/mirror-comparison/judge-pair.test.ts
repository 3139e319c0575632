import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ComparisonRule } from "../../contract/comparison.ts";
import type { Exchange, ShadowAnswer } from "../../contract/traffic.ts";
import { judgePair } from "./judge-pair.ts";

type Side = Partial<Omit<Exchange["response"], "body">> & { body: string | Buffer };
const sideOf = ({ body, status = 200, headers = [] }: Side) => ({ status, headers, body: Buffer.from(body).toString("base64") });

function judge(
	client: Side,
	shadow: Side,
	more: { rule?: ComparisonRule; exchange?: Partial<Exchange>; answer?: Partial<ShadowAnswer> } = {},
) {
	const exchange: Exchange = {
		...{ seq: 1, route: "rates", mirrored: true, arm: "legacy", decision: "sampled", planVersion: 1, truncated: false },
		...{ startedAt: 0, endedAt: 1, openSince: 0, error: null },
		request: { method: "GET", target: "/rates", headers: [], body: "" },
		response: sideOf(client),
		...more.exchange,
	};
	const answer: ShadowAnswer = {
		...{ seq: 1, startedAt: 1, endedAt: 2, truncated: false, error: null },
		response: sideOf(shadow),
		...more.answer,
	};
	return judgePair(exchange, answer, { rule: more.rule ?? {}, listeners: {} });
}

test("[V2] bodies are compared as they are when decoded, whatever each side packs them in", () => {
	const packed = { body: gzipSync('{"a": 1}'), headers: [["Content-Encoding", "gzip"]] as [string, string][] };
	expect(judge(packed, { body: '{"a":1}' })).toEqual({ kind: "match" });
	expect(judge(packed, { body: '{"a":2}' }).kind).toBe("mismatch");
	const odd = { body: "x", headers: [["Content-Encoding", "zebra"]] as [string, string][] };
	expect(judge(odd, { body: "x" })).toEqual({ kind: "uncompared", reason: "unknown-content-encoding" });
});

test("[V2] bodies beyond the cap are held against each other by digest, and not at all without one", () => {
	const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
	const whole = (text: string) => ({ truncated: true, whole: { shadow: { size: text.length, sha256: sha256(text) }, client: null } });
	expect(judge({ body: "long" }, { body: "lo" }, { answer: whole("long") })).toEqual({ kind: "match" });
	expect(judge({ body: "long" }, { body: "lo" }, { answer: whole("lost") }).kind).toBe("mismatch");
	expect(judge({ body: "lo" }, { body: "lo" }, { exchange: { truncated: true } })).toEqual({ kind: "uncompared", reason: "truncated" });
});

test("[V3] [C29] what a rule ignores is no difference, with all that is within it; the rest still is", () => {
	const [left, right] = [{ body: '{"a":1,"meta":{"id":1,"at":[1]}}' }, { body: '{"a":1,"meta":{"id":2,"at":[1,2],"more":3}}' }];
	expect(judge(left, right).kind).toBe("mismatch");
	expect(judge(left, right, { rule: { ignore: ["answer/meta"] } })).toEqual({ kind: "match" });
	expect(judge(left, { body: '{"a":2,"meta":{}}' }, { rule: { ignore: ["answer/meta"] } })).toMatchObject({
		kind: "mismatch",
		verdict: { differences: [{ field: "answer/a" }] },
	});
	expect(judge({ body: "x", status: 200 }, { body: "x", status: 201 }, { rule: { ignore: ["status"] } })).toEqual({ kind: "match" });
});

test("[V5] a shadow without a whole answer has failed, a client without one leaves nothing to compare", () => {
	const lost = { response: sideOf({ body: "", status: 0 }), error: "connect ECONNREFUSED 127.0.0.1:4711" };
	expect(judge({ body: "x" }, { body: "x" }, { answer: lost })).toEqual({ kind: "failed", reason: "connect ECONNREFUSED #" });
	expect(judge({ body: "x" }, { body: "", status: 503 })).toMatchObject({ kind: "failed" });
	expect(judge({ body: "", status: 0 }, { body: "x" })).toEqual({ kind: "uncompared", reason: "client-unanswered" });
});
