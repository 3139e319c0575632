import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterAll, expect, test } from "vitest";
import type { Fault } from "../base/fault.ts";
import type { Upstream } from "../contract/traffic.ts";
import { type Gateway, openGateway } from "./control/index.ts";
import { openRemoteGateway } from "./remote/index.ts";
import { createTrust, startAgentProcess, startBrittleLine } from "./testing/agent.ts";
import { ask, startLoad } from "./testing/client.ts";
import { readExposition, sumOf } from "./testing/exposition-text.ts";
import { nextPlan, until } from "./testing/gateway.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

const trust = createTrust();
afterAll(() => trust.end());
const coreTls = { certFile: trust.core.certFile, keyFile: trust.core.keyFile, caFile: trust.agents.caFile };
const isRight = ({ status }: { status: number }) => status === 200;

/** A gateway that nobody on its own host looks after any more, as on a host without a core. */
async function startGatewayAlone(legacy: Upstream) {
	const projectDir = mkdtempSync(join(tmpdir(), "phoenix-remote-"));
	const stateDir = join(projectDir, "gateway");
	mkdirSync(stateDir);
	const port = await freePort();
	const first = await openGateway({ stateDir, port, legacy });
	first.detach();
	return {
		...{ projectDir, stateDir, port },
		async end() {
			const last = await openGateway({ stateDir, port, legacy });
			await last.stop({ drainMs: 500 });
			rmSync(projectDir, { recursive: true, force: true });
		},
	};
}

/** What the gateway sent before it answered stands in this process's sockets already: a few turns of the loop accept and read it. */
async function readWhatArrived() {
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const reasonOf = (opening: Promise<Gateway>): Promise<string> =>
	opening.then(
		(gateway) => {
			gateway.detach();
			return "opened";
		},
		(error: Fault) => `${error.code}: ${error.data.reason}`,
	);

test("[K2] who has no certificate, one of another authority, an expired one or an older TLS is refused, and so is a false agent", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGatewayAlone(legacy.address);
	const agent = await startAgentProcess(gate.projectDir, trust, ["--client", "core.test,other.test"]);
	const opening = (certFile: string, keyFile: string, caFile = trust.agents.caFile) =>
		reasonOf(openRemoteGateway({ address: agent.address, tls: { certFile, keyFile, caFile } }));

	const stranger = trust.agents.issue(["core.test"]);
	expect(await opening(stranger.certFile, stranger.keyFile)).toMatch(/^AGENT_UNREACHED: .*(unknown ca|certificate|ECONNRESET|closed)/i);
	const expired = trust.cores.issue(["core.test"], { isExpired: true });
	await delay(1_500);
	expect(await opening(expired.certFile, expired.keyFile)).toMatch(/^AGENT_UNREACHED: .*(expired|certificate|ECONNRESET|closed)/i);
	const nobody = trust.cores.issue(["somebody.test"]);
	expect(await opening(nobody.certFile, nobody.keyFile)).toBe("AGENT_UNREACHED: the certificate names nobody who may control this gateway");
	expect(await opening(trust.core.certFile, trust.core.keyFile, trust.cores.caFile)).toMatch(
		/^AGENT_UNREACHED: .*(certificate|signature)/i,
	);
	expect(await opening(trust.core.certFile, trust.agent.keyFile)).toMatch(/^CERTIFICATE_UNUSABLE: /);
	expect(await opening("/nowhere.pem", trust.core.keyFile)).toMatch(/^CERTIFICATE_UNUSABLE: ENOENT/);
	expect(await opening(trust.core.certFile, trust.core.keyFile)).toBe("opened");

	const shake = (options: object) =>
		new Promise<string>((resolve) => {
			const socket = connectTls({ host: "127.0.0.1", port: agent.port, ca: trust.agents.ca, ALPNProtocols: ["h2"], ...options });
			// Under TLS 1.3 the server's refusal comes after the client's last word.
			socket.once("data", () => resolve(`served by ${socket.getProtocol()}`));
			socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
			socket.once("close", () => resolve("closed"));
		});
	const known = { cert: trust.core.cert, key: trust.core.key };
	expect(await shake(known)).toBe("served by TLSv1.3");
	expect(await shake({})).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET|closed/);
	expect(await shake({ ...known, maxVersion: "TLSv1.2" })).toMatch(/PROTOCOL_VERSION/);
	expect(agent.log()).toContain("core.test is connected");
	expect(agent.log()).not.toContain("somebody.test is connected");
	await agent.end();
	expect(await opening(trust.core.certFile, trust.core.keyFile)).toMatch(/^AGENT_UNREACHED: .*ECONNREFUSED/);
	await gate.end();
	await legacy.close();
});

test("[K2] renewed certificates are taken at SIGHUP, for connections from then on; unusable ones change nothing", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGatewayAlone(legacy.address);
	const dir = mkdtempSync(join(tmpdir(), "phoenix-agent-"));
	const renewable = { certFile: join(dir, "agent.pem"), keyFile: join(dir, "agent.key"), caFile: join(dir, "cores.pem") };
	const write = ({ cert, key }: { cert: string; key: string }, ca: string) => {
		writeFileSync(renewable.certFile, cert);
		writeFileSync(renewable.keyFile, key);
		writeFileSync(renewable.caFile, ca);
	};
	write(trust.agent, trust.cores.ca);
	const agent = await startAgentProcess(gate.projectDir, {
		...trust,
		agent: { ...trust.agent, ...renewable },
		cores: { ...trust.cores, caFile: renewable.caFile },
	});
	const served = () =>
		new Promise<string>((resolve, reject) => {
			const { cert, key } = trust.core;
			const socket = connectTls({ host: "127.0.0.1", port: agent.port, ca: trust.agents.ca, cert, key, ALPNProtocols: ["h2"] });
			socket.once("secureConnect", () => {
				resolve(socket.getPeerCertificate().fingerprint256);
				socket.destroy();
			});
			socket.once("error", reject);
		});
	const reload = async (word: string) => {
		const said = agent.log().length;
		process.kill(agent.pid, "SIGHUP");
		await until(() => agent.log().slice(said).includes(word));
	};
	const opened = await openRemoteGateway({ address: agent.address, tls: coreTls });
	const first = await served();
	const others = createTrust();
	const renewed = trust.agents.issue(["127.0.0.1", "localhost"]);
	write(renewed, others.cores.ca + trust.cores.ca);
	await reload("read anew");
	const second = await served();
	expect(second).not.toBe(first);
	const { certFile, keyFile } = others.core;
	const tls = { certFile, keyFile, caFile: trust.agents.caFile };
	expect(await reasonOf(openRemoteGateway({ address: agent.address, tls }))).toBe("opened");
	write({ ...renewed, key: trust.core.key }, trust.cores.ca);
	await reload("stay as they were");
	expect(await served()).toBe(second);
	expect(await reasonOf(openRemoteGateway({ address: agent.address, tls }))).toBe("opened");
	write(renewed, trust.cores.ca);
	await reload("read anew");
	expect(await reasonOf(openRemoteGateway({ address: agent.address, tls }))).toMatch(/^AGENT_UNREACHED: .*(certificate|authority|closed)/i);
	expect((await opened.stats()).requests).toBe(0);
	opened.detach();
	await agent.end();
	await gate.end();
	await legacy.close();
	others.end();
	rmSync(dir, { recursive: true, force: true });
});

test("[K3][K4] plans, stats, metrics, access log and the kill switch go over gRPC as over the socket; the switch is measured under load", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("legacy"));
	const arrivals: number[] = [];
	const modern = await startUpstream((_message, answer) => {
		arrivals.push(performance.timeOrigin + performance.now());
		answer.end(Buffer.alloc(2_000));
	});
	const gate = await startGatewayAlone(legacy.address);
	const agent = await startAgentProcess(gate.projectDir, trust);
	const gateway = await openRemoteGateway({ address: agent.address, tls: coreTls });
	let seen = 0;
	gateway.onExchanges((items) => {
		seen += items.length;
	});
	const carry = () =>
		gateway.setPlan(nextPlan(gateway, legacy.address, { "GET /m": { kind: "modern", upstream: modern.address, failover: "unsent" } }));
	await carry();
	expect((await ask(gate.port, { path: "/m" })).body).toHaveLength(2_000);
	await expect(gateway.setPlan({ ...gateway.plan(), version: 0 })).rejects.toMatchObject({ code: "RUN_STATE" });
	const metrics = readExposition(await gateway.observer.metrics("openmetrics"), "openmetrics");
	expect(sumOf(metrics, "phoenix_gateway_core_attached")).toBe(1);
	const log = { format: "json", route: null, headers: [], maxBytes: 100_000, keep: 1 } as const;
	await expect(gateway.observer.setAccessLog({ ...log, headers: [], file: "/tmp/elsewhere.log" })).rejects.toThrow(/another host/);
	await gateway.observer.setAccessLog({ ...log, headers: [], file: join(gate.stateDir, "access.log") });

	const presses: { askedMs: number; lastMs: number }[] = [];
	const load = startLoad(gate.port, 500, 16, () => ({ path: "/m" }), isRight);
	for (let press = 0; press < 10; press++) {
		await delay(150);
		const at = performance.timeOrigin + performance.now();
		const { ms } = await gateway.panic("over gRPC");
		const askedMs = performance.timeOrigin + performance.now() - at;
		await readWhatArrived();
		const answered = arrivals.length;
		await delay(60);
		expect(arrivals.length - answered).toBe(0);
		presses.push({ askedMs, lastMs: Math.max(...arrivals) - at });
		expect(ms).toBeLessThan(2_500);
		await gateway.clearPanic();
		await carry();
	}
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	const spread = (read: (press: (typeof presses)[number]) => number) => {
		const sorted = presses.map(read).sort((a, b) => a - b);
		return `${sorted[presses.length / 2]?.toFixed(1)} ms (median), ${sorted.at(-1)?.toFixed(1)} ms at most`;
	};
	console.log(
		`kill switch over gRPC, ${presses.length} presses at 500 requests/s: answered after ${spread(({ askedMs }) => askedMs)}; ` +
			`last request at the new service ${spread(({ lastMs }) => lastMs)} after the press`,
	);
	await until(() => seen === sent + 1);
	expect((await gateway.stats()).requests).toBe(sent + 1);
	expect(await gateway.observer.setAccessLog(null)).toMatchObject({ written: sent });
	gateway.detach();
	await agent.end();
	await gate.end();
	await Promise.all([legacy.close(), modern.close()]);
});

test("[K5] 10,000 exchanges come over a line that breaks again and again: each at least once, none lost", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end(Buffer.alloc(5_000)));
	const gate = await startGatewayAlone(legacy.address);
	const agent = await startAgentProcess(gate.projectDir, trust);
	const line = await startBrittleLine(agent.port);
	const gateway = await openRemoteGateway({ address: `127.0.0.1:${line.port}`, tls: coreTls });
	await gateway.setPlan(nextPlan(gateway, legacy.address, { "GET /m": { kind: "shadow", percent: 100 } }));
	const counts = new Map<number, number>();
	const losses: string[] = [];
	gateway.onLost(({ kind }) => losses.push(kind));
	gateway.onExchanges((items) => {
		for (const { seq } of items) counts.set(seq, (counts.get(seq) ?? 0) + 1);
	});
	const load = startLoad(gate.port, 1_500, 32, () => ({ path: "/m" }), isRight);
	let cuts = 0;
	for (let requests = 0; requests < 10_000; cuts++) {
		await delay(400);
		await until(async () => {
			requests = (await gateway.stats().catch(() => null))?.requests ?? 0;
			return requests > 0;
		}, 60_000);
		const before = losses.length;
		expect(line.cut()).toBeGreaterThan(0);
		await until(() => losses.length > before, 60_000);
	}
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	expect(sent).toBeGreaterThanOrEqual(10_000);
	await until(() => counts.size === sent, 60_000);
	expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
	const stats = await gateway.stats();
	expect([stats.mirrored, stats.dropped]).toEqual([sent, {}]);
	expect(cuts).toBeGreaterThan(3);
	expect(new Set(losses)).toEqual(new Set(["readopted"]));
	const again = [...counts.values()].filter((count) => count > 1).length;
	console.log(`${sent} exchanges over ${cuts} breaks of the line: none lost, ${again} came again`);
	gateway.detach();
	await line.close();
	await agent.end();
	await gate.end();
	await legacy.close();
});

test("[K6] the agent's death changes nothing for clients; its successor finds the core again by itself, and a new supervisor is noticed", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGatewayAlone(legacy.address);
	const first = await startAgentProcess(gate.projectDir, trust);
	const gateway = await openRemoteGateway({ address: first.address, tls: coreTls });
	const losses: string[] = [];
	gateway.onLost(({ kind }) => losses.push(kind));
	let seen = 0;
	gateway.onExchanges((items) => {
		seen += items.length;
	});
	const load = startLoad(gate.port, 200, 4, () => ({ path: "/" }), isRight);
	await delay(200);
	process.kill(first.pid, "SIGKILL");
	await first.end();
	const second = await startAgentProcess(gate.projectDir, trust, ["--listen", first.address]);
	await until(() => losses.includes("readopted"), 20_000);
	const { errors } = await load.stop();
	expect(errors).toEqual([]);
	const before = seen;
	await ask(gate.port);
	await until(() => seen > before);
	// The gateway is stopped over there, and started anew.
	const local = await openGateway({ stateDir: gate.stateDir, port: gate.port, legacy: legacy.address });
	await local.stop({ drainMs: 100 });
	const anew = await openGateway({ stateDir: gate.stateDir, port: gate.port, legacy: legacy.address });
	anew.detach();
	await until(() => losses.includes("restarted"), 20_000);
	expect((await gateway.stats()).requests).toBe(0);
	gateway.detach();
	await second.end();
	await gate.end();
	await legacy.close();
});
