// Entry of the process that owns the gateway's port. Started detached with one JSON argument; it outlives whoever started it,
// keeps a worker alive, keeps the last plan, and is where every way to the kill switch ends. Node's own modules only.
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { Fault } from "../../base/fault.ts";
import type { Listener } from "../../contract/listeners.ts";
import type { RoutePlan } from "../../contract/traffic.ts";
import { createCopyLedger } from "./capture/copy-ledger.ts";
import { BATCH_HEAD } from "./capture/exchange-codec.ts";
import { createOutbox } from "./capture/outbox.ts";
import { createTrafficLedger } from "./capture/traffic-ledger.ts";
import {
	type Capture,
	type ControlEvent,
	type ControlRequest,
	type Hello,
	type Lease,
	type Panic,
	protocolVersion,
	type RefusalCode,
	type StartResult,
	type SupervisorOptions,
} from "./protocol.ts";
import { carriesModern, legacyOnly } from "./routing/plan-table.ts";
import { type ControlConnection, openControlServer } from "./supervision/control-server.ts";
import { bindListenHandle, type ListenHandle } from "./supervision/listen-handle.ts";
import { createObservability } from "./supervision/observability.ts";
import { watchForPanic } from "./supervision/panic-watch.ts";
import {
	createPrivateDir,
	isProcess,
	readLease,
	readStoredPlan,
	removeFile,
	stateFiles,
	writeAtomically,
} from "./supervision/state-files.ts";
import { createWorkerKeeper, type Listening } from "./supervision/worker-keeper.ts";
import { createKeyStore, type KeyStore } from "./tls/key-store.ts";

type Pressed = { at: number; ms: number };
type Refusal = { code: RefusalCode; reason: string; file?: string };

const swapLimitMs = 3_000;
const panicLimitMs = 400;

const { now } = systemClock;
const options = JSON.parse(process.argv[2] ?? "") as SupervisorOptions;
const files = stateFiles(options.stateDir);
const log = (text: string) => process.stderr.write(`${new Date().toISOString()} ${text}\n`);

createPrivateDir(options.stateDir);
const connections = new Set<ControlConnection>();
let subscriber: ControlConnection | null = null;
let absentSince = now();
let isServing = false;
const control = await openControlServer({ path: files.socket, onRequest, onClosed });
if (!control) finish({ kind: "failed", reason: "another supervisor works on this state directory" });

const stored = readStoredPlan(files.plan);
let panic: Panic | null = stored?.panic ?? null;
/** The last press, from the moment it was made. */
let pressing: Promise<Pressed> | null = null;
let plan: RoutePlan = startPlan();
const keys = openKeys();

const listening: Listening[] = [];
for (const listener of options.listeners) {
	const handle = await bind(listener);
	if (!handle) finish({ kind: "in-use", host: listener.host, port: listener.port });
	listening.push({ listener, handle });
}
const addresses = listening.map(({ listener, handle }) => [listener.id, { host: listener.host, port: handle.port }] as const);
const [{ host, port }] = addresses.map(([, address]) => address) as [{ host: string; port: number }];
const ledger = createTrafficLedger(now);
const copies = createCopyLedger();
/** Batches of both kinds are acknowledged by one number. */
let batches = 0;
const outbox = createOutbox(options.limits, now);
const lease: Lease = {
	pid: process.pid,
	workerPid: 0,
	port,
	host,
	listeners: Object.fromEntries(addresses),
	socket: files.socket,
	startedAt: now(),
	planVersion: plan.version,
};
let capture: Capture = captureNow();
const observability = createObservability({
	instance: `${host}:${port}`,
	plan: () => plan,
	panic: () => panic,
	stats,
	delivered: () => outbox.delivered,
	isCoreAttached: () => subscriber !== null,
	isCapturing: () => capture === "on",
	measure: () => keeper.measure(),
	setTraceRatio: (ratio) => keeper.setTraceRatio(ratio),
	onLogging: () => keeper.setCapture(capture, observability.isLogging),
	now,
	log,
});
const keeper = createWorkerKeeper({
	listening,
	secret: () => keys.secret,
	files: () => keys.files,
	stateDir: options.stateDir,
	limits: options.limits,
	plan: () => plan,
	capture: () => capture,
	isLogged: () => observability.isLogging,
	traceRatio: () => observability.traceRatio,
	lastSeq: () => ledger.lastSeq,
	startId: Math.round(lease.startedAt).toString(36),
	onFrame(head, payload) {
		const { report, items, mirrored, answers = 0 } = head;
		ledger.take(report);
		copies.take(report, answers);
		observability.onFrame(0, head, payload);
		if (payload && !head.isForLog) {
			payload.writeDoubleLE(++batches, BATCH_HEAD);
			if (answers > 0) outbox.pushAnswers(batches, payload, answers);
			else outbox.push(batches, payload, items, mirrored);
		} else outbox.prune();
		chooseCapture();
		// A tick must not overtake exchanges that still wait: the core would believe them to be complete.
		if (subscriber && outbox.isDrained) subscriber.send({ event: "tick", openSince: head.report.openSince, stats: stats() });
	},
	onStarted(workerPid) {
		lease.workerPid = workerPid;
		writeAtomically(files.lease, lease);
	},
	onTraces: observability.onTraces,
	onLost() {
		ledger.close();
		copies.close();
		observability.onLost(0);
	},
	onAlarm: (reason) => void press(reason, true),
	log,
});

writeAtomically(files.plan, { plan, panic });
const failure = await keeper.start();
if (failure === "EADDRINUSE") finish({ kind: "in-use", host, port });
if (failure !== null) finish({ kind: "failed", reason: failure });
const endWatch = watchForPanic(files.panic, (reason) => void press(reason, false));
process.on("SIGHUP", () => {});
process.on("SIGTERM", () => void stop(3_000));
process.on("SIGINT", () => void stop(3_000));
isServing = true;
if (options.metrics) void observability.serve(options.metrics);
log(`serving on ${lease.host}:${lease.port}, plan ${plan.version}${panic ? `, kill switch on (${panic.reason})` : ""}`);
announce({ kind: "ready", lease });

function stats() {
	return { ...ledger.stats(plan, panic, outbox), ...copies.stats(outbox) };
}

/** What nobody will take is not copied in the first place. */
function captureNow(): Capture {
	if (subscriber) return outbox.isFull ? "backlog" : "on";
	if ([...plan.routes, ...(plan.streams ?? [])].every((route) => route.mode.kind === "legacy")) return "off";
	return now() - absentSince > options.limits.absentMs ? "no-core" : "on";
}

function chooseCapture(): void {
	const next = captureNow();
	if (next === capture) return;
	capture = next;
	keeper.setCapture(next, observability.isLogging);
}

/** The stored plan goes on, but the starter knows better where legacy is now; a retired legacy stays retired. */
function startPlan(): RoutePlan {
	const { legacy } = options.plan;
	if (!stored) return options.plan;
	const isMoved = legacy && stored.plan.legacy && (legacy.host !== stored.plan.legacy.host || legacy.port !== stored.plan.legacy.port);
	return isMoved ? { ...stored.plan, version: stored.plan.version + 1, legacy } : stored.plan;
}

/** Takes the port over from the worker of a supervisor that was killed, if there is one. */
async function bind({ host, port }: Listener): Promise<ListenHandle | null> {
	const first = bindListenHandle(host, port);
	const orphan = readLease(files.lease)?.workerPid ?? 0;
	if (first || !isProcess(orphan, ["worker", options.stateDir])) return first;
	log(`taking the port over from worker ${orphan}`);
	process.kill(orphan, "SIGTERM");
	for (let tries = 0; tries < 150; tries++) {
		await delay(20);
		const again = bindListenHandle(host, port);
		if (again) return again;
	}
	return null;
}

function onRequest(connection: ControlConnection, request: ControlRequest): void {
	if (!isServing) {
		connection.end();
		return;
	}
	const answer = (result: unknown) => connection.send({ id: request.id, ok: true, result });
	const refuse = (code: RefusalCode, reason: string) => connection.send({ id: request.id, ok: false, code, reason });
	switch (request.verb) {
		case "hello": {
			connections.add(connection);
			const hello: Hello = { protocol: protocolVersion, lease, plan, panic };
			answer(hello);
			return;
		}
		case "setPlan":
			void setPlan(request.plan).then((refusal) => (refusal ? connection.send({ id: request.id, ok: false, ...refusal }) : answer(null)));
			return;
		case "panic":
			void press(request.reason, false).then((pressed) => (pressed ? answer(pressed) : refuse("no-legacy", "legacy is retired")));
			return;
		case "clearPanic":
			clearPanic();
			answer(null);
			return;
		case "reloadCertificates": {
			const fault = keys.reload(plan);
			if (fault === null) {
				keeper.reload();
				log("certificates read anew");
				answer(null);
			} else connection.send({ id: request.id, ok: false, ...refusalOf(fault) });
			return;
		}
		case "stats":
			answer(stats());
			return;
		case "subscribe":
			if (subscriber && subscriber !== connection) subscriber.send({ event: "replaced" });
			subscriber = connection;
			answer(null);
			outbox.attach((payload) => connection.sendRaw(payload));
			chooseCapture();
			return;
		case "ack":
			if (subscriber === connection) outbox.acknowledge(request.batch);
			return;
		case "stop":
			void stop(request.drainMs).then(() => answer(null));
			return;
		default:
			observability.carryOut(request).then(answer, (error) => refuse("not-done", error instanceof Error ? error.message : String(error)));
	}
}

function onClosed(connection: ControlConnection): void {
	connections.delete(connection);
	if (subscriber !== connection) return;
	subscriber = null;
	absentSince = now();
	outbox.attach(null);
}

async function setPlan(next: RoutePlan): Promise<Refusal | null> {
	if (next.version <= plan.version) return { code: "stale-plan", reason: `plan ${next.version} is not newer than ${plan.version}` };
	if (panic && carriesModern(next)) return { code: "panic", reason: `the kill switch is on (${panic.reason})` };
	const fault = keys.take(next);
	if (fault !== null) return refusalOf(fault);
	try {
		writeAtomically(files.plan, { plan: next, panic });
	} catch (error) {
		return { code: "not-stored", reason: `the plan could not be stored (${error instanceof Error ? error.message : error})` };
	}
	await swap(next, swapLimitMs);
	return null;
}

function refusalOf({ data: { file = "", reason = "" } }: Fault): Refusal {
	return { code: "unusable", file, reason };
}

/** Before anything is bound. */
function openKeys(): KeyStore {
	try {
		return createKeyStore(options.listeners, plan, (fault) => {
			// Who starts a gateway for the first time is told; a plan that served yesterday is not held up by one of its files.
			if (stored === null) throw fault;
			log(fault.message);
		});
	} catch (error) {
		const { file = "", reason = String(error) } = error instanceof Fault ? error.data : {};
		return finish({ kind: "unusable", file, reason });
	}
}

async function swap(next: RoutePlan, limitMs: number): Promise<void> {
	plan = next;
	lease.planVersion = next.version;
	// Before the plan, so that no mirrored request of it is lost.
	chooseCapture();
	const swapped = keeper.setPlan(next, limitMs);
	publish({ event: "plan", plan, panic });
	await swapped;
	store(() => writeAtomically(files.lease, lease));
}

/** The kill switch. null: there is no legacy to go to. Pressed again it answers with the first press, and not before that has taken effect. */
async function press(reason: string, alarm: boolean): Promise<Pressed | null> {
	if (panic) return pressing ?? { at: panic.at, ms: 0 };
	if (plan.legacy === null) return null;
	pressing = takeEffect(reason, alarm);
	return pressing;
}

async function takeEffect(reason: string, alarm: boolean): Promise<Pressed> {
	panic = { at: now(), reason, alarm };
	const { at } = panic;
	await swap(legacyOnly(plan, `kill switch: ${reason}`), panicLimitMs);
	const ms = now() - at;
	store(() => writeAtomically(files.plan, { plan, panic }));
	log(`kill switch: ${reason} (${ms.toFixed(1)} ms)`);
	return { at, ms };
}

/** The routes stay with legacy until a new plan says otherwise. */
function clearPanic(): void {
	removeFile(files.panic);
	panic = null;
	pressing = null;
	store(() => writeAtomically(files.plan, { plan, panic }));
	publish({ event: "plan", plan, panic });
}

function publish(event: ControlEvent): void {
	for (const connection of connections) connection.send(event);
}

/** The switch must work with a full disk too; what could not be stored is only lost with this process. */
function store(write: () => void): void {
	try {
		write();
	} catch (error) {
		log(`not stored: ${error instanceof Error ? error.message : error}`);
	}
}

async function stop(drainMs: number): Promise<void> {
	log(`stopping, up to ${drainMs} ms for ${ledger.openRequests} open requests`);
	const until = now() + drainMs;
	endWatch();
	for (const { handle } of listening) handle.close();
	keeper.drain();
	// Two reports, so that one is from after the drain began.
	await delay(250);
	while (now() < until && (ledger.openRequests > 0 || copies.open > 0 || (subscriber !== null && !outbox.isEmpty))) await delay(20);
	keeper.end();
	await observability.close();
	control?.close();
	removeFile(files.lease);
	removeFile(files.socket);
	// Leaves the answer to the one who asked the time to get out.
	setTimeout(() => process.exit(0), 50);
}

function announce(result: StartResult): void {
	try {
		writeSync(3, `${JSON.stringify(result)}\n`);
	} catch {
		// The starter is gone already; it finds the gateway by its lease.
	}
}

function finish(result: StartResult): never {
	announce(result);
	control?.close();
	return process.exit(result.kind === "ready" ? 0 : 1);
}
