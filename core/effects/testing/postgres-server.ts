import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";
import { childEnvironment } from "../../base/index.ts";

export type PostgresServer = {
	/** Of a database of that name, for the superuser `postgres`. */
	address(database: string): string;
	query(database: string, ...statements: readonly string[]): Promise<void>;
	/** Every process of the server is killed at once, as by a power cut. */
	crash(): Promise<void>;
	/** Starts it on the same port again. */
	start(): Promise<void>;
	/** Ends it and removes its files. */
	stop(): Promise<void>;
};

/** Folder of PostgreSQL's programs, of the newest version that is installed. Throws an error that says what to install. */
export function findPostgres(): string {
	const root = "/usr/lib/postgresql";
	const versions = readFolder(root).sort((a, b) => Number(b) - Number(a));
	const places = [...versions.map((version) => join(root, version, "bin")), ...(process.env.PATH ?? "").split(delimiter)];
	const found = places.find((place) => isProgram(join(place, "postgres")) && isProgram(join(place, "initdb")));
	if (found === undefined) throw new Error("PostgreSQL is missing: install the package postgresql (programs initdb and postgres)");
	return found;
}

/** A server of its own on a free loopback port, with `settings` such as `wal_level=logical`. It refuses to run as root, so root lends it the user `postgres`. */
export async function startPostgres(settings: readonly string[]): Promise<PostgresServer> {
	const programs = findPostgres();
	const dir = mkdtempSync(join(tmpdir(), "phoenix-postgres-"));
	const identity = lentIdentity(dir);
	const env = childEnvironment(process.env);
	const data = join(dir, "data");
	const port = await freePort();
	const passwords = join(dir, "password");
	writeFileSync(passwords, "teller-secret\n", { mode: 0o644 });
	execFileSync(
		join(programs, "initdb"),
		["-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwords}`, "-E", "UTF8", "--locale=C.UTF-8", "-N"],
		{
			...{ cwd: dir, env, stdio: "ignore" },
			...identity,
		},
	);
	const common = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "autovacuum=off", `port=${port}`];
	const flags = [...common, ...settings].flatMap((setting) => ["-c", setting]);
	let server: ChildProcess | null = null;
	const address = (database: string) => `postgres://postgres:teller-secret@127.0.0.1:${port}/${database}`;

	async function query(database: string, ...statements: readonly string[]): Promise<void> {
		const client = new Client({ connectionString: address(database) });
		await client.connect();
		try {
			for (const statement of statements) await client.query(statement);
		} finally {
			await client.end();
		}
	}

	async function end(signal: NodeJS.Signals): Promise<void> {
		if (server === null || server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
		const closed = once(server, "exit");
		const children = signal === "SIGKILL" ? childrenOf(server.pid) : [];
		server.kill(signal);
		for (const child of children) killIfThere(child);
		await closed;
	}

	async function start(): Promise<void> {
		const child = spawn(join(programs, "postgres"), ["-D", data, ...flags], {
			...{ cwd: dir, env, stdio: ["ignore", "ignore", "pipe"] },
			...identity,
		});
		server = child;
		let errors = "";
		child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			errors = `${errors}${text}`.slice(-4000);
		});
		const deadline = Date.now() + 60_000;
		while (true) {
			if (Date.now() > deadline) throw new Error(`the PostgreSQL server did not start: ${errors}`);
			if (child.exitCode !== null) {
				// After a crash: some process of the killed one is not gone yet.
				if (!errors.includes("shared memory block")) throw new Error(`the PostgreSQL server did not start: ${errors}`);
				await new Promise((resolve) => setTimeout(resolve, 50));
				return start();
			}
			try {
				return await query("postgres", "SELECT 1");
			} catch {
				await new Promise((resolve) => setTimeout(resolve, 25));
			}
		}
	}

	await start();
	return {
		address,
		query,
		crash: () => end("SIGKILL"),
		start,
		async stop() {
			await end("SIGINT");
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

function childrenOf(pid: number): number[] {
	try {
		return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
	} catch {
		return [];
	}
}

function killIfThere(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch {
		// It ended by itself.
	}
}

function lentIdentity(dir: string): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const idOf = (flag: string) =>
		Number(execFileSync("id", [flag, "postgres"], { cwd: "/", env: childEnvironment(process.env) }).toString());
	const [uid, gid] = [idOf("-u"), idOf("-g")];
	chownSync(dir, uid, gid);
	return { uid, gid };
}

/** Below 32768: above, the system gives ports to outgoing connections. */
async function freePort(): Promise<number> {
	for (let attempt = 0; ; attempt++) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		const probe = createServer();
		probe.listen(port, "127.0.0.1");
		try {
			await once(probe, "listening");
			probe.close();
			await once(probe, "close");
			return port;
		} catch (error) {
			if (attempt > 50) throw error;
		}
	}
}

function readFolder(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
