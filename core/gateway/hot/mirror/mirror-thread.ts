// Entry of the mirror's thread in the data-plane process. It gets copies of requests, sends them to where the plan says over connections of
// its own, and hands back what was answered. It shares nothing with the clients' thread but two counters, so nothing here can hold one up.
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../../base/clock.ts";
import type { Mirror } from "../../../contract/traffic.ts";
import { readPem } from "../tls/pem-files.ts";
import { createUpstreamTls } from "../tls/upstream-tls.ts";
import { connectWith, createUpstreamPool } from "../upstream/upstream-pool.ts";
import { type CopyRecord, decodeCopies } from "./copy-batch.ts";
import { type Copy, createSender } from "./send-copy.ts";
import { orderKeyOf, shadowHeadOf } from "./shadow-head.ts";
import { createSpillStore } from "./spill-store.ts";
import { createTarget, type Target } from "./target.ts";
import { addressOf, SWAPS, type ThreadOrder, type ThreadStart } from "./thread-protocol.ts";
import { createThreadReports } from "./thread-reports.ts";

const sweepMs = 10;
/** The client's long answer came faster than it could be digested. */
const NOT_DIGESTED = 0xffffffff;

if (parentPort === null) throw new Error("this is the entry of a worker thread");
const port = parentPort;
const { startId, spillDir, limits, shared: memory } = workerData as ThreadStart;
const shared = new Int32Array(memory);
const { now } = systemClock;
const tls = createUpstreamTls();
const pool = createUpstreamPool(connectWith(tls));
const mirrors = new Map<number, Mirror>();
const targets = new Map<string, Target>();
let named = new Set<string>();
let readSwaps = 0;

const reports = createThreadReports({
	shared,
	answerBytes: limits.answerBytes,
	post: (report, handedOver) => port.postMessage(report, handedOver),
});
const store = createSpillStore({
	dir: spillDir,
	diskBytes: limits.spillDiskBytes,
	onTaken(bytes) {
		reports.spilled(bytes);
		if (reports.isFull()) flush();
	},
});

function letGo({ batch, requestSpill }: Pick<Copy, "batch" | "requestSpill">): void {
	if (requestSpill !== 0) store.forget(requestSpill);
	batch.left--;
	if (batch.left === 0) reports.release(batch.bytes);
}

function targetOf(address: string): Target {
	const known = targets.get(address);
	if (known !== undefined) return known;
	const created = createTarget({
		address,
		now,
		maySend: () => Atomics.load(shared, SWAPS) === readSwaps,
		createSender: (onDone) => createSender({ pool, budget: reports, bodyCap: limits.bodyCap, spillCap: limits.spillCap, onDone }),
		onAnswer(copy, answer) {
			letGo(copy);
			reports.answer(answer);
			if (reports.isFull()) flush();
		},
		onDropped(copy, reason) {
			letGo(copy);
			reports.drop(reason);
		},
	});
	created.setNamed(named.has(address));
	targets.set(address, created);
	return created;
}

function take(bytes: ArrayBuffer): void {
	const records = decodeCopies(Buffer.from(bytes));
	const batch = { bytes: bytes.byteLength, left: records.length };
	const at = now();
	const touched = new Set<Target>();
	for (const record of records) {
		const { requestSpill } = record;
		const mirror = mirrors.get(record.mirror);
		const head = mirror === undefined ? null : shadowHeadOf(record.head, `${startId}-${record.seq}`);
		if (mirror === undefined || head === null) {
			reports.drop(mirror === undefined ? "shadow-gone" : "shadow-head");
			if (record.answerSpill !== 0) store.forget(record.answerSpill);
			letGo({ batch, requestSpill });
			continue;
		}
		const target = targetOf(addressOf(mirror));
		const copy: Copy = {
			seq: record.seq,
			mirror,
			head,
			body: requestSpill === 0 ? record.body : () => store.stored(requestSpill),
			key: mirror.orderBy === undefined ? null : orderKeyOf(record.head, mirror.orderBy),
			isRepeatable: record.isRepeatable,
			since: at,
			clientDigest: clientDigestOf(record),
			batch,
			requestSpill,
		};
		target.offer(copy);
		touched.add(target);
	}
	for (const target of touched) target.pump();
}

function clientDigestOf({ answerSpill }: CopyRecord): Copy["clientDigest"] {
	if (answerSpill === 0) return null;
	return answerSpill === NOT_DIGESTED ? undefined : (store.digest(answerSpill) ?? undefined);
}

function read(order: ThreadOrder): void {
	if (order instanceof ArrayBuffer) {
		take(order);
		return;
	}
	switch (order.kind) {
		case "mirror":
			mirrors.set(order.id, order.mirror);
			return;
		case "plan":
			readSwaps = order.swaps;
			named = new Set(order.targets);
			pool.retain([...mirrors.values()].filter((mirror) => named.has(addressOf(mirror))).map(({ upstream }) => upstream));
			for (const [address, target] of targets) target.setNamed(named.has(address));
			return;
		case "spill":
			store.add(order.spill, order.isStored, Buffer.from(order.bytes));
			return;
		case "forget":
			store.forget(order.spill);
			return;
		case "reload":
			tls.reload(readPem);
	}
}

function flush(): void {
	const changed = [];
	for (const [address, target] of targets) {
		const report = target.report();
		if (report !== null) changed.push(report);
		else if (target.isIdle() && !named.has(address)) targets.delete(address);
	}
	reports.flush(now(), changed);
}

port.on("message", read);
setInterval(() => {
	const at = now();
	for (const target of targets.values()) target.sweep(at);
	pool.sweep(at);
	flush();
}, sweepMs);
