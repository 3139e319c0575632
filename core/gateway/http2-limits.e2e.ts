import { type ClientHttp2Session, connect } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { sessionLimits, startFront } from "./testing/front.ts";
import { until } from "./testing/gateway.ts";
import { askStream } from "./testing/h2-client.ts";
import { END_HEADERS, END_STREAM, fields, frame, frameTypes, openRaw, usualFields } from "./testing/h2-frames.ts";
import { bodyOf, startUpstream } from "./testing/upstream.ts";

let ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

function ending<Closable extends { close(): Promise<void> }>(thing: Closable): Closable {
	ends.push(thing.close);
	return thing;
}

function open(port: number): ClientHttp2Session {
	const session = connect(`http://127.0.0.1:${port}`);
	session.on("error", () => {});
	ends.push(() => session.destroy());
	return session;
}

const echo = () =>
	startUpstream(async (message, answer) => {
		const body = await bodyOf(message).catch(() => "");
		answer.end(String(body.length));
	});

test("[H6] a draining gateway says at once what it will still answer, and ends when the last answer is out", async () => {
	const legacy = ending(
		await startUpstream((message, answer) => {
			setTimeout(() => answer.end(message.url), message.url === "/slow" ? 1_500 : 0);
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	const raw = await openRaw(front.port);
	const get = (stream: number, path: string) =>
		frame(frameTypes.headers, END_HEADERS | END_STREAM, stream, fields(...usualFields("GET", path)));
	const answered = (stream: number) =>
		raw.frames.some((one) => one.type === frameTypes.data && one.stream === stream && (one.flags & END_STREAM) !== 0);
	raw.send(get(1, "/slow"));
	await delay(50);
	front.plane.drain();
	await until(() => raw.frames.some(({ type }) => type === frameTypes.goaway), 500);
	raw.send(get(3, "/late"));
	await until(() => answered(1));
	await raw.closed;
	expect(answered(3)).toBe(false);
	expect(front.seen.map(({ request }) => request.target)).toEqual(["/slow"]);
	const lasts = raw.frames
		.filter(({ type }) => type === frameTypes.goaway)
		.map(({ payload }) => [payload.readUInt32BE(0), payload.readUInt32BE(4)]);
	expect(lasts[0]).toEqual([1, 0]);
});

test("[H7] a connection has so many streams at once, and a head so many bytes and lines", async () => {
	const legacy = ending(await startUpstream((message, answer) => void (message.url === "/good" && answer.end("good"))));
	const front = ending(await startFront({ legacy: legacy.address }));
	const raw = await openRaw(front.port);
	const get = (stream: number, path: string, ...more: [string, string][]) =>
		frame(frameTypes.headers, END_HEADERS | END_STREAM, stream, fields(...usualFields("GET", path), ...more));
	for (let n = 0; n < sessionLimits.streams + 2; n++) raw.send(get(1 + 2 * n, "/hang"));
	await until(() => raw.frames.filter(({ type }) => type === frameTypes.reset).length === 2);
	expect(raw.frames.filter(({ type }) => type === frameTypes.reset).map(({ payload }) => payload.readUInt32BE(0))).toEqual([7, 7]);
	expect(front.plane.report().openRequests).toBe(sessionLimits.streams);
	raw.socket.destroy();

	const session = open(front.port);
	const many = (lines: number) => Object.fromEntries(Array.from({ length: lines }, (_none, n) => [`x-${n}`, "1"]));
	expect((await askStream(session, { ":path": "/good", ...many(150) })).status).toBe(200);
	expect((await askStream(session, { ":path": "/good", ...many(200) })).status).toBe(431);
	expect(await askStream(session, { ":path": "/good", ...many(300) })).toMatchObject({ status: 0, code: 11 });
	expect((await askStream(session, { ":path": "/good", "x-long": "x".repeat(15_000) })).status).toBe(200);
	expect((await askStream(session, { ":path": "/good", "x-long": "x".repeat(17_000) })).status).toBe(431);
	expect((await askStream(open(front.port), { ":path": "/good", "x-long": "x".repeat(70_000) })).status).toBe(0);
	expect((await askStream(open(front.port), { ":path": "/good" })).status).toBe(200);
});

test("[H7] streams that are opened only to be reset end their connection (CVE-2023-44487)", async () => {
	const legacy = ending(await startUpstream(() => {}));
	const front = ending(await startFront({ legacy: legacy.address }));
	const raw = await openRaw(front.port);
	const pairs: Buffer[] = [];
	for (let n = 0; n < 2_000; n++) {
		pairs.push(frame(frameTypes.headers, END_HEADERS | END_STREAM, 1 + 2 * n, fields(...usualFields())));
		pairs.push(frame(frameTypes.reset, 0, 1 + 2 * n, Buffer.from([0, 0, 0, 8])));
	}
	raw.send(...pairs);
	await raw.closed;
	const goaway = raw.frames.find(({ type }) => type === frameTypes.goaway);
	expect(goaway?.payload.readUInt32BE(4)).toBe(11);
	await until(() => front.plane.report().openRequests === 0);
	expect(front.seen.length).toBeLessThanOrEqual(sessionLimits.resets + sessionLimits.resetsPerSecond);
	expect(legacy.connects()).toBeLessThanOrEqual(sessionLimits.resets + sessionLimits.resetsPerSecond);
});

test("[H7] a head that goes on for ever in CONTINUATION frames ends its connection (CVE-2024-27983)", async () => {
	const legacy = ending(await startUpstream(() => {}));
	const front = ending(await startFront({ legacy: legacy.address }));
	const raw = await openRaw(front.port);
	const before = process.memoryUsage().rss;
	raw.send(frame(frameTypes.headers, 0, 1, fields(...usualFields())));
	const more = Buffer.concat(Array.from({ length: 500 }, () => frame(frameTypes.continuation, 0, 1, fields(["x-a", "y".repeat(100)]))));
	for (let sent = 0; sent < 400 && !raw.socket.destroyed; sent++) {
		raw.socket.write(more);
		await delay(1);
	}
	await raw.closed;
	expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
	expect(front.seen).toHaveLength(0);
});

test("[H7] a connection that says nothing, or nothing more, is ended", async () => {
	const legacy = ending(await echo());
	const front = ending(await startFront({ legacy: legacy.address }, {}, { headMs: 200, idleMs: 300, bodyMs: 200 }));
	const raw = await openRaw(front.port);
	await raw.closed;
	expect(raw.frames.some(({ type }) => type === frameTypes.goaway)).toBe(true);
	const slow = await openRaw(front.port);
	slow.send(frame(frameTypes.headers, END_HEADERS, 1, fields(...usualFields("POST"))));
	await until(() => slow.frames.some(({ type, stream }) => type === frameTypes.headers && stream === 1));
	await until(() => front.seen.length === 1);
	expect(front.seen[0]).toMatchObject({ response: { status: 408 } });
	slow.socket.destroy();
});
