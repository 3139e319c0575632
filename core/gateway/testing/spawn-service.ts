import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "./upstream.ts";

export type TestService = { address: { host: string; port: number }; pid: number; kill(): Promise<void>; close(): Promise<void> };

export async function spawnService(name: string, port?: number): Promise<TestService> {
	const chosen = port ?? (await freePort());
	const child = fork(fileURLToPath(new URL("./service.ts", import.meta.url)), [String(chosen), name], { execArgv: [] });
	await new Promise((resolve, reject) => child.once("message", resolve).once("error", reject));
	const kill = () =>
		new Promise<void>((resolve) => {
			if (child.exitCode !== null || child.signalCode !== null) return resolve();
			child.once("exit", () => resolve());
			child.kill("SIGKILL");
		});
	return { address: { host: "127.0.0.1", port: chosen }, pid: child.pid ?? 0, kill, close: kill };
}
