import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../base/index.ts";
import type { RowChange } from "../../contract/effects.ts";
import { connect } from "../postgres/connection.ts";
import { createRandom } from "./bank-history.ts";
import { differing, replay, type Tables } from "./follow.ts";
import { postgresLegacy, readRows } from "./postgres-legacy.ts";
import type { PostgresServer } from "./postgres-server.ts";

export type Killing = { seed: number; keeperKills: number; serverCrashes: number; dir: string };
export type Survived = {
	committed: number;
	kept: number;
	/** Ticks that were committed, and those that the file holds, in order. */
	ticks: { written: number[]; kept: number[] };
	wrong: string[];
	differing: string[];
};

/**
 * A writer commits numbered transactions without a pause while the keeper, and now and then the whole server, is killed with
 * SIGKILL at seeded moments. Then what the keeper's file holds is held against the tables.
 */
export async function killKeeper(server: PostgresServer, { seed, keeperKills, serverCrashes, dir }: Killing): Promise<Survived> {
	const random = createRandom(seed);
	const name = `killed${seed}`;
	const legacy = await postgresLegacy(() => server)(name);
	await legacy.close();
	const file = join(dir, `${name}.jsonl`);
	let isWriting = true;
	let isUp = Promise.resolve();

	async function write(): Promise<void> {
		let tick = 0;
		let client: Awaited<ReturnType<typeof connect>> | null = null;
		while (isWriting) {
			try {
				await isUp;
				client ??= await connect(server.address(name), "queries");
				// After a crash the answer may be missing of what was committed: the database knows.
				const { rows } = await client.query("SELECT coalesce(max(id), 0)::int AS last FROM t");
				tick = rows[0].last + 1;
				await client.query(`BEGIN; INSERT INTO t (id, a) VALUES (${tick}, 'tick');
					INSERT INTO u (id, code, n_i) VALUES (${tick % 7}, 'c${tick}', ${tick})
						ON CONFLICT (id) DO UPDATE SET n_i = ${tick}, code = excluded.code;
					${tick % 5 === 0 ? `DELETE FROM u WHERE id = ${(tick * 3) % 7};` : ""} ${tick % 11 === 0 ? "ROLLBACK" : "COMMIT"}`);
				if (tick % 11 === 0) await client.query(`INSERT INTO t (id, a) VALUES (${tick}, 'after a rollback')`);
			} catch {
				await client?.end().catch(() => {});
				client = null;
				await sleep(20);
			}
		}
		await client?.end();
	}

	let keeper = await startKeeper(server.address(name), name, file);
	const writing = write();
	for (let kill = 0; kill < keeperKills + serverCrashes; kill++) {
		await sleep(20 + random() * 180);
		const isCrash = kill % Math.ceil((keeperKills + serverCrashes) / Math.max(serverCrashes, 1)) === 1 && serverCrashes > 0;
		if (isCrash) {
			const up = Promise.withResolvers<void>();
			isUp = up.promise;
			await server.crash();
			await server.start();
			up.resolve();
		} else {
			keeper.kill("SIGKILL");
			await once(keeper, "exit");
			keeper = await startKeeper(server.address(name), name, file);
		}
	}
	isWriting = false;
	await writing;
	keeper.kill("SIGTERM");
	const [code] = await once(keeper, "exit");
	if (code !== 0) throw new Error(`the keeper ended with ${code}`);

	const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
	const commits = lines.map((line, place) => ({ index: place + 1, since: 0, at: 0, changes: JSON.parse(line).changes as RowChange[] }));
	const reader = await connect(server.address(name), "queries");
	const present = await readRows(reader);
	await reader.end();
	const written = [...(present.get("t") ?? new Map()).keys()].map(Number).sort((a, b) => a - b);
	const tables: Tables = new Map();
	const logical = commits.map(legacy.read);
	const wrong = replay(tables, { commits: logical, schema: [] });
	const kept = commits.flatMap(({ changes }) => changes.filter(({ table }) => table === "t").map(({ key }) => Number(key)));
	return { committed: written.length, kept: commits.length, ticks: { written, kept }, wrong, differing: differing(tables, present) };
}

async function startKeeper(address: string, slot: string, file: string): Promise<ChildProcess> {
	const program = fileURLToPath(new URL("./keeper.ts", import.meta.url));
	const child = spawn(process.execPath, [program, address, slot, file], {
		cwd: "/",
		env: childEnvironment(process.env),
		stdio: ["ignore", "pipe", "pipe"],
	});
	let errors = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		errors += text;
		process.stderr.write(`keeper: ${text}`);
	});
	await Promise.race([
		once(child.stdout, "data"),
		once(child, "exit").then(([code]) => Promise.reject(new Error(`the keeper ended with ${code}: ${errors}`))),
	]);
	return child;
}
