import { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { afterAll, expect, test } from "vitest";
import { createClientAnswer } from "./client/client-answer.ts";
import { createClientConnection } from "./client/client-connection.ts";
import { createServing } from "./client/serving.ts";
import { createVisit } from "./client/visit.ts";
import { createMessageCounter } from "./grpc/message-counter.ts";
import { createBodyReader } from "./http1/body-reader.ts";
import type { Plane } from "./plane.ts";
import { circuitLimits, createCircuit } from "./routing/circuit.ts";
import { createUpstreamConnection } from "./upstream/upstream-connection.ts";

// Before the question is compiled; the flag is the engine's, not the language's.
setFlagsFromString("--allow-natives-syntax");
const hasFastProperties = new Function("object", "return %HasFastProperties(object)") as (object: object) => boolean;
setFlagsFromString("--no-allow-natives-syntax");

const sockets: Socket[] = [];
afterAll(() => {
	for (const socket of sockets) socket.destroy();
});

const socket = () => {
	const created = new Socket();
	sockets.push(created);
	return created;
};
const plane = { limits: {} } as Plane;
const client = () => ({ answer: createClientAnswer(socket()), letBodyFlow() {}, onDone() {}, cut() {} });

/** What the data plane makes for each connection, request, or upstream. */
const kinds: [name: string, create: () => object][] = [
	["body reader", createBodyReader],
	["client answer", () => createClientAnswer(socket())],
	["serving", () => createServing(plane, client())],
	["client connection", () => createClientConnection(socket(), plane, () => {})],
	["upstream connection", () => createUpstreamConnection({ socket: socket(), isLenient: false, onIdle() {}, onClosed() {} })],
	["circuit", () => createCircuit(circuitLimits)],
	["message counter", () => createMessageCounter()],
];

// Of many objects whose getters are their own, V8 keeps each as a dictionary: every property is looked up and no call is inlined.
test.each(kinds)("each %s has fast properties", (_name, create) => {
	const many = Array.from({ length: 5 }, create);
	expect(many.map(hasFastProperties)).toEqual([true, true, true, true, true]);
});

test("the check tells a dictionary from what is none", () => {
	const withGetter = (value: number) => ({
		get value() {
			return value;
		},
	});
	expect([withGetter(1), withGetter(2)].map(hasFastProperties)).toEqual([false, false]);
	expect(hasFastProperties(createVisit({ requestHead: Buffer.alloc(0) } as Parameters<typeof createVisit>[0], 0))).toBe(true);
});
