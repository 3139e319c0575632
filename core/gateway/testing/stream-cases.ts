import type { Socket } from "node:net";
import { afterEach } from "vitest";
import type { Exchange } from "../../contract/traffic.ts";
import { framed, type StreamGate, startFrameServer, startStreamGate } from "./stream-gate.ts";

// What the tests of raw TCP share: a framing, servers and gates that end with their test, and messages with a key.

export const framing = { kind: "length", at: 0, size: 2, order: "big", counts: "rest", limit: 4_096 } as const;
/** The first eight bytes of the content name the request. */
export const byField = { framing, pairing: { kind: "field", at: 0, size: 8 } } as const;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

/** Called when the test has ended, the last one first. */
export const atEnd = (close: () => Promise<void>): void => void closers.push(close);

export async function serverOf(answer: (content: Buffer, socket: Socket) => void) {
	const server = await startFrameServer(answer);
	atEnd(server.close);
	return server;
}

export async function gateOf(...args: Parameters<typeof startStreamGate>): Promise<StreamGate> {
	const gate = await startStreamGate(...args);
	atEnd(gate.close);
	return gate;
}

export const contentOf = (body: string) => Buffer.from(body, "base64").subarray(2).toString();
export const pairsOf = (exchanges: Exchange[]) =>
	exchanges.map(({ request, response }) => `${contentOf(request.body)} > ${contentOf(response.body)}`);
export const echo = (name: string) => (content: Buffer, socket: Socket) => void socket.write(framed(`${content} ${name}`));
export const key = (index: number) => String(index).padStart(8, "0");
