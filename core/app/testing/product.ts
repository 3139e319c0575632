import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import type { api, Snapshot } from "../../contract/api.ts";
import { type SampleTraffic, startTraffic } from "../sample/bank.ts";

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));

export type Client = ContractRouterClient<typeof api>;

/** The product as a user runs it: real processes over one state directory, which can be killed and started again. */
export type Product = {
	readonly dir: string;
	readonly gatewayPort: number;
	readonly client: Client;
	readonly pid: number;
	/** Address of the screen, with its token. */
	readonly url: string;
	/** Resolves when the sample bank is open, or with `wait: false` as soon as the screen can be; `sample: false` opens nothing. */
	start(options?: { wait?: boolean; sample?: boolean }): Promise<void>;
	kill(): Promise<void>;
	traffic(options?: { rate?: number; seed?: number }): SampleTraffic;
	/** Waits for a state of the engine; fails with what it last saw. */
	until(what: string, isTrue: (snapshot: Snapshot) => boolean, limitMs?: number): Promise<Snapshot>;
	end(): Promise<void>;
};

export async function createProduct(): Promise<Product> {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-e2e-"));
	const gatewayPort = await freePort();
	let child: ChildProcess | null = null;
	let client: Client | null = null;
	let url = "";
	const traffics: SampleTraffic[] = [];

	async function start({ sample = true, wait = sample }: { wait?: boolean; sample?: boolean } = {}): Promise<void> {
		const what = sample ? ["--sample"] : [];
		const args = ["serve", ...what, "--json", "--port", "0", "--gateway-port", String(gatewayPort), "--state", dir];
		const server = await startServer(args);
		({ child, client, url } = server);
		if (wait) await product.until("the sample bank", (snapshot) => snapshot.project !== null && snapshot.system !== null, 30_000);
	}

	const product: Product = {
		dir,
		gatewayPort,
		get client() {
			if (client === null) throw new Error("the product is not started");
			return client;
		},
		get url() {
			return url;
		},
		get pid() {
			return child?.pid ?? 0;
		},
		start,
		async kill() {
			child?.kill("SIGKILL");
			await gone(child);
		},
		traffic({ rate = 60, seed = 7 } = {}) {
			const traffic = startTraffic({
				url: `http://127.0.0.1:${gatewayPort}`,
				database: join(dir, "sample/bank.db"),
				rate,
				seed,
				dir: join(dir, "sample"),
			});
			traffics.push(traffic);
			return traffic;
		},
		async until(what, isTrue, limitMs = 60_000) {
			let last = await product.client.state.snapshot({});
			for (let waited = 0; waited < limitMs; waited += 100) {
				if (isTrue(last)) return last;
				await sleep(100);
				last = await product.client.state.snapshot({});
			}
			const { migrations, alerts, totals } = last;
			throw new Error(`${what} was not reached in ${limitMs / 1000} s: ${JSON.stringify({ migrations, alerts, totals }, null, 1)}`);
		},
		async end() {
			for (const traffic of traffics) await traffic.stop();
			child?.kill("SIGTERM");
			await gone(child);
			endLeftovers(dir);
			rmSync(dir, { recursive: true, force: true });
		},
	};
	return product;
}

/** Starts a serving command and gives a client of it. `fileLimitBlocks`: largest file it may write, in KiB; 0: any. */
export async function startServer(args: string[], fileLimitBlocks = 0) {
	const limit = fileLimitBlocks === 0 ? "" : `ulimit -S -f ${fileLimitBlocks}; `;
	const child = spawn("bash", ["-c", `${limit}exec "$0" "$@"`, process.execPath, cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
	let errors = "";
	child.stderr.on("data", (part) => {
		errors += part;
	});
	const line = await new Promise<string>((resolve, reject) => {
		let text = "";
		child.stdout.on("data", (part) => {
			text += part;
			if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
		});
		child.once("exit", (code) => reject(new Error(`phoenix ${args[0]} ended with ${code}: ${errors}`)));
	});
	const { url } = JSON.parse(line) as { url: string };
	const token = url.slice(url.indexOf("token=") + 6);
	const client: Client = createORPCClient(new RPCLink({ url: new URL("/rpc", url).href, headers: { authorization: `Bearer ${token}` } }));
	const stop = async () => {
		child.kill("SIGTERM");
		await gone(child);
	};
	return { child: child as ChildProcess, client, url, stop };
}

/** Runs `phoenix` to its end. */
export function phoenix(args: string[], options: { timeoutMs?: number } = {}): { code: number | null; stdout: string; stderr: string } {
	const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
		encoding: "utf8",
		timeout: options.timeoutMs ?? 60_000,
		maxBuffer: 64 * 1024 * 1024,
	});
	return { code: status, stdout, stderr };
}

export async function freePort(): Promise<number> {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		const isFree = await new Promise<boolean>((resolve) => {
			const server = createServer();
			server.once("error", () => resolve(false));
			server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}

async function gone(child: ChildProcess | null): Promise<void> {
	while (child !== null && child.exitCode === null && child.signalCode === null) await sleep(20);
}

/** Gateway, services and bank outlive a killed core by design; a test leaves nothing behind. Each has the directory in its command line or its environment. */
function endLeftovers(dir: string): void {
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
		try {
			const isOfThis = ["cmdline", "environ"].some((part) => readFileSync(`/proc/${pid}/${part}`, "utf8").includes(dir));
			if (isOfThis) process.kill(Number(pid), "SIGKILL");
		} catch {
			// It has ended already.
		}
	}
}
