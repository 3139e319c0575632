import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { RoutePlan } from "../../../contract/traffic.ts";
import { tapBody } from "../capture/body-tap.ts";
import { createVisit, type Visit } from "../client/visit.ts";
import { defaultLimits, type Limits } from "../protocol.ts";
import { decodeAnswers } from "./answer-codec.ts";
import { createMirrorLink, type MirrorLink } from "./mirror-link.ts";
import { startShadow as start, type TestShadow, until } from "./testing/shadow.ts";

let ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

async function startShadow(answerMs: number): Promise<TestShadow> {
	const shadow = await start(answerMs);
	ends.push(shadow.close);
	return shadow;
}

function planOf(port: number, inFlight = 4): RoutePlan {
	const mirror = { upstream: { host: "127.0.0.1", port }, inFlight };
	const routes = [{ id: "r", method: "GET", path: "/", mode: { kind: "shadow" as const, percent: 100, mirror } }];
	return { version: 1, legacy: { host: "a", port: 1 }, idempotencyHeader: "k", routes, reason: "" };
}

type Linked = { link: MirrorLink; threads: Worker[]; answered: number[]; send(count: number, change?: (visit: Visit) => void): void };

function startLink(plan: RoutePlan, file = "mirror-thread.ts", limits: Partial<Limits> = {}): Linked {
	const spillDir = mkdtempSync(join(tmpdir(), "phoenix-spill-"));
	const threads: Worker[] = [];
	const answered: number[] = [];
	const link = createMirrorLink({
		limits: { ...defaultLimits, ...limits },
		startId: "test",
		spillDir,
		onAnswers: (batch) => answered.push(...decodeAnswers(batch.subarray(5)).answers.map(({ seq }) => seq)),
		startThread(options) {
			const thread = new Worker(new URL(file, import.meta.url), options);
			threads.push(thread);
			return thread;
		},
	});
	ends.push(() => link.close());
	ends.push(() => rmSync(spillDir, { recursive: true, force: true }));
	link.setPlan(plan);
	const mode = plan.routes[0]?.mode;
	const mirror = mode?.kind === "shadow" ? (mode.mirror ?? null) : null;
	let seq = 0;
	return {
		link,
		threads,
		answered,
		send(count, change = () => {}) {
			for (let n = 0; n < count; n++) {
				const visit = createVisit({ ...started, target: `/${++seq}`, mirror }, 1_000, link.spills);
				visit.forwarded = Buffer.from(`GET /${seq} HTTP/1.1\r\nHost: a\r\n\r\n`);
				Object.assign(visit, { isRequestWhole: true, isAnswered: true, isRepeatable: true, mirrored: true, status: 200 });
				change(visit);
				link.push({ seq, endedAt: performance.timeOrigin + performance.now(), openSince: 0, visit });
			}
			link.flush();
		},
	};
}

const started = {
	startedAt: 0,
	method: "GET",
	minor: 1,
	route: "r",
	isCaptured: true,
	requestHead: Buffer.alloc(0),
	isKeyed: false,
	awaitsContinue: false,
	isLast: false,
	decision: "sampled" as const,
	planVersion: 1,
};

const report = (link: MirrorLink) => {
	const told = link.report();
	if (told === undefined) throw new Error("there is a mirror");
	const dropped = Object.values(told.dropped).reduce((sum, count) => sum + count, 0);
	return { ...told, lost: dropped };
};

test("[M11] a killed thread loses what it had, counted; another starts, and what comes meanwhile is counted too", async () => {
	const shadow = await startShadow(60);
	const { link, threads, answered, send } = startLink(planOf(shadow.port, 3));
	send(9);
	await until(() => answered.length >= 3);
	await threads[0]?.terminate();
	await until(() => link.report()?.open === 0);
	send(2);
	await until(() => report(link).lost + answered.length === 11);
	const { dropped } = report(link);
	expect(dropped["shadow-lost"]).toBe(9 - answered.length);
	expect(dropped["shadow-down"]).toBe(2);
	await until(() => threads.length === 2);
	const before = answered.length;
	send(3);
	await until(() => answered.length === before + 3);
	expect(report(link)).toMatchObject({ taken: 14, open: 0 });
	expect(Object.values(report(link).mirrors)).toMatchObject([{ state: "closed", inFlight: 0 }]);
});

test("[M11] a thread that runs out of memory ends alone: this process goes on", async () => {
	const shadow = await startShadow(0);
	const { link, threads, answered, send } = startLink(planOf(shadow.port), "testing/greedy-thread.ts");
	await until(() => threads.length >= 1);
	send(1);
	await until(() => report(link).lost === 1, 25_000);
	expect(report(link).dropped).toEqual({ "shadow-lost": 1 });
	expect(answered).toEqual([]);
}, 30_000);

test("[M11] a thread without a sign of life is ended and replaced", async () => {
	const shadow = await startShadow(0);
	const { link, threads, send } = startLink(planOf(shadow.port), "testing/deaf-thread.ts");
	send(1);
	for (let beat = 0; beat < 5; beat++) link.beat();
	expect(link.report()?.open).toBe(1);
	link.beat();
	await until(() => threads.length === 2);
	expect(report(link)).toMatchObject({ taken: 1, open: 0, dropped: { "shadow-lost": 1 } });
});

test("[M3] what does not fit into the memory for copies is dropped by name, and the room is given back", async () => {
	const shadow = await startShadow(150);
	const { link, answered, send } = startLink(planOf(shadow.port, 100), "mirror-thread.ts", { mirrorBytes: 3_000 });
	send(30, (visit) => tapBody(visit.requestTap, Buffer.alloc(500, "x")));
	expect(report(link).dropped["shadow-busy"]).toBeGreaterThan(20);
	await until(() => report(link).lost + answered.length === 30);
	const first = answered.length;
	expect(first).toBeGreaterThan(2);
	send(3);
	await until(() => answered.length === first + 3);
});

test("[M2] what was not answered, or did not come whole, is not sent, and counted by name", async () => {
	const shadow = await startShadow(0);
	const { link, answered, send } = startLink(planOf(shadow.port));
	send(2, (visit) => Object.assign(visit, { isAnswered: false }));
	send(1, (visit) => Object.assign(visit, { isRequestWhole: false }));
	send(1, (visit) => Object.assign(visit, { forwarded: Buffer.from("no head at all") }));
	send(1);
	await until(() => answered.length === 1 && report(link).open === 0);
	expect(report(link)).toMatchObject({ taken: 5, dropped: { "shadow-unanswered": 2, "shadow-partial": 1, "shadow-head": 1 } });
	expect(shadow.seen).toEqual(["/5"]);
});

test("a hundred plans with the same mirror are one target; a plan without it ends it", async () => {
	const shadow = await startShadow(0);
	const { link, answered, send } = startLink(planOf(shadow.port));
	for (let n = 0; n < 100; n++) link.setPlan(planOf(shadow.port));
	send(1);
	await until(() => answered.length === 1);
	link.setPlan({ ...planOf(shadow.port), routes: [] });
	send(2);
	await until(() => report(link).open === 0);
	expect(report(link).dropped).toEqual({ "shadow-gone": 2 });
	link.setPlan(planOf(shadow.port));
	send(1);
	await until(() => answered.length === 2);
	expect(shadow.seen).toHaveLength(2);
});
