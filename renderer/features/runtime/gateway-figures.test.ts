import { expect, test } from "vitest";
import type { GatewayStats } from "../../../core/contract/traffic.ts";
import { figuresOf } from "./gateway-figures.tsx";

const quiet: GatewayStats = {
	...{ pid: 1, planVersion: 3, lastSeq: 10, openRequests: 1, openSince: 0, requests: 1_200, clientErrors: 0, mirrored: 8 },
	...{ dropped: {}, failovers: 0, byArm: { legacy: 1_190, modern: 10, failover: 0 }, lastModernAt: 0, panic: null, legacyByRoute: {} },
};

test("what never happened has no figure", () => {
	expect(figuresOf(quiet).map(({ name }) => name)).toEqual(["Gateway", "Answered", "Failed for clients", "To be compared"]);
	expect(figuresOf(quiet).some(({ bad }) => bad)).toBe(false);
});

test("copies, breakers, services left out and streams are told, with what was dropped", () => {
	const figures = figuresOf({
		...quiet,
		panic: { at: 1, reason: "drill" },
		dropped: { "no-core": 2, backlog: 5 },
		copies: { taken: 9, delivered: 7, dropped: { "shadow-busy": 2 } },
		mirrors: { "127.0.0.1:81": { state: "open", inFlight: 0, sent: 9, answered: 7, failed: 2 } },
		ejections: { "127.0.0.1:82": { state: "half-open", ejected: 1 } },
		streams: { connections: 4, "framing-lost": 1 },
		workers: [1, 2].map((pid) => ({ pid, requests: 600, openRequests: 0 })),
		workerDeaths: 3,
	});
	const detailOf = (name: string) => figures.find((figure) => figure.name === name);
	expect(detailOf("Gateway")).toMatchObject({ detail: "kill switch: drill", bad: true });
	expect(detailOf("To be compared")?.detail).toBe("dropped: 5 backlog, 2 no-core");
	expect(detailOf("Copies sent")).toMatchObject({ value: "9", detail: "7 answered; dropped: 2 shadow-busy" });
	expect(detailOf("Mirror 127.0.0.1:81")).toMatchObject({ value: "left alone", bad: true });
	expect(detailOf("Service 127.0.0.1:82")).toMatchObject({ value: "being tried", detail: "left out 1 time" });
	expect(detailOf("Workers")).toMatchObject({ value: "2", detail: "3 ended unasked and replaced", bad: true });
	expect(detailOf("Streams")).toMatchObject({ value: "4 TCP, 0 WebSocket", detail: "1 framing-lost" });
});
