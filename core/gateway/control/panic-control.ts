import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { Fault } from "../../base/fault.ts";
import type { GatewayStats } from "../../contract/traffic.ts";
import { createPrivateDir, isProcess, readLease, readStoredPlan, stateFiles } from "../hot/index.ts";
import { askOnce } from "./ask-once.ts";
import { pressedShape, statsShape } from "./message-shapes.ts";

/** `way`: over the control socket, or by the PANIC file and SIGUSR2; `none`: no gateway runs, and the file awaits the next. */
export type PanicResult = { at: number; ms: number; way: "control" | "file" | "none" };

export type GatewayControl = {
	panic(reason: string): Promise<PanicResult>;
	clearPanic(): Promise<void>;
	/** Fault GATEWAY_LOST when no gateway answers. */
	stats(): Promise<GatewayStats>;
	/** Faults: CERTIFICATE_UNUSABLE with the file, and nothing has changed; GATEWAY_LOST. */
	reloadCertificates(): Promise<void>;
	/** Lets open requests end within `drainMs`; false: no gateway answers. */
	stop(drainMs: number): Promise<boolean>;
};

const fileLimitMs = 3_000;

/** The gateway's switches without a core. `panic` works as long as the supervisor lives, whatever else is dead. */
export function openGatewayControl(stateDir: string): GatewayControl {
	const files = stateFiles(stateDir);

	const ask = <Result>(talk: (ask: (verb: AskedVerb) => Promise<unknown>) => Promise<Result>) => askOnce(stateDir, talk);

	return {
		async panic(reason) {
			const at = systemClock.now();
			try {
				const pressed = await ask(async (send) => pressedShape.parse(await send({ verb: "panic", reason })));
				if (pressed) return { at, ms: systemClock.now() - at, way: "control" };
			} catch (error) {
				// A refusal is an answer; a silent socket is not, and then the file decides.
				if (error instanceof Fault && error.code !== "GATEWAY_LOST") throw error;
			}
			return await pressByFile(reason, at);
		},
		async clearPanic() {
			const cleared = await ask(async (send) => {
				await send({ verb: "clearPanic" });
				return true;
			});
			if (!cleared) throw new Fault("GATEWAY_LOST", { reason: "nobody listens", log: files.log });
		},
		async stats() {
			const stats = await ask(async (send) => statsShape.parse(await send({ verb: "stats" })));
			if (!stats) throw new Fault("GATEWAY_LOST", { reason: "nobody listens", log: files.log });
			return stats;
		},
		async reloadCertificates() {
			const reloaded = await ask(async (send) => {
				await send({ verb: "reloadCertificates" });
				return true;
			});
			if (!reloaded) throw new Fault("GATEWAY_LOST", { reason: "nobody listens", log: files.log });
		},
		async stop(drainMs) {
			const stopped = await askOnce(stateDir, async (send) => {
				await send({ verb: "stop", drainMs }, drainMs + 5_000);
				return true;
			});
			return stopped === true;
		},
	};

	/** The stored plan shows when the supervisor has obeyed. */
	async function pressByFile(reason: string, at: number): Promise<PanicResult> {
		createPrivateDir(stateDir);
		writeFileSync(files.panic, `${reason.split("\n")[0]}\n`, { mode: 0o600 });
		const pid = readLease(files.lease)?.pid ?? 0;
		// SIGUSR2 ends a process that does not expect it: only the supervisor of this very directory gets it.
		if (!isProcess(pid, ["supervisor", stateDir])) return { at, ms: systemClock.now() - at, way: "none" };
		process.kill(pid, "SIGUSR2");
		while (systemClock.now() - at < fileLimitMs) {
			if (readStoredPlan(files.plan)?.panic) return { at, ms: systemClock.now() - at, way: "file" };
			await delay(5);
		}
		throw new Fault("GATEWAY_LOST", { reason: `it did not obey the PANIC file within ${fileLimitMs} ms`, log: files.log });
	}
}

type AskedVerb = { verb: "panic"; reason: string } | { verb: "clearPanic" } | { verb: "stats" } | { verb: "reloadCertificates" };
