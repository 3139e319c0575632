import { setTimeout as delay } from "node:timers/promises";
import { createEmitter } from "../../base/emitter.ts";
import { type Fault, faultOf } from "../../base/fault.ts";
import type { Exchange, GatewayStats, RoutePlan, ShadowAnswer } from "../../contract/traffic.ts";
import type { ControlEvent } from "../hot/index.ts";
import { checkPlan } from "./compile-plan.ts";
import type { ControlConnection, ControlListeners } from "./control-connection.ts";
import { pressedShape, statsShape } from "./message-shapes.ts";
import { type GatewayObserver, observerOf } from "./observe-control.ts";

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
	/** Metrics, access log and traces. */
	readonly observer: GatewayObserver;
	/** Leaves the gateway serving. */
	detach(): void;
	stop(options: { drainMs: number }): Promise<void>;
};

/** How a gateway is reached. Rejections are Faults. */
type SessionDeps = {
	/** null: there is none. */
	reach(listeners: ControlListeners): Promise<ControlConnection | null>;
	/** When there is none; once more after it was lost, on the `port` that it had. */
	start(listeners: ControlListeners, port: number | null): Promise<ControlConnection>;
	/** A quicker way to the kill switch than the conversation. */
	press?(reason: string): Promise<unknown>;
	/** Nobody will speak any more. */
	onDetached?(): void;
	/** After so many tries in vain `failed` is told; `isEndless`: and then it is tried again, as seldom as at the end. */
	isEndless: boolean;
	/** Where a person finds more. */
	logFile: string;
	log(text: string): void;
};

const triesUntilFailed = 20;
const longestWaitMs = 2_000;

/** One gateway from the first word to the last, over as many connections as it takes. */
export async function openSession(deps: SessionDeps): Promise<Gateway> {
	const { log, logFile, isEndless } = deps;
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

	function use(next: ControlConnection): void {
		connection = next;
		plan = next.hello.plan;
	}

	/** The gateway itself goes on when only the connection broke; when it is gone, clients wait, so a new one is started at once. */
	async function recover(): Promise<void> {
		const { port, startedAt } = connection.hello.lease;
		for (let tries = 0; (isEndless || tries < triesUntilFailed) && !isDetached; tries++) {
			try {
				use((await deps.reach(listeners)) ?? (await deps.start(listeners, port)));
				// Told before the first exchange of the new life, whose `seq` begins at 1 again.
				losses.emit({ kind: connection.hello.lease.startedAt === startedAt ? "readopted" : "restarted" });
				if (isSubscribed) await connection.ask({ verb: "subscribe" });
				return;
			} catch (error) {
				log(`gateway not recovered: ${error instanceof Error ? error.message : error}`);
				if (tries === triesUntilFailed - 1) losses.emit({ kind: "failed", fault: faultOf(error, "gateway-recovery", logFile) });
				await delay(Math.min(50 * 2 ** tries, longestWaitMs));
			}
		}
	}

	const adopted = await deps.reach(listeners);
	use(adopted ?? (await deps.start(listeners, null)));

	return {
		observer: observerOf((request, limitMs) => connection.ask(request, limitMs)),
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
			return pressedShape.parse(await (deps.press?.(reason) ?? connection.ask({ verb: "panic", reason })));
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
			deps.onDetached?.();
		},
		async stop({ drainMs }) {
			isDetached = true;
			await connection.ask({ verb: "stop", drainMs }, drainMs + 5_000);
			connection.close();
			deps.onDetached?.();
		},
	};
}
