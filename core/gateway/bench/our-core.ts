// A core of the bench, in a process of its own: opens or adopts the gateway, sets a plan, and then leaves it or takes every exchange.
//
//     our-core.ts open|subscribe STATE_DIR PORT LEGACY_PORT ROUTES     ROUTES: JSON, as in the plan
import { systemClock } from "../../base/clock.ts";
import type { PlannedRoute } from "../../contract/traffic.ts";
import { openGateway } from "../control/index.ts";

export type Consumed = { exchanges: number; mirrored: number; bytes: number };

const [mode, stateDir = "", port, legacyPort, routes = "[]"] = process.argv.slice(2);
const legacy = { host: "127.0.0.1", port: Number(legacyPort) };
const gateway = await openGateway({ stateDir, port: Number(port), legacy });
const { version, idempotencyHeader } = gateway.plan();
const planned = JSON.parse(routes) as PlannedRoute[];
const consumed: Consumed = { exchanges: 0, mirrored: 0, bytes: 0 };
if (mode === "subscribe") {
	// Decoded by now, heads as pairs and bodies in base64: what a comparison begins with.
	gateway.onShadowAnswers((answers) => {
		for (const { response } of answers) consumed.bytes += response.body.length;
	});
	gateway.onExchanges((items) => {
		for (const { request, response, mirrored } of items) {
			consumed.exchanges++;
			if (mirrored) consumed.mirrored++;
			consumed.bytes += request.body.length + response.body.length;
		}
	});
}
await gateway.setPlan({ version: version + 1, legacy, idempotencyHeader, routes: planned, reason: `bench at ${systemClock.now()}` });
if (mode === "open") {
	gateway.detach();
	process.send?.("ready", () => process.disconnect());
} else {
	process.on("message", () => process.send?.(consumed));
	process.on("disconnect", () => process.exit(0));
	process.send?.("ready");
}
