import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../base/index.ts";
import type { Commit } from "../../../contract/effects.ts";
import type { Exchange } from "../../../contract/traffic.ts";
import { openCollector } from "../../../effects/index.ts";
import { compilePlan, openGateway } from "../../../gateway/control/index.ts";

const idHeader = "x-client-request";
const traced = fileURLToPath(new URL("./traced.py", import.meta.url));

/** A real legacy process behind the real gateway, its database followed by the real tail, and the truth about its commits. */
export type Followed = {
	dir: string;
	database: string;
	/** Address that clients use. */
	url: string;
	/** Address of the legacy itself. */
	direct: string;
	pid: number;
	/** Without the header that tells who asked: that would be the truth among the evidence. */
	exchanges: Exchange[];
	/** The request's own id, by the exchange's number. */
	ids: Map<number, string>;
	commits: Commit[];
	/** Every request that started before this has been handed over. */
	openSince(): number;
	drain(): Promise<void>;
	/** Per commit, in order, the request's own id; `-`: nobody's. */
	truth(): string[];
	end(): Promise<void>;
};

/** `prepare` makes the database, when the program does not. */
export async function followLegacy(options: {
	program: string;
	routes: { method: string; path: string }[];
	arguments(database: string): string[];
	prepare?(database: string): Promise<void>;
}): Promise<Followed> {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-attribution-"));
	const [database, truthFile] = [join(dir, "legacy.db"), join(dir, "truth.txt")];
	await options.prepare?.(database);
	const child = spawn(
		"python3",
		["-B", traced, truthFile, options.program, "--db", database, "--port", "0", ...options.arguments(database)],
		{
			cwd: dirname(options.program),
			env: childEnvironment(process.env),
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	const port = await portOf(child);
	const collector = await openCollector((line) => console.error(line));
	const tail = await collector.tail(database);
	const commits: Commit[] = [];
	tail.subscribe((commit) => commits.push(commit));
	const lines = () => readFileSync(truthFile, "utf8").split("\n").slice(0, -1);
	// Of the database's making; nothing else has run yet.
	const made = lines().length;
	const legacy = { host: "127.0.0.1", port };
	const gateway = await openGateway({ stateDir: join(dir, "gateway"), port: 0, legacy, workers: 1 });
	const routes = options.routes.map(({ method, path }) => ({
		routeId: `${method} ${path}`,
		method,
		path,
		mode: { kind: "legacy" as const },
	}));
	await gateway.setPlan(compilePlan({ version: 1, legacy, idempotencyHeader: "Idempotency-Key", routes, reason: "bench" }));
	const exchanges: Exchange[] = [];
	const ids = new Map<number, string>();
	let openSince = 0;
	let lastSeq = 0;
	gateway.onExchanges((batch) => {
		for (const exchange of batch) {
			if (exchange.seq <= lastSeq) continue;
			lastSeq = exchange.seq;
			const headers = exchange.request.headers.filter(([name]) => name.toLowerCase() !== idHeader);
			ids.set(exchange.seq, exchange.request.headers.find(([name]) => name.toLowerCase() === idHeader)?.[1] ?? "-");
			exchanges.push({ ...exchange, request: { ...exchange.request, headers } });
			openSince = Math.max(openSince, exchange.openSince);
		}
	});
	gateway.onTick((tick) => {
		openSince = Math.max(openSince, tick.openSince);
	});
	return {
		dir,
		database,
		url: `http://127.0.0.1:${gateway.port}`,
		direct: `http://127.0.0.1:${port}`,
		pid: child.pid ?? 0,
		exchanges,
		ids,
		commits,
		openSince: () => openSince,
		drain: () => tail.drain(),
		truth: () => lines().slice(made),
		async end() {
			await gateway.stop({ drainMs: 1_000 });
			await tail.stop();
			await collector.stop();
			child.kill("SIGTERM");
			await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve(null)));
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

function portOf(child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) => {
		let said = "";
		child.stdout?.on("data", (text: Buffer) => {
			said += text.toString();
			const found = /^listening [\d.]+:(\d+)/m.exec(said);
			if (found) resolve(Number(found[1]));
		});
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`the legacy ended with code ${code}`)));
	});
}
