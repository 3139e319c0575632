import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createEmitter, Fault, reasonOf, systemClock } from "../base/index.ts";
import type { ShadowInfo } from "../contract/api.ts";
import type { Commit, EffectSource } from "../contract/effects.ts";
import type { ReplicaCommand } from "../contract/replica.ts";
import type { Exchange, GatewayStats, Upstream } from "../contract/traffic.ts";
import { type Collector, createShadowState, journalModeOf, openCollector, openEquality, type ShadowState } from "../effects/index.ts";
import { type Gateway, openGateway } from "../gateway/control/index.ts";
import { createHistory, type History } from "./lockstep/history.ts";
import { createLane, type Lane, type LaneResult } from "./lockstep/lane.ts";
import { createTableWatch, type TableWatch, unwatchedTables } from "./lockstep/table-watch.ts";
import { createToleratedLog } from "./lockstep/tolerated.ts";
import { compareMirrors, type MirrorComparison } from "./mirror-comparison/index.ts";
import type { ProgressBoard } from "./progress.ts";
import type { Recorder } from "./run/recorder.ts";

const CHECK_TOLD_MS = 60_000;
const wouldLock = "legacy keeps a rollback journal, and to read whole tables would hold its commits up.";

/** The legacy system under Phoenix: the gateway in front of it, its database followed, a shadow kept in step. */
export type System = {
	readonly gateway: Gateway;
	readonly legacy: Upstream;
	readonly database: string;
	/** How legacy is started a second time; null when nobody said. */
	readonly replica: ReplicaCommand | null;
	readonly shadowDatabase: string;
	readonly history: History;
	lane(): Lane;
	/** Resolves when the shadow database equals legacy's and follows it; clones it first when need be. */
	ready(): Promise<void>;
	readonly shadow: ShadowInfo;
	readonly stats: GatewayStats | null;
	/** What the gateway mirrors itself; the lane does not see it as mirrored. */
	readonly mirrors: MirrorComparison;
	onExchange(listener: (exchange: Exchange) => void): () => void;
	/** Every commit of the legacy database with its place in the order, as it is seen. */
	onCommit(listener: (commit: Commit) => void): () => void;
	/** No request is run on the shadow from here on. */
	endComparing(): Promise<void>;
	close(options: { stopGateway: boolean }): Promise<void>;
};

export async function attachSystem(options: {
	dir: string;
	legacy: Upstream;
	database: string;
	/** Follow legacy's database by triggers, where it keeps a rollback journal. */
	triggers?: boolean;
	replica?: ReplicaCommand | null;
	port: number;
	/** Processes of the gateway, where one is started. */
	workers: number;
	record: Recorder;
	progress: ProgressBoard;
	mayWrite(route: string | null): boolean;
	onResult(result: LaneResult): void;
	onDrop(functionName: string | null, count: number, reason: string): void;
	onTrouble(reason: string): void;
	/** Row changes can no longer be followed, or the shadow does not hold legacy's rows: it is given up, and `ready` makes a new one. */
	onLost(reason: string): void;
}): Promise<System> {
	const { dir, legacy, database, record, onDrop, onTrouble } = options;
	if (statSync(database, { throwIfNoEntry: false }) === undefined)
		throw new Fault("SOURCE_UNREADABLE", { file: database, reason: "it does not exist" });
	const shadowDir = join(dir, "shadow");
	mkdirSync(shadowDir, { recursive: true });
	/** A new file for each clone: a service that still holds a former one can never be taken for one on this. */
	let shadowDatabase = "";
	const gatewayDir = join(dir, "gateway");
	const gateway = await openGateway({ stateDir: gatewayDir, port: options.port, legacy, workers: options.workers });
	const note = (text: string) => record("note", { function: null, text });
	const noteTrouble = (error: unknown) => note(`The mirrors' comparison could not be kept: ${error}`);
	const mirrors = compareMirrors({ gateway, gatewayDir, onTrouble: noteTrouble, note });
	const exchanges = createEmitter<Exchange>();
	const commits = createEmitter<Commit>();
	const history = createHistory(shadowDir);
	const noteTolerated = createToleratedLog(record);
	let parts: {
		collector: Collector;
		legacyTail: EffectSource;
		shadowTail: EffectSource;
		state: ShadowState;
		tables: TableWatch;
		lane: Lane;
	} | null = null;
	/** When, and why, a shadow was given up. */
	const losses: { at: number; why: string }[] = [];
	let preparing: Promise<void> | null = null;
	let stats: GatewayStats | null = null;
	let clones = 0;
	let closed = false;
	/** After a reconnection the gateway hands over again what it is not sure of. */
	let lastSeq = 0;

	gateway.onExchanges((batch) => {
		const fresh = batch.filter((exchange) => exchange.seq > lastSeq);
		const items = fresh.map((exchange) => (mirrors.owns(exchange) ? { ...exchange, mirrored: false } : exchange));
		for (const exchange of items) {
			lastSeq = exchange.seq;
			exchanges.emit(exchange);
		}
		const mirrored = items.filter((exchange) => exchange.mirrored).length;
		if (parts) parts.lane.push(items);
		else if (mirrored > 0) onDrop(null, mirrored, "shadow-not-ready");
	});
	gateway.onLost((loss) => {
		if (loss.kind === "restarted") lastSeq = 0;
	});
	gateway.onTick((tick) => {
		stats = tick.stats;
		parts?.lane.advance(tick.openSince);
	});

	/**
	 * Clone and tail meet like this: the tail starts first, so that the commits made while the copy runs are known; putting them on
	 * the copy again changes nothing, because a change carries the whole row.
	 */
	async function prepare(reason: string): Promise<void> {
		const started = systemClock.now();
		for (const file of readdirSync(shadowDir)) if (file.startsWith("shadow-")) rmSync(join(shadowDir, file), { force: true });
		shadowDatabase = join(shadowDir, `shadow-${Math.round(started)}.db`);
		const collector = await openCollector();
		try {
			await follow(collector);
		} catch (error) {
			await collector.stop();
			throw error;
		}
		record("shadow.cloned", { bytes: statSync(shadowDatabase).size, ms: Math.round(systemClock.now() - started), reason });
	}

	async function follow(collector: Collector): Promise<void> {
		const byTriggers = options.triggers === true && journalModeOf(database) !== "wal";
		const legacyTail = await collector.tail(database, { method: byTriggers ? "triggers" : "log" });
		const seen: Commit[] = [];
		const stopGathering = legacyTail.subscribe((commit) => seen.push(commit));
		legacyTail.subscribe((commit) => commits.emit(commit));
		const state = createShadowState({ path: shadowDatabase });
		await options.progress.run({ what: "Copying the database for the shadow", unit: "pages" }, (onProgress, signal) =>
			state.clone(database, shadowDatabase, { onProgress }, signal),
		);
		await legacyTail.drain();
		for (const commit of seen.splice(0)) state.apply(commit.changes);
		await state.clone(shadowDatabase, history.baseline);
		history.restart();
		const shadowTail = await collector.tail(shadowDatabase);
		stopGathering();
		const tables = byTriggers ? unwatchedTables(wouldLock) : watchTables(legacyTail);
		const loseBy = (fault: Fault) => lost(`row changes can no longer be followed: ${reasonOf(fault)}`);
		const lane = createLane({
			tables,
			waiting: seen,
			legacy: legacyTail,
			shadow: shadowTail,
			state,
			history,
			ruleOf: mirrors.ruleOf,
			note: (name, text) => record("note", { function: name, text }),
			mayWrite: options.mayWrite,
			onResult(result) {
				noteTolerated(result);
				options.onResult(result);
			},
			onDrop,
			onTrouble,
			onSkew: (why) => lost(`state skew, ${why}`),
		});
		parts = { collector, legacyTail, shadowTail, state, tables, lane };
		clones++;
		function lost(why: string): void {
			if (closed || parts?.lane !== lane) return;
			parts = null;
			losses.push({ at: systemClock.now(), why });
			void lane
				.stop()
				.then(() => collector.stop())
				.then(() => state.close());
			options.onLost(why);
		}
		legacyTail.onLost(loseBy);
		shadowTail.onLost(loseBy);
	}

	function watchTables(legacyTail: EffectSource): TableWatch {
		let [passes, toldAt] = [0, 0];
		return createTableWatch({
			equality: openEquality({ here: shadowDatabase, there: database }),
			drain: () => legacyTail.drain(),
			onWhole(pass) {
				passes++;
				if (systemClock.now() < toldAt + CHECK_TOLD_MS) return;
				toldAt = systemClock.now();
				record("shadow.checked", { ...pass, ms: Math.round(pass.ms), passes });
			},
		});
	}

	return {
		gateway,
		legacy,
		database,
		replica: options.replica ?? null,
		get shadowDatabase() {
			return shadowDatabase;
		},
		history,
		lane() {
			if (parts === null)
				throw new Fault("RUN_STATE", { verb: "Comparing", reason: "the shadow database is not ready", remedy: "Start a run first." });
			return parts.lane;
		},
		async ready() {
			if (parts !== null) return;
			preparing ??= delay(renewalPause(losses, systemClock.now()))
				.then(() => prepare(losses.at(-1)?.why ?? "first use"))
				.finally(() => {
					preparing = null;
				});
			await preparing;
		},
		get shadow() {
			return { ready: parts !== null, waiting: parts?.lane.waiting ?? 0, clones, tables: parts?.tables.state ?? null };
		},
		get stats() {
			return stats;
		},
		mirrors,
		onExchange: exchanges.subscribe,
		onCommit: commits.subscribe,
		async endComparing() {
			closed = true;
			await parts?.lane.stop();
		},
		async close({ stopGateway }) {
			closed = true;
			mirrors.close();
			await parts?.legacyTail.stop();
			await parts?.shadowTail.stop();
			await parts?.collector.stop();
			parts?.state.close();
			if (stopGateway) await gateway.stop({ drainMs: 2_000 });
			else gateway.detach();
		},
	};
}

/**
 * How long to wait before the shadow is made anew: at once after the first loss of ten minutes, then 2, 4, 8 seconds and so on to one
 * minute, so that a lasting cause does not copy the database without end.
 */
export function renewalPause(losses: readonly { at: number }[], now: number): number {
	const recent = losses.filter(({ at }) => at > now - 600_000).length;
	return recent < 2 ? 0 : Math.min(60_000, 2_000 * 2 ** (recent - 2));
}

/** `127.0.0.1:8080` as the journal keeps it. */
export function upstreamOf(address: string): Upstream {
	const [host = "127.0.0.1", port = "0"] = address.split(":");
	return { host, port: Number(port) };
}
