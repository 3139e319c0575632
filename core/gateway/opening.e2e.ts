import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openGateway } from "./control/index.ts";
import { createStateDir, startGateway } from "./testing/gateway.ts";
import { freePort, startRawUpstream, startUpstream } from "./testing/upstream.ts";

test("[L5] a taken port is named with its owner and a free one, and nothing is started elsewhere", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end());
	const stateDir = createStateDir();
	const fault = await openGateway({ stateDir, port: legacy.port, legacy: legacy.address }).catch((error: unknown) => error);
	expect(fault).toMatchObject({
		code: "PORT_IN_USE",
		data: { port: String(legacy.port), owner: expect.stringContaining(`(process ${process.pid})`) },
	});
	const free = Number((fault as { data: { free: string } }).data.free);
	expect(free).toBeGreaterThan(legacy.port);
	expect(existsSync(join(stateDir, "gateway.json"))).toBe(false);
	const gateway = await openGateway({ stateDir, port: free, legacy: legacy.address });
	expect(gateway.port).toBe(free);
	await gateway.stop({ drainMs: 100 });
	rmSync(stateDir, { recursive: true, force: true });
	await legacy.close();
});

test("[L5] a legacy that refuses, or accepts and says nothing, is reported before anything starts", async () => {
	const stateDir = createStateDir();
	const legacy = { host: "127.0.0.1", port: await freePort() };
	const port = await freePort();
	await expect(openGateway({ stateDir, port, legacy })).rejects.toMatchObject({
		code: "LEGACY_SILENT",
		data: { reason: "connection refused", address: `127.0.0.1:${legacy.port}` },
	});
	const mute = await startRawUpstream(() => true);
	const silent = openGateway({ stateDir, port, legacy: mute.address, probeMs: 300 });
	await expect(silent).rejects.toMatchObject({ code: "LEGACY_SILENT", data: { reason: "no HTTP answer within 300 ms" } });
	expect(existsSync(join(stateDir, "gateway.json"))).toBe(false);
	await mute.close();
	rmSync(stateDir, { recursive: true, force: true });
});

test("[L1] the state directory is private, and a second core that subscribes replaces the first", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end());
	const gate = await startGateway(legacy.address);
	expect(statSync(gate.stateDir).mode & 0o777).toBe(0o700);
	const losses: string[] = [];
	gate.gateway.onLost(({ kind }) => losses.push(kind));
	const second = await openGateway({ stateDir: gate.stateDir, port: 0, legacy: legacy.address });
	expect([second.adopted, second.port]).toEqual([true, gate.port]);
	const replaced = new Promise((resolve) => gate.gateway.onLost(resolve));
	second.onExchanges(() => {});
	expect(await replaced).toEqual({ kind: "replaced" });
	expect(losses).toEqual(["replaced"]);
	await second.stop({ drainMs: 100 });
	await legacy.close();
	rmSync(gate.stateDir, { recursive: true, force: true });
});
