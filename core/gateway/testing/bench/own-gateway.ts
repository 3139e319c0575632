import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { RouteMode } from "../../../contract/traffic.ts";
import { compilePlan, openGateway, openGatewayControl } from "../../control/index.ts";
import type { Running } from "./peers.ts";
import { familyOf, OTHER_CORE, PROXY_CORE } from "./processes.ts";

export type OwnGateway = Running & {
	stateDir: string;
	control: ReturnType<typeof openGatewayControl>;
	/** Every route of the plan in this mode: `/x`, the one that is asked, and as many others as there shall be. */
	setMode(mode: RouteMode, routes?: number): Promise<void>;
	/** The comparison's side of the hand-off: takes, decodes and counts every exchange in a process of its own. */
	subscribe(): Promise<Subscriber>;
};

export type Subscriber = { pid: number; taken(): Promise<number>; end(): Promise<void> };

/** Our gateway as it is in use: supervisor and worker, both on the proxy's core. */
export async function startOwnGateway(port: number, backend: number, dir: string): Promise<OwnGateway> {
	const stateDir = mkdtempSync(join(dir, "gateway-"));
	const legacy = { host: "127.0.0.1", port: backend };
	const { pid } = await onCore(PROXY_CORE, async () => {
		const gateway = await openGateway({ stateDir, port, legacy });
		const stats = await gateway.stats();
		gateway.detach();
		return stats;
	});
	let version = 1;
	return {
		port,
		stateDir,
		control: openGatewayControl(stateDir),
		pids: () => familyOf(pid),
		async setMode(mode, routes = 1) {
			const gateway = await openGateway({ stateDir, port, legacy });
			version = Math.max(version, gateway.plan().version) + 1;
			const planned = ["GET", "POST"].flatMap((method) =>
				Array.from({ length: routes }, (_, index) => {
					const path = index === 0 ? "/x" : index % 2 === 0 ? `/other/${index}` : `/customers/{id}/part-${index}`;
					return { routeId: `${method} ${path}`, method, path, mode };
				}),
			);
			await gateway.setPlan(compilePlan({ version, legacy, idempotencyHeader: "Idempotency-Key", routes: planned, reason: "a bench" }));
			gateway.detach();
		},
		subscribe: () => startSubscriber(stateDir, port, backend),
		async stop() {
			const gateway = await openGateway({ stateDir, port, legacy });
			await gateway.stop({ drainMs: 100 });
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}

/** What is started meanwhile is bound to this core: children keep their parent's. */
async function onCore<Result>(core: string, act: () => Promise<Result>): Promise<Result> {
	const bind = (to: string) => execFileSync("taskset", ["-a", "-cp", to, String(process.pid)], { stdio: "ignore" });
	bind(core);
	try {
		return await act();
	} finally {
		bind(OTHER_CORE);
	}
}

async function startSubscriber(stateDir: string, port: number, backend: number): Promise<Subscriber> {
	const child = fork(join(import.meta.dirname, "subscriber.ts"), [stateDir, String(port), String(backend)], { execArgv: [] });
	await new Promise((resolve, reject) => child.once("message", resolve).once("error", reject));
	return {
		pid: child.pid ?? 0,
		taken: () =>
			new Promise((resolve) => {
				child.once("message", (count) => resolve(Number(count)));
				child.send("count");
			}),
		async end() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const closed = new Promise((resolve) => child.once("close", resolve));
			child.kill("SIGKILL");
			await closed;
		},
	};
}
