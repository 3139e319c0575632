import { setTimeout as delay } from "node:timers/promises";
import { createEmitter } from "../../base/emitter.ts";
import { Fault, faultOf } from "../../base/fault.ts";
import type { Listener, ServerTls } from "../../contract/listeners.ts";
import type { Exchange, GatewayStats, RoutePlan, ShadowAnswer, Upstream } from "../../contract/traffic.ts";
import {
	type ControlEvent,
	defaultLimits,
	type Lease,
	type Limits,
	type MetricsAddress,
	readLease,
	type SupervisorOptions,
	stateFiles,
} from "../hot/index.ts";
import { checkPlan, compilePlan } from "./compile-plan.ts";
import { type ControlConnection, connectControl, hungUp } from "./control-connection.ts";
import { pressedShape, statsShape } from "./message-shapes.ts";
import { probeLegacy } from "./probe-legacy.ts";
import { startSupervisor } from "./start-supervisor.ts";

export type GatewayOptions = {
	stateDir: string;
	/** 0: any free one. */
	port: number;
	host?: string;
	/** Speaks TLS on that port. */
	tls?: ServerTls;
	/** More addresses to listen on; their ids are not `main`. */
	listeners?: readonly Listener[];
	/** null: only what routes and streams name is served. */
	legacy: Upstream | null;
	idempotencyHeader?: string;
	limits?: Partial<Limits>;
	/** Where a gateway that is started here serves its metrics; without it only over the control socket. */
	metrics?: MetricsAddress;
	/** How long legacy may take to answer the one request that shows it is there; default 3,000. */
	probeMs?: number;
	log?: (text: string) => void;
};

/**
 * `readopted`: the same gateway answers again. `restarted`: it was gone and a new one serves. `replaced`: another core has
 * taken over and this one hears nothing more. `failed`: it could not be brought back; `fault` says why.
 */
export type GatewayLoss = { kind: "readopted" } | { kind: "restarted" } | { kind: "replaced" } | { kind: "failed"; fault: Fault };

/** Rejections are Faults. Times: milliseconds. Each `on...` returns the function that ends the subscription. */
export type Gateway = {
	readonly port: number;
	/** Every address it listens on, by the listener's id. */
	readonly listeners: Readonly<Record<string, { host: string; port: number }>>;
	readonly adopted: boolean;
	/** Resolves when no request is routed by the older plan any more. The version must grow. */
	setPlan(plan: RoutePlan): Promise<void>;
	/** The plan in force; after the kill switch that is not the one set last. */
	plan(): RoutePlan;
	/** `at`: the press; `ms`: until no new request could be routed to a new service. */
	panic(reason: string): Promise<{ at: number; ms: number }>;
	clearPanic(): Promise<void>;
	/** Reads every certificate and key anew; open connections go on. Fault CERTIFICATE_UNUSABLE: those of before stay in use. */
	reloadCertificates(): Promise<void>;
	/** At most 100 ms old. Counters and `seq` begin anew with a new supervisor (`restarted`), not with a new worker. */
	stats(): Promise<GatewayStats>;
	/** At least once: after `readopted` a `seq` may come again. A batch counts as delivered when every listener has returned. */
	onExchanges(listener: (items: Exchange[]) => void): () => void;
	/** What a mirror of the plan's own got for a mirrored exchange; as `onExchanges`, and only while that has a listener too. */
	onShadowAnswers(listener: (answers: ShadowAnswer[]) => void): () => void;
	/** About every 100 ms, never before the exchanges that ended earlier. */
	onTick(listener: (tick: { openSince: number; stats: GatewayStats }) => void): () => void;
	onLost(listener: (loss: GatewayLoss) => void): () => void;
	/** Leaves the gateway serving. */
	detach(): void;
	stop(options: { drainMs: number }): Promise<void>;
};

/** Adopts the gateway of this state directory or starts one. Faults: PORT_IN_USE, LEGACY_SILENT, GATEWAY_LOST, RUN_STATE. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
	const { stateDir, legacy, host = "127.0.0.1", idempotencyHeader = "Idempotency-Key", log = () => {} } = options;
	const files = stateFiles(stateDir);
	const exchanges = createEmitter<Exchange[]>();
	const shadowAnswers = createEmitter<ShadowAnswer[]>();
	const ticks = createEmitter<{ openSince: number; stats: GatewayStats }>();
	const losses = createEmitter<GatewayLoss>();
	let connection: ControlConnection;
	let plan: RoutePlan;
	let isDetached = false;
	let isSubscribed = false;
	let isRecovering = false;

	const listeners = {
		onBatch(batch: number, items: Exchange[]): void {
			exchanges.emit(items);
			connection.acknowledge(batch);
		},
		onAnswers(batch: number, answers: ShadowAnswer[]): void {
			shadowAnswers.emit(answers);
			connection.acknowledge(batch);
		},
		onEvent(event: ControlEvent): void {
			switch (event.event) {
				case "tick":
					ticks.emit({ openSince: event.openSince, stats: event.stats });
					return;
				case "plan":
					plan = event.plan;
					return;
				case "replaced":
					isDetached = true;
					connection.close();
					losses.emit({ kind: "replaced" });
			}
		},
		onClosed(): void {
			if (isDetached || isRecovering) return;
			isRecovering = true;
			void recover().finally(() => {
				isRecovering = false;
			});
		},
	};

	/** A supervisor that is just starting, or ending because its port is taken, hangs up; a moment later it is there or gone. */
	async function greet(): Promise<ControlConnection | null> {
		for (let tries = 0; ; tries++) {
			try {
				return await connectControl(readLease(files.lease)?.socket ?? files.socket, files.log, listeners);
			} catch (error) {
				if (!(error instanceof Fault) || error.data.reason !== hungUp || tries === 20) throw error;
				await delay(50);
			}
		}
	}

	async function adopt(): Promise<ControlConnection | null> {
		const found = await greet();
		if (found && options.port !== 0 && found.hello.lease.port !== options.port) {
			const { port } = found.hello.lease;
			found.close();
			throw new Fault("RUN_STATE", {
				verb: `Opening the gateway on port ${options.port}`,
				reason: `the gateway of this state directory serves on port ${port}`,
				remedy: `Use port ${port}, or stop that gateway first.`,
			});
		}
		return found;
	}

	async function start(port: number): Promise<ControlConnection> {
		const first = compilePlan({ version: 0, legacy, idempotencyHeader, routes: [], reason: "start" });
		const limits = { ...defaultLimits, ...options.limits };
		const main: Listener = { kind: "http", id: "main", host, port, ...(options.tls === undefined ? {} : { tls: options.tls }) };
		const supervisor: SupervisorOptions = {
			stateDir,
			listeners: [main, ...(options.listeners ?? [])],
			plan: first,
			limits,
			metrics: options.metrics ?? null,
		};
		const lease: Lease = await startSupervisor(supervisor);
		const started = await connectControl(lease.socket, files.log, listeners);
		if (!started) throw new Fault("GATEWAY_LOST", { reason: "it does not answer after its start", log: files.log });
		log(`gateway started on ${host}:${lease.port} (process ${lease.pid})`);
		return started;
	}

	function use(next: ControlConnection): void {
		connection = next;
		plan = next.hello.plan;
	}

	/** The gateway itself goes on when only the connection broke; when it is gone, clients wait, so a new one is started at once. */
	async function recover(): Promise<void> {
		const { port } = connection.hello.lease;
		for (let tries = 0; tries < 20 && !isDetached; tries++) {
			try {
				const adopted = await adopt();
				use(adopted ?? (await start(port)));
				// Told before the first exchange of the new life, whose `seq` begins at 1 again.
				losses.emit({ kind: adopted ? "readopted" : "restarted" });
				if (isSubscribed) await connection.ask({ verb: "subscribe" });
				return;
			} catch (error) {
				log(`gateway not recovered: ${error instanceof Error ? error.message : error}`);
				if (tries === 19) losses.emit({ kind: "failed", fault: faultOf(error, "gateway-recovery", files.log) });
				await delay(Math.min(50 * 2 ** tries, 2_000));
			}
		}
	}

	const adopted = await adopt();
	if (!adopted && legacy !== null) await probeLegacy(legacy, options.probeMs ?? 3_000);
	use(adopted ?? (await start(options.port)));
	if (adopted) log(`gateway adopted on port ${adopted.hello.lease.port} (process ${adopted.hello.lease.pid})`);

	return {
		get port() {
			return connection.hello.lease.port;
		},
		get listeners() {
			return connection.hello.lease.listeners;
		},
		adopted: adopted !== null,
		async setPlan(next) {
			await connection.ask({ verb: "setPlan", plan: checkPlan(next) });
			if (next.version > plan.version) plan = next;
		},
		plan: () => plan,
		async panic(reason) {
			return pressedShape.parse(await connection.ask({ verb: "panic", reason }));
		},
		async clearPanic() {
			await connection.ask({ verb: "clearPanic" });
		},
		async reloadCertificates() {
			await connection.ask({ verb: "reloadCertificates" });
		},
		async stats() {
			return statsShape.parse(await connection.ask({ verb: "stats" }));
		},
		onExchanges(listener) {
			const end = exchanges.subscribe(listener);
			if (!isSubscribed) {
				isSubscribed = true;
				// A failure here is the loss of the connection, which `onLost` tells.
				connection.ask({ verb: "subscribe" }).catch((error: unknown) => log(`not subscribed: ${error}`));
			}
			return end;
		},
		onShadowAnswers: (listener) => shadowAnswers.subscribe(listener),
		onTick: (listener) => ticks.subscribe(listener),
		onLost: (listener) => losses.subscribe(listener),
		detach() {
			isDetached = true;
			connection.close();
		},
		async stop({ drainMs }) {
			isDetached = true;
			await connection.ask({ verb: "stop", drainMs }, drainMs + 5_000);
			connection.close();
		},
	};
}
