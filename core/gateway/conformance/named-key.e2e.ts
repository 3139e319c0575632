import { afterEach, expect, test } from "vitest";
import { askRaw } from "../testing/client.ts";
import { nextPlan, startGateway } from "../testing/gateway.ts";
import { startRawUpstream } from "../testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

test("[R5] a key that `Connection` names goes no further than this hop, so it permits no repeat", async () => {
	const legacy = await startRawUpstream((socket, all) => {
		if (!all.includes("\r\n\r\n")) return false;
		socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nlegacy");
		return true;
	});
	// Takes every request, answers none.
	const modern = await startRawUpstream((socket, all) => {
		if (all.includes("\r\n\r\n")) socket.resetAndDestroy();
		return true;
	});
	const gate = await startGateway(legacy.address);
	ends = [legacy.close, modern.close, gate.end];
	await gate.gateway.setPlan(
		nextPlan(gate.gateway, legacy.address, { "POST /pay": { kind: "modern", upstream: modern.address, failover: "keyed" } }),
	);
	const pay = (lines: string) =>
		askRaw(gate.port, `POST /pay HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k\r\nContent-Length: 0\r\n${lines}\r\n`);
	expect(await pay("")).toMatch(/^HTTP\/1\.1 200 [\s\S]*legacy$/);
	const before = legacy.received().length;
	expect(await pay("Connection: idempotency-key\r\n")).toMatch(/^HTTP\/1\.1 502 [\s\S]*UPSTREAM_LOST/);
	expect(legacy.received().slice(before)).toBe("");
	expect(modern.received()).toMatch(/POST \/pay[\s\S]*Idempotency-Key: k[\s\S]*POST \/pay/);
	expect(modern.received().match(/Idempotency-Key/g)).toHaveLength(1);
});
