import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { servedShape } from "../core/contract/host.ts";
import { openLine } from "./core-line.ts";
import { complaintIn, parseJson, readText } from "./processes.ts";
import { ownershipFile, type RunningCore, runningCore } from "./running-core.ts";
import { engineEnvironment, type Settings } from "./settings.ts";

/** The core ended before it served. `told`: it said why, so that trying again by itself would not help. */
export class CoreFailure extends Error {
	readonly told: boolean;

	constructor(message: string, told: boolean) {
		super(message);
		this.name = "CoreFailure";
		this.told = told;
	}
}

/**
 * Starts `phoenix serve` on a Node of its own, without any TCP port of the engine's own, and waits until it answers. It outlives this process. What it complains about goes
 * to `core.log` in the state directory. Throws a CoreFailure when it ends before it serves; an abort until then ends it.
 */
export async function spawnCore(settings: Settings, signal: AbortSignal): Promise<RunningCore> {
	signal.throwIfAborted();
	const { root, node, stateDir } = settings;
	mkdirSync(stateDir, { recursive: true });
	const log = join(stateDir, "core.log");
	const former = readText(log).length;
	const output = openSync(log, "a", 0o600);
	const args = [join(root, "core/cli.ts"), "serve", "--json", "--no-http", "--state", stateDir, ...serveFlags(settings)];
	const child = spawn(node, args, {
		cwd: root,
		env: engineEnvironment(process.env),
		detached: true,
		windowsHide: true,
		stdio: ["ignore", "pipe", output],
	});
	closeSync(output);
	const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
	const cancel = () => child.kill("SIGTERM");
	signal.addEventListener("abort", cancel);
	try {
		const socket = await socketOf(child, () => readText(log).slice(former));
		const opened = await openLine(socket, "host");
		writeFileSync(ownershipFile(stateDir), String(opened.welcome.pid));
		return runningCore(opened, { socket, startedHere: true, ended });
	} finally {
		signal.removeEventListener("abort", cancel);
	}
}

function serveFlags({ sample, gatewayPort }: Settings): string[] {
	return [...(sample ? ["--sample"] : []), ...(gatewayPort === null ? [] : ["--gateway-port", gatewayPort])];
}

function socketOf(child: ChildProcess, complaints: () => string): Promise<string> {
	return new Promise((resolve, reject) => {
		child.once("error", (error) => reject(new CoreFailure(`The engine could not be started: ${error.message}.`, true)));
		child.once("exit", (code, signal) => {
			const told = complaintIn(complaints());
			reject(new CoreFailure(told ?? `The engine ended before it served (${signal ?? `exit code ${code}`}).`, told !== null));
		});
		createInterface({ input: child.stdout as Readable }).on("line", (line) => {
			const served = servedShape.safeParse(parseJson(line));
			if (served.success) resolve(served.data.socket);
		});
	});
}
