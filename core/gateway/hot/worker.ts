// Entry of the gateway's data-plane process. Started by the supervisor with a channel (orders) and a pipe (exchanges);
// the listening handle comes with the first order. It holds no state that its successor would miss.
import { Server, Socket } from "node:net";
import { join } from "node:path";
import type { RoutePlan } from "../../contract/traffic.ts";
import { createDataPlane, type DataPlane } from "./data-plane.ts";
import { createExchangeStream } from "./exchange-stream.ts";
import { createMirrorLink, type MirrorLink } from "./mirror/mirror-link.ts";
import { legacyOnly } from "./plan-table.ts";
import { tickMs, type WorkerNotice, type WorkerOrder } from "./protocol.ts";

const pipe = new Socket({ fd: 4, readable: false, writable: true });
pipe.on("error", () => {});

const beatMs = 1_000;

const notify = (notice: WorkerNotice) => {
	if (process.connected) process.send?.(notice, () => {});
};

let plane: DataPlane | null = null;
let plan: RoutePlan | null = null;
let mirror: MirrorLink | null = null;
let stream: ReturnType<typeof createExchangeStream> | null = null;

process.on("message", (order: WorkerOrder, handle: unknown) => {
	switch (order.kind) {
		case "start":
			start(order, handle);
			return;
		case "plan":
			plan = order.plan;
			plane?.setPlan(plan);
			mirror?.setPlan(plan);
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
	const link = createMirrorLink({
		limits: order.limits,
		startId: order.startId,
		spillDir: join(process.argv[2] ?? "", "spill"),
		onAnswers(batch, count) {
			if (!exchanges.pushAnswers(batch, count)) link.drop(count, "shadow-backlog");
		},
		log: (text) => process.stderr.write(`${new Date().toISOString()} ${text}\n`),
	});
	// They need each other: exchanges carry the plane's report, and a copy leaves behind its exchange.
	const created: DataPlane = createDataPlane({
		...order,
		isCapturing: () => exchanges.isTaking,
		spills: link.spills,
		onEnded(ended) {
			if (ended.visit.mirror !== null) {
				if (ended.visit.mirrored) link.push(ended);
				else link.forget(ended.visit);
			}
			exchanges.push(ended);
		},
	});
	const exchanges = createExchangeStream({
		pipe,
		capture: order.capture,
		backlogBytes: order.limits.backlogBytes,
		counters: created.counters,
		report: () => ({ ...created.report(), copies: link.report() }),
		onFlushed: link.flush,
	});
	plane = created;
	mirror = link;
	link.setPlan(order.plan);
	stream = exchanges;
	created.server.once("error", (error: NodeJS.ErrnoException) => notify({ kind: "listen-failed", code: error.code ?? error.message }));
	created.server.listen(handle as object, () => notify({ kind: "listening" }));
	setInterval(exchanges.flush, tickMs);
	setInterval(link.beat, beatMs);
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
	if (!plan) return;
	const orphaned = legacyOnly(plan, "the supervisor is gone");
	plane?.setPlan(orphaned);
	mirror?.setPlan(orphaned);
});

process.on("SIGTERM", () => {
	drain();
	const leave = () => {
		if ((plane?.report().openRequests ?? 0) === 0 && (mirror?.report()?.open ?? 0) === 0) process.exit(0);
	};
	setInterval(leave, 20);
	setTimeout(() => process.exit(0), 5_000);
	leave();
});
