import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { childEnvironment } from "../../base/child-environment.ts";
import { Fault } from "../../base/fault.ts";
import { createPrivateDir, type Lease, parseJson, type SupervisorOptions, stateFiles, supervisorFile } from "../hot/index.ts";
import { startResultShape } from "./message-shapes.ts";
import { nextFreePort, portOwner } from "./port-owner.ts";

const startMs = 15_000;

/** Starts a supervisor that outlives this process. Faults: PORT_IN_USE, CERTIFICATE_UNUSABLE, GATEWAY_LOST. */
export async function startSupervisor(options: SupervisorOptions): Promise<Lease> {
	createPrivateDir(options.stateDir);
	const { log } = stateFiles(options.stateDir);
	const descriptor = openSync(log, "a", 0o600);
	const child = spawn(process.execPath, [supervisorFile, JSON.stringify(options)], {
		detached: true,
		stdio: ["ignore", descriptor, descriptor, "pipe"],
		cwd: options.stateDir,
		env: childEnvironment(process.env),
	});
	closeSync(descriptor);
	child.unref();
	const pipe = child.stdio[3] as Readable;
	const result = startResultShape.safeParse(parseJson(await firstLine(pipe)));
	pipe.destroy();
	if (!result.success) throw new Fault("GATEWAY_LOST", { reason: "it ended while starting", log });
	switch (result.data.kind) {
		case "ready":
			return result.data.lease;
		case "unusable": {
			const { file, reason } = result.data;
			throw new Fault("CERTIFICATE_UNUSABLE", { file, reason });
		}
		case "failed":
			throw new Fault("GATEWAY_LOST", { reason: result.data.reason, log });
		case "in-use": {
			const { host, port } = result.data;
			throw new Fault("PORT_IN_USE", { port, owner: portOwner(port), free: await nextFreePort(host, port) });
		}
	}
}

function firstLine(pipe: Readable): Promise<string> {
	return new Promise((resolve) => {
		let text = "";
		const settle = () => {
			clearTimeout(timer);
			resolve(text);
		};
		const timer = setTimeout(settle, startMs);
		pipe.on("data", (chunk: Buffer) => {
			text += chunk.toString("utf8");
			if (text.includes("\n")) settle();
		});
		pipe.on("close", settle);
		pipe.on("error", settle);
	});
}
