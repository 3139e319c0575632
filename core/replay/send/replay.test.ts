import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Recorded } from "../recording/recorded.ts";
import { recorded } from "../testing/recorded.ts";
import { startServer, startTcpServer, type TestServer } from "../testing/server.ts";
import { type ReplayOptions, replay } from "./replay.ts";
import { createKeyOf } from "./request-headers.ts";

const servers: TestServer[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) await server.close();
});
async function serve(listener: Parameters<typeof startServer>[0]): Promise<number> {
	const server = await startServer(listener);
	servers.push(server);
	return server.port;
}

async function* from(records: Recorded[]): AsyncGenerator<Recorded> {
	yield* records;
}

function run(records: Recorded[], port: number, more: Partial<ReplayOptions> = {}, signal = new AbortController().signal) {
	const target = { protocol: "http:" as const, host: "127.0.0.1", port };
	const usual = {
		concurrency: 8,
		keyOf: null,
		withWrites: false,
		keepHost: false,
		setHeaders: [],
		timeoutMs: 2_000,
		mark: "r1",
		onAnswer: null,
	};
	return replay({ records: from(records), target, pace: { kind: "max" }, ...usual, ...more }, () => {}, signal);
}

describe("pace", () => {
	async function arrivals(more: Partial<ReplayOptions>): Promise<number[]> {
		const times: number[] = [];
		const port = await serve((_, answer) => {
			times.push(performance.now());
			answer.end();
		});
		const started = performance.now();
		const records = [0, 100, 200, 400].map((after) => recorded({ startedAt: 50_000 + after }));
		const { sent, answered, late } = await run(records, port, more);
		expect([sent, answered, late.count]).toEqual([4, 4, 4]);
		return times.map((at) => at - started);
	}
	const near = (times: number[], expected: number[]) =>
		times.forEach((at, index) => {
			// Never early; a busy machine may be late.
			expect(at).toBeGreaterThan((expected[index] as number) - 3);
			expect(at).toBeLessThan((expected[index] as number) + 90);
		});

	test("[R1] the recording's own, scaled", async () => {
		near(await arrivals({ pace: { kind: "scaled", speed: 1 } }), [0, 100, 200, 400]);
		near(await arrivals({ pace: { kind: "scaled", speed: 2 } }), [0, 50, 100, 200]);
	});

	test("[R1] a rate instead", async () => near(await arrivals({ pace: { kind: "rate", perSecond: 20 } }), [0, 50, 100, 150]));

	test("[R1] a slow target makes requests late, and the result says by how much", async () => {
		const port = await serve((_, answer) => void setTimeout(() => answer.end(), 50));
		const records = Array.from({ length: 5 }, () => recorded());
		const { late, latency } = await run(records, port, { pace: { kind: "scaled", speed: 1 }, concurrency: 1 });
		expect(late.max).toBeGreaterThan(150);
		expect(latency.p50).toBeGreaterThan(45);
	});
});

test("[R2] never more in flight than allowed, and as many as allowed", async () => {
	let [open, most] = [0, 0];
	const port = await serve((_, answer) => {
		most = Math.max(most, ++open);
		setTimeout(() => {
			open--;
			answer.end();
		}, 5);
	});
	const { answered } = await run(
		Array.from({ length: 60 }, () => recorded()),
		port,
		{ concurrency: 5 },
	);
	expect([answered, most]).toEqual([60, 5]);
});

test.each([
	["header", (key: number) => ["X-Account", String(key)]],
	["cookie", (key: number) => ["Cookie", `lang=it; x-account=${key}`]],
] as const)("[R3] requests with the same %s are sent one after the other, others side by side", async (kind, line) => {
	const seen: Record<string, number[]> = {};
	let [open, most] = [0, 0];
	const port = await serve((message, answer) => {
		const [, key = "", index = ""] = message.url?.split("/") ?? [];
		most = Math.max(most, ++open);
		setTimeout(
			() => {
				open--;
				seen[key] = [...(seen[key] ?? []), Number(index)];
				answer.end();
			},
			(Number(index) * 7) % 13,
		);
	});
	const records = Array.from({ length: 120 }, (_, n) =>
		recorded({ target: `/${n % 4}/${Math.floor(n / 4)}`, headers: [[...line(n % 4)] as [string, string]], startedAt: n }),
	);
	const { answered } = await run(records, port, { concurrency: 16, keyOf: createKeyOf({ kind, name: "X-Account" }) });
	expect(answered).toBe(120);
	for (const key of ["0", "1", "2", "3"]) expect(seen[key]).toEqual(Array.from({ length: 30 }, (_, index) => index));
	expect(most).toBe(4);
});

test("[R4] a gateway records as requests end; they are sent as they began", async () => {
	const seen: string[] = [];
	const port = await serve((message, answer) => {
		seen.push(message.url ?? "");
		answer.end();
	});
	await run([recorded({ target: "/2", startedAt: 20 }), recorded({ target: "/1", startedAt: 10, ms: 500 })], port, { concurrency: 1 });
	expect(seen).toEqual(["/1", "/2"]);
});

test("[R5] only GET and HEAD without the word; what is not whole is never sent; each reason is counted", async () => {
	const seen: string[] = [];
	const port = await serve((message, answer) => {
		seen.push(message.method ?? "");
		answer.end();
	});
	const cut = recorded({ method: "POST", body: "half" });
	cut.request.state = "cut";
	const records = [
		...["GET", "HEAD", "POST", "DELETE", "OPTIONS", "CONNECT"].map((method) => recorded({ method })),
		recorded({ headers: [["Upgrade", "websocket"]] }),
		cut,
	];
	const safe = await run(records, port);
	expect(seen.splice(0)).toEqual(["GET", "HEAD"]);
	expect(Object.values(safe.skipped).reduce((sum, count) => sum + count, 0)).toBe(6);
	expect(safe.skipped).toMatchObject({ "POST may change something (--with-writes)": 2, "an upgrade of the connection": 1, "a tunnel": 1 });
	const all = await run(records, port, { withWrites: true, concurrency: 1 });
	expect(seen).toEqual(["GET", "HEAD", "POST", "DELETE", "OPTIONS"]);
	expect(all.skipped).toEqual({ "a tunnel": 1, "an upgrade of the connection": 1, "its body is cut": 1 });
});

test("[R6] what goes over the wire: the recorded head in order and case, another host, a mark, no line of the old connection", async () => {
	let received = "";
	const server = await startTcpServer((socket) =>
		socket.on("data", (chunk) => {
			received += chunk.toString("latin1");
			if (received.endsWith("a=\xe81")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
		}),
	);
	servers.push(server);
	const headers: [string, string][] = [
		["X-First", "1"],
		["hOST", "bank.example"],
		["Connection", "keep-alive, X-Hop"],
		["X-Hop", "gone"],
		["Transfer-Encoding", "chunked"],
		["Accept", "a"],
		["accept", "b"],
		["Authorization", "Bearer masked"],
		["X-Name", "caff\xe8"],
	];
	const record = recorded({ method: "POST", target: "/a//b?x=%2f|\xe8", headers, body: Buffer.from("a=\xe81", "latin1") });
	const { byStatus } = await run([record], server.port, { withWrites: true, setHeaders: [["Authorization", "Bearer real"]] });
	expect(byStatus).toEqual({ 200: 1 });
	const [head = ""] = received.split("\r\n\r\n");
	expect(head.split("\r\n")).toEqual([
		"POST /a//b?x=%2f|\xe8 HTTP/1.1",
		`Host: 127.0.0.1:${server.port}`,
		"X-First: 1",
		"Accept: a",
		"accept: b",
		"X-Name: caff\xe8",
		"Content-Length: 4",
		"Authorization: Bearer real",
		"X-Phoenix-Replay: r1",
		"Connection: keep-alive",
	]);
});

test("[R7] what went wrong is counted by cause; nothing is sent twice but a GET that met a closed connection", async () => {
	let connections = 0;
	const server = await startTcpServer((socket) => {
		connections++;
		socket.on("data", () => socket.destroy());
	});
	servers.push(server);
	const broken = await run([recorded(), recorded()], server.port, { concurrency: 1 });
	expect(broken).toMatchObject({ sent: 2, answered: 0, failed: { "the connection was broken off (ECONNRESET)": 2 } });
	expect(connections).toBe(2);
	const silent = await serve(() => {});
	expect((await run([recorded()], silent, { timeoutMs: 60 })).failed).toEqual({ "no answer within 0.06 s": 1 });
	await server.close();
	expect((await run([recorded()], server.port)).failed).toEqual({ ECONNREFUSED: 1 });
	const odd = await run([recorded({ headers: [["X-Bad", "a\nb"]] })], silent);
	expect(odd.failed).toEqual({ INVALID_CHAR: 1 });
});

test("[R8] cancelling ends it at once and tells what was done", async () => {
	const port = await serve((message, answer) => {
		if (message.url !== "/hang") answer.end();
	});
	const stop = new AbortController();
	const records = [recorded(), recorded({ target: "/hang", startedAt: 1_010 }), recorded({ startedAt: 100_000 })];
	const began = performance.now();
	const running = run(records, port, { pace: { kind: "scaled", speed: 1 }, timeoutMs: 60_000 }, stop.signal);
	await sleep(200);
	stop.abort();
	const result = await running;
	expect(performance.now() - began).toBeLessThan(2_000);
	expect(result).toMatchObject({ cancelled: true, sent: 2, answered: 1, failed: { cancelled: 1 } });
});

test("[R9] memory does not grow with the recording: what waits is bounded", async () => {
	const port = await serve((_, answer) => answer.end());
	let made = 0;
	let answered = 0;
	async function* many(): AsyncGenerator<Recorded> {
		for (; made < 30_000; made++) yield recorded({ startedAt: made / 1_000 });
	}
	let ahead = 0;
	const watch = setInterval(() => {
		ahead = Math.max(ahead, made - answered);
	}, 1);
	const result = await replay(
		{
			records: many(),
			target: { protocol: "http:", host: "127.0.0.1", port },
			...{
				pace: { kind: "max" as const },
				concurrency: 32,
				keyOf: null,
				withWrites: false,
				keepHost: false,
				setHeaders: [],
				timeoutMs: 5_000,
				mark: "m",
			},
			onAnswer: () => answered++,
		},
		() => {},
		AbortSignal.timeout(14_000),
	);
	clearInterval(watch);
	expect(result.answered).toBeGreaterThan(1_000);
	// The window that puts them in order, and what is on its way.
	expect(ahead).toBeLessThan(4_096 + 200);
}, 30_000);
