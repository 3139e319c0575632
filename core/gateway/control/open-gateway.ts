import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "../../base/fault.ts";
import type { Listener, ServerTls } from "../../contract/listeners.ts";
import type { Upstream } from "../../contract/traffic.ts";
import {
	defaultLimits,
	type Lease,
	type Limits,
	type MetricsAddress,
	readLease,
	type SupervisorOptions,
	stateFiles,
} from "../hot/index.ts";
import { compilePlan } from "./compile-plan.ts";
import { type ControlConnection, type ControlListeners, connectControl, dialSocket, hungUp } from "./control-connection.ts";
import { type Gateway, openSession } from "./gateway-session.ts";
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
	/** Processes that serve, in a gateway that is started here; default 1. */
	workers?: number;
	/** How long legacy may take to answer the one request that shows it is there; default 3,000. */
	probeMs?: number;
	log?: (text: string) => void;
};

/** Adopts the gateway of this state directory or starts one. Faults: PORT_IN_USE, LEGACY_SILENT, GATEWAY_LOST, RUN_STATE. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
	const { stateDir, legacy, host = "127.0.0.1", idempotencyHeader = "Idempotency-Key", log = () => {} } = options;
	const files = stateFiles(stateDir);

	/** A supervisor that is just starting, or ending because its port is taken, hangs up; a moment later it is there or gone. */
	async function greet(listeners: ControlListeners): Promise<ControlConnection | null> {
		for (let tries = 0; ; tries++) {
			try {
				return await connectControl(dialSocket(readLease(files.lease)?.socket ?? files.socket), files.log, listeners);
			} catch (error) {
				if (!(error instanceof Fault) || error.data.reason !== hungUp || tries === 20) throw error;
				await delay(50);
			}
		}
	}

	async function adopt(listeners: ControlListeners): Promise<ControlConnection | null> {
		const found = await greet(listeners);
		if (found && options.port !== 0 && found.hello.lease.port !== options.port) {
			const { port } = found.hello.lease;
			found.close();
			throw new Fault("RUN_STATE", {
				verb: `Opening the gateway on port ${options.port}`,
				reason: `the gateway of this state directory serves on port ${port}`,
				remedy: `Use port ${port}, or stop that gateway first.`,
			});
		}
		if (found) log(`gateway adopted on port ${found.hello.lease.port} (process ${found.hello.lease.pid})`);
		return found;
	}

	async function start(listeners: ControlListeners, port: number): Promise<ControlConnection> {
		const first = compilePlan({ version: 0, legacy, idempotencyHeader, routes: [], reason: "start" });
		const limits = { ...defaultLimits, ...options.limits };
		const main: Listener = { kind: "http", id: "main", host, port, ...(options.tls === undefined ? {} : { tls: options.tls }) };
		const supervisor: SupervisorOptions = {
			stateDir,
			listeners: [main, ...(options.listeners ?? [])],
			plan: first,
			limits,
			workers: options.workers ?? 1,
			metrics: options.metrics ?? null,
		};
		const lease: Lease = await startSupervisor(supervisor);
		const started = await connectControl(dialSocket(lease.socket), files.log, listeners);
		if (!started) throw new Fault("GATEWAY_LOST", { reason: "it does not answer after its start", log: files.log });
		log(`gateway started on ${host}:${lease.port} (process ${lease.pid})`);
		return started;
	}

	return await openSession({
		reach: adopt,
		async start(listeners, port) {
			// Whoever was served before is served again, whatever legacy says.
			if (port === null && legacy !== null) await probeLegacy(legacy, options.probeMs ?? 3_000);
			return await start(listeners, port ?? options.port);
		},
		isEndless: false,
		logFile: files.log,
		log,
	});
}
