// Entry of the gateway's data-plane process. Started by the supervisor with a channel (orders) and a pipe (exchanges);
// the listening handles come one by one behind the first order. It holds no state that its successor would miss.
import { createServer, type Server, Socket } from "node:net";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { RoutePlan } from "../../contract/traffic.ts";
import { addCopies } from "./capture/copy-ledger.ts";
import { createExchangeStream } from "./capture/exchange-stream.ts";
import type { Front } from "./client/front.ts";
import { createDataPlane, type DataPlane } from "./data-plane.ts";
import { createMirrorLink, type MirrorLink } from "./mirror/mirror-link.ts";
import { tickMs, type WorkerNotice, type WorkerOrder } from "./protocol.ts";
import { legacyOnly } from "./routing/plan-table.ts";
import { createAnswerBatch } from "./shadow/answer-batch.ts";
import { type PemFiles, readFrom, type TlsKeys } from "./tls/pem-files.ts";
import { createTracer, type Tracer } from "./tracing/trace-sender.ts";

// Bodies are buffers outside the heap, and die young. By itself the engine goes through the whole heap whenever 64 MB of them have come,
// at 64 KiB a body a third of the processor's time; counted with the heap they end as its young objects do.
setFlagsFromString("--external-memory-accounted-in-global-limit");

const pipe = new Socket({ fd: 4, readable: false, writable: true });
pipe.on("error", () => {});

const beatMs = 1_000;

const notify = (notice: WorkerNotice) => {
	if (process.connected) process.send?.(notice, () => {});
};

const servers: Server[] = [];
const fronts: Front[] = [];
let plane: DataPlane | null = null;
let plan: RoutePlan | null = null;
let tracer: Tracer | null = null;
let mirror: MirrorLink | null = null;
let stream: ReturnType<typeof createExchangeStream> | null = null;

process.on("message", (order: WorkerOrder, handle: unknown) => {
	switch (order.kind) {
		case "start":
			start(order);
			return;
		case "listen":
			listen(order, handle);
			return;
		case "plan":
			plan = order.plan;
			plane?.setPlan(plan, readFrom(order.files));
			mirror?.setPlan(plan);
			notify({ kind: "planned", version: plan.version });
			return;
		case "capture":
			stream?.setCapture(order.capture, order.isLogged);
			return;
		case "trace":
			tracer?.setRatio(order.ratio);
			return;
		case "measure":
			plane?.metering.begin();
			measure();
			return;
		case "reload":
			reload(order);
			return;
		case "drain":
			drain();
			return;
		case "leave":
			leave();
			return;
		default:
			plane?.learn(order);
	}
});

function start(order: Extract<WorkerOrder, { kind: "start" }>): void {
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
	const answers = createAnswerBatch();
	tracer = createTracer(order.traceRatio, (notice) => process.connected && process.send?.(notice, () => {}) === true);
	// They need each other: exchanges carry the plane's report, and a copy leaves behind its exchange.
	const created: DataPlane = createDataPlane({
		...{ plan, lastSeq: order.lastSeq, limits: order.limits, tracer },
		read: readFrom(order.files),
		isCapturing: () => exchanges.isTaking(),
		isKeepingBodies: () => exchanges.isTakingBodies(),
		spills: link.spills,
		onEnded(ended) {
			if (ended.visit.mirror !== null) {
				if (ended.visit.mirrored) link.push(ended);
				else link.forget(ended.visit);
			}
			exchanges.push(ended);
		},
		onShadowAnswer: (answer) => answers.push(answer),
		...(order.isOneOfMany ? { onNews: notify } : {}),
	});
	const exchanges = createExchangeStream({
		pipe,
		capture: order.capture,
		isLogged: order.isLogged,
		backlogBytes: order.limits.backlogBytes,
		counters: created.counters,
		report() {
			const { copies, ...report } = created.report();
			return { ...report, copies: addCopies(link.report(), answers.report(copies)) };
		},
		onFlushed() {
			link.flush();
			answers.flush((batch, count) => exchanges.pushAnswers(batch, count));
		},
	});
	plane = created;
	mirror = link;
	link.setPlan(order.plan);
	stream = exchanges;
	setInterval(exchanges.flush, tickMs);
	setInterval(link.beat, beatMs);
}

function listen({ listener, secret, files }: Extract<WorkerOrder, { kind: "listen" }>, handle: unknown): void {
	const fail = (error: NodeJS.ErrnoException) => notify({ kind: "listen-failed", reason: error.code ?? error.message });
	try {
		const front = plane?.open(listener, keysOf(secret, files));
		const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => front?.take(socket));
		server.once("error", fail);
		server.listen(handle as object, () => notify({ kind: "listening", id: listener.id }));
		servers.push(server);
		if (front) fronts.push(front);
	} catch (error) {
		fail(error as Error);
	}
}

const keysOf = (secret: string, files: PemFiles): TlsKeys => ({ secret: Buffer.from(secret, "hex"), read: readFrom(files) });

/** The supervisor has found them to be usable. */
function reload({ secret, files }: Extract<WorkerOrder, { kind: "reload" }>): void {
	const keys = keysOf(secret, files);
	for (const front of fronts) front.reload(keys);
	plane?.reload(keys.read);
	mirror?.reload();
}

/** In parts, so that requests come in between. */
function measure(): void {
	stream?.flush();
	if (plane?.metering.isUnderWay) setImmediate(measure);
}

/** Takes no more connections, ends each at its next answer. `http.Server.close` would cut the idle ones at once. */
function drain(): void {
	plane?.drain();
	for (const server of servers) server.close();
}

// The supervisor is gone: without it nobody could press the kill switch, so nothing modern may be served.
// Traffic goes on until a new supervisor asks this process to leave by SIGTERM.
process.on("disconnect", () => {
	if (!plan) return;
	const orphaned = legacyOnly(plan, "the supervisor is gone");
	plane?.setPlan(orphaned);
	mirror?.setPlan(orphaned);
});

/** Its successor may take a while to listen; without a supervisor there is none. */
const successorMs = 5_000;
/** Whoever has an open request by then is cut off. */
const leaveMs = { alone: 5_000, replaced: 65_000 };
let isLeaving = false;

process.on("SIGTERM", () => {
	if (!process.connected) return leave();
	notify({ kind: "leaving" });
	setTimeout(leave, successorMs).unref();
});

function leave(): void {
	if (isLeaving) return;
	isLeaving = true;
	drain();
	let quiet = 0;
	const end = () => {
		// The last word holds all that is counted, so that nothing of it dies here.
		plane?.metering.begin();
		do stream?.flush();
		while (plane?.metering.isUnderWay);
		pipe.end(() => process.exit(0));
		pipe.once("close", () => process.exit(0));
		setTimeout(() => process.exit(0), 5_000);
	};
	const look = () => {
		const isBusy = (plane?.report().openRequests ?? 0) > 0 || (mirror?.report()?.open ?? 0) > 0;
		// Traces have a moment to get out.
		quiet = isBusy ? 0 : quiet + 1;
		if (quiet < 15) return;
		clearInterval(looking);
		end();
	};
	const looking = setInterval(look, 20);
	setTimeout(() => process.exit(0), process.connected ? leaveMs.replaced : leaveMs.alone);
	look();
}
