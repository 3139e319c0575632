// @vitest-environment node
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { type Line, lineOver } from "./client.ts";
import { faultFrom } from "./trouble.ts";

Object.assign(globalThis, { location: { host: "the.core" } });

let server: WebSocketServer;
let line: Line;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

/** A core that listens and is too busy to answer. */
beforeEach(async () => {
	unhandled.length = 0;
	process.on("unhandledRejection", note);
	server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	await new Promise((resolve) => server.once("listening", resolve));
	const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
	line = lineOver(socket);
	await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
});
afterEach(() => {
	process.off("unhandledRejection", note);
	for (const socket of server.clients) socket.terminate();
	server.close();
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

test("a call that is ended while its line is being closed has nothing to say to it", async () => {
	const over = new AbortController();
	const asked = line.client.state.snapshot({}, { signal: over.signal }).catch((error: unknown) => error);
	await settled();
	over.abort();
	line.close();
	expect(await asked).toBeInstanceOf(Error);
	await settled();
	expect(unhandled).toEqual([]);
});

test("what waits for an answer, and what is asked of a line that closes or is lost, ends in the fault that no core answers", async () => {
	const waiting = line.client.state.snapshot({}).catch((error: unknown) => error);
	await settled();
	line.close();
	const closing = line.client.state.snapshot({}).catch((error: unknown) => error);
	const lost = line.closed.then(() => line.client.state.snapshot({})).catch((error: unknown) => error);
	for (const asked of [waiting, closing, lost]) expect(faultFrom(await asked)).toMatchObject({ code: "CORE_ABSENT" });
	expect(unhandled).toEqual([]);
});
