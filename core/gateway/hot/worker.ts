// Entry of the gateway's data-plane process. Started by the supervisor with a channel (orders) and a pipe (exchanges);
// the listening handle comes with the first order. It holds no state that its successor would miss.
import { Server, Socket } from "node:net";
import type { RoutePlan } from "../../contract/traffic.ts";
import { countIn } from "./counters.ts";
import { createDataPlane, type DataPlane } from "./data-plane.ts";
import { createExchangeStream } from "./exchange-stream.ts";
import { legacyOnly } from "./plan-table.ts";
import { tickMs, type WorkerNotice, type WorkerOrder } from "./protocol.ts";

const pipe = new Socket({ fd: 4, readable: false, writable: true });
pipe.on("error", () => {});

const notify = (notice: WorkerNotice) => {
	if (process.connected) process.send?.(notice, () => {});
};

let plane: DataPlane | null = null;
let plan: RoutePlan | null = null;
let stream: ReturnType<typeof createExchangeStream> | null = null;

process.on("message", (order: WorkerOrder, handle: unknown) => {
	switch (order.kind) {
		case "start":
			start(order, handle);
			return;
		case "plan":
			plan = order.plan;
			plane?.setPlan(plan);
			notify({ kind: "planned", version: plan.version });
			return;
		case "capture":
			stream?.setCapture(order.capture);
			return;
		case "drain":
			drain();
	}
});

function start(order: Extract<WorkerOrder, { kind: "start" }>, handle: unknown): void {
	plan = order.plan;
	// The two need each other: exchanges carry the plane's report.
	const created: DataPlane = createDataPlane({
		...order,
		isCapturing: () => exchanges.isTaking,
		onEnded: (ended) => exchanges.push(ended),
		onShadowAnswer: () => countIn(created.counters.dropped, "shadow-unread"),
	});
	const exchanges = createExchangeStream({
		pipe,
		capture: order.capture,
		backlogBytes: order.limits.backlogBytes,
		counters: created.counters,
		report: created.report,
	});
	plane = created;
	stream = exchanges;
	created.server.once("error", (error: NodeJS.ErrnoException) => notify({ kind: "listen-failed", code: error.code ?? error.message }));
	created.server.listen(handle as object, () => notify({ kind: "listening" }));
	setInterval(exchanges.flush, tickMs);
}

/** Takes no more connections, ends each at its next answer. `http.Server.close` would cut the idle ones at once. */
function drain(): void {
	if (!plane) return;
	plane.drain();
	Server.prototype.close.call(plane.server);
}

// The supervisor is gone: without it nobody could press the kill switch, so nothing modern may be served.
// Traffic goes on until a new supervisor asks this process to leave by SIGTERM.
process.on("disconnect", () => {
	if (plan && plane) plane.setPlan(legacyOnly(plan, "the supervisor is gone"));
});

process.on("SIGTERM", () => {
	drain();
	const leave = () => {
		if (!plane || plane.report().openRequests === 0) process.exit(0);
	};
	setInterval(leave, 20);
	setTimeout(() => process.exit(0), 5_000);
	leave();
});
