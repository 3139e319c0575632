import fc from "fast-check";
import { expect, test } from "vitest";
import type { RoutePlan } from "../../../contract/traffic.ts";
import type { ExchangeSummary } from "../capture/exchange-codec.ts";
import { createPathMask, logLine } from "./log-line.ts";

const plan: RoutePlan = {
	...{ version: 1, legacy: null, idempotencyHeader: "Idempotency-Key", reason: "test" },
	routes: [
		{ id: "a", method: "GET", path: "/account/{id}", mode: { kind: "legacy" } },
		{ id: "b", method: "GET", path: "/plain", mode: { kind: "legacy" } },
	],
};
const exchange = (given: Partial<ExchangeSummary>): ExchangeSummary => ({
	...{
		seq: 1,
		startedAt: Date.UTC(2026, 9, 10, 13, 55, 36),
		endedAt: Date.UTC(2026, 9, 10, 13, 55, 36) + 1.5,
		planVersion: 3,
		mirrored: true,
	},
	...{ arm: "legacy", status: 200, decision: "sampled", requestSize: 0, answerSize: 12, route: "b", method: "GET", target: "/plain" },
	...{ error: null, requestHead: Buffer.from("GET /plain HTTP/1.1\r\n\r\n"), client: "10.0.0.1" },
	...given,
});

test("[A2] a line in Apache's combined format, with what the gateway did behind it", () => {
	expect(logLine(exchange({}), "combined", "/plain", [])).toBe(
		'10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET /plain HTTP/1.1" 200 12 "-" "-" "b" legacy 3 "sampled" 0.001500\n',
	);
});

test("[A2] no bytes of a client can end a field or a line, in either format", () => {
	const wild = fc.uint8Array({ maxLength: 30 }).map((bytes) =>
		Buffer.from(bytes)
			.toString("latin1")
			.replace(/[\r\n]/g, "\t"),
	);
	fc.assert(
		fc.property(wild, wild, fc.stringMatching(/^\/[!-~]{0,20}$/), (agent, referer, path) => {
			const requestHead = Buffer.from(`GET / HTTP/1.1\r\nUser-Agent: ${agent}\r\nReferer: ${referer}\r\n\r\n`, "latin1");
			const names = ["user-agent", "referer"];
			const line = logLine(exchange({ requestHead, target: path }), "combined", path, names);
			expect(line.slice(0, -1)).toMatch(/^[ -~]*$/);
			expect(line).toMatch(
				/^10\.0\.0\.1 - - \[[^\]]+\] "(\\.|[^"\\])*" 200 12 "(\\.|[^"\\])*" "(\\.|[^"\\])*" "b" legacy 3 "sampled" [\d.]+\n$/,
			);
			const json = logLine(exchange({ requestHead }), "json", path, names);
			expect(json.indexOf("\n")).toBe(json.length - 1);
			expect(JSON.parse(json)).toMatchObject({ path, status: 200 });
		}),
	);
});

test("[A3] of a query only the names are shown, of a path with variables only the route's own", () => {
	const mask = createPathMask(plan);
	const shown = (route: string | null, target: string) => mask({ route, target });
	expect(shown("a", "/account/DE4711?pin=12&x")).toBe("/account/{id}?pin=*&*");
	expect(shown("b", "/plain?a=b=c&&d=")).toBe("/plain?a=*&*&d=*");
	expect(shown(null, "http://user:secret@host/other?x=1")).toBe("/other?x=*");
	expect(shown(null, "/long".repeat(1_000)).length).toBeLessThan(2_100);
	fc.assert(
		fc.property(fc.array(fc.stringMatching(/^[A-Z]{3,9}$/), { minLength: 1 }), (values) => {
			const text = shown("b", `/plain?${values.map((value, index) => (index % 2 === 0 ? `k=${value}` : value)).join("&")}`);
			for (const value of values) expect(text).not.toContain(value);
		}),
	);
});
