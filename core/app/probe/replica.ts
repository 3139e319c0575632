import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnvironment, Fault, systemClock } from "../../base/index.ts";
import type { ReplicaCommand } from "../../contract/replica.ts";

/** Legacy a second time: its own program on a copy of its database, which no client reaches. */
export type Replica = { readonly port: number; stop(): Promise<void> };

const LISTEN_MS = 30_000;
const END_MS = 5_000;

/** Resolves when it takes connections. Fault REPLICA_UNSTARTED. All that the line started ends with `stop`, and with this process. */
export async function startReplica(
	command: ReplicaCommand,
	{ database, dir }: { database: string; dir: string },
	signal?: AbortSignal,
): Promise<Replica> {
	signal?.throwIfAborted();
	mkdirSync(dir, { recursive: true });
	const log = join(dir, "replica.log");
	const port = await freePort();
	const line = command.line.replaceAll("{port}", String(port)).replaceAll("{database}", quoted(database));
	const output = openSync(log, "w");
	const child = spawn("/bin/sh", ["-c", endingWithInput(line)], {
		cwd: command.cwd,
		env: childEnvironment(process.env),
		stdio: ["pipe", output, output],
		detached: true,
	});
	child.stdin?.on("error", () => {});
	closeSync(output);
	let ended: string | null = null;
	const gone = new Promise<void>((resolve) => {
		child.once("error", (error) => {
			ended = error.message;
			resolve();
		});
		child.once("exit", (code, by) => {
			ended ??= `it ended with ${by ?? `code ${code}`}`;
			resolve();
		});
	});
	const kill = (how: NodeJS.Signals) => {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, how);
		} catch {
			// All of it has ended.
		}
	};

	async function stop(): Promise<void> {
		kill("SIGTERM");
		const limit = systemClock.now() + END_MS;
		// The shell may be gone before what it started.
		while ((ended === null || (await takesConnections(port))) && systemClock.now() < limit) await sleep(20);
		kill("SIGKILL");
		child.stdin?.destroy();
		await gone;
	}

	const limit = systemClock.now() + LISTEN_MS;
	while (!(await takesConnections(port))) {
		if (ended === null && systemClock.now() < limit && signal?.aborted !== true) {
			await Promise.race([sleep(50), gone]);
			continue;
		}
		const reason = ended ?? `it took no connection on port ${port} within ${LISTEN_MS / 1_000} s`;
		await stop();
		signal?.throwIfAborted();
		throw new Fault("REPLICA_UNSTARTED", { command: line, reason, log });
	}
	return { port, stop };
}

/** The line's process group ends when the pipe to it does: also when this process is killed. */
const endingWithInput = (line: string) =>
	`exec 3<&0; ${line} </dev/null 3<&- & legacy=$!; { cat <&3 >/dev/null; kill -TERM 0; } & exec 3<&-; wait $legacy`;

const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;

/** The command names its port itself, so one that is free now has to do. */
function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer().once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}

function takesConnections(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
		const end = (took: boolean) => {
			socket.destroy();
			resolve(took);
		};
		socket.once("connect", () => end(true));
		socket.once("timeout", () => end(false));
		socket.once("error", () => end(false));
	});
}
