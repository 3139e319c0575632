import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { createAuthority, type TestAuthority, type TestCertificate } from "./certificates.ts";
import { listen } from "./listen.ts";

export type TestAgent = { address: string; port: number; pid: number; log(): string; end(): Promise<void> };

/** Two authorities, as two hosts have them: one signs agents, the other cores. */
export type TestTrust = { agents: TestAuthority; cores: TestAuthority; agent: TestCertificate; core: TestCertificate; end(): void };

export function createTrust(): TestTrust {
	const [agents, cores] = [createAuthority("Agents"), createAuthority("Cores")];
	return {
		...{ agents, cores, agent: agents.issue(["127.0.0.1", "localhost"]), core: cores.issue(["core.test"]) },
		end() {
			agents.end();
			cores.end();
		},
	};
}

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** `phoenix gateway agent`, in a process of its own. `stateDir`: the gateway's; that of the command line is above it. */
export async function startAgentProcess(projectDir: string, { agent, cores }: TestTrust, more: string[] = []): Promise<TestAgent> {
	const files = ["--cert", agent.certFile, "--key", agent.keyFile, "--client-ca", cores.caFile];
	const args = ["gateway", "agent", "--state", projectDir, "--listen", "127.0.0.1:0", "--json", ...files, ...more];
	const child: ChildProcess = spawn(process.execPath, [cli, ...args], {
		cwd: projectDir,
		env: { PATH: process.env.PATH ?? "" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let [out, log] = ["", ""];
	child.stderr?.on("data", (chunk: Buffer) => {
		log += chunk.toString();
	});
	const { port, pid } = await new Promise<{ port: number; pid: number }>((resolve, reject) => {
		child.once("exit", (code) => reject(new Error(`the agent ended (${code}): ${log}`)));
		child.stdout?.on("data", (chunk: Buffer) => {
			out += chunk.toString();
			if (out.includes("\n")) resolve(JSON.parse(out) as { port: number; pid: number });
		});
	});
	return {
		...{ address: `127.0.0.1:${port}`, port, pid },
		log: () => log,
		end: () =>
			new Promise((resolve) => {
				if (child.exitCode !== null || child.signalCode !== null) return resolve();
				child.once("exit", () => resolve());
				child.kill("SIGTERM");
			}),
	};
}

export type BrittleLine = { port: number; cut(): number; close(): Promise<void> };

/** A network between two hosts that can be cut: `cut` resets every connection, and says how many there were. */
export async function startBrittleLine(to: number): Promise<BrittleLine> {
	const pairs = new Set<[Socket, Socket]>();
	const server = createServer((near) => {
		const far = connect(to, "127.0.0.1");
		const pair: [Socket, Socket] = [near, far];
		pairs.add(pair);
		near.pipe(far).pipe(near);
		for (const socket of pair) {
			socket.on("error", () => {});
			socket.on("close", () => {
				pairs.delete(pair);
				for (const other of pair) other.destroy();
			});
		}
	});
	const port = await listen(server);
	const cut = () => {
		const open = pairs.size;
		for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
		return open;
	};
	return {
		port,
		cut,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				cut();
			}),
	};
}
