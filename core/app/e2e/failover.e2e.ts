import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServiceFiles } from "../../contract/blueprint.ts";
import type { RouteMode } from "../../contract/traffic.ts";
import { compilePlan, type Gateway, openGateway } from "../../gateway/control/index.ts";
import { createProcessRuntime, type Runtime } from "../../operator/index.ts";
import { openProject, type Project } from "../project.ts";
import { programs } from "../run/programs.ts";
import { type SampleBank, sampleSource, seedSample, startSample } from "../sample/bank.ts";

const token = "0123456789abcdef0123456789abcdef";
const dir = mkdtempSync(join(tmpdir(), "phoenix-failover-"));
const database = join(dir, "bank.db");
let bank: SampleBank;
let project: Project;
let runtime: Runtime;
let gateway: Gateway;
let accounts: number[] = [];

beforeAll(async () => {
	await seedSample(database, { accounts: 200 });
	bank = await startSample({ database, port: 0, dir });
	project = await openProject(sampleSource, { sample: true });
	runtime = createProcessRuntime({ dir: join(dir, "processes") });
	gateway = await openGateway({ stateDir: join(dir, "gateway"), port: 0, legacy: { host: "127.0.0.1", port: bank.port }, workers: 1 });
	const here = new DatabaseSync(database);
	const now = new Date().toISOString().slice(0, 19);
	here
		.prepare("INSERT INTO sessions (token, operator, branch, level, created) SELECT ?, code, branch, level, ? FROM operators LIMIT 1")
		.run(token, now);
	const rich = here.prepare("SELECT number FROM accounts WHERE status = 'A' AND balance > 5000 ORDER BY number").all();
	accounts = rich.map(({ number }) => Number(number));
	here.close();
}, 60_000);

afterAll(async () => {
	await gateway.stop({ drainMs: 500 });
	await Promise.all(runtime.known().map(({ handle }) => handle.stop(200)));
	await bank.stop();
	rmSync(dir, { recursive: true, force: true });
}, 30_000);

/** Half of the transfer is written and taken back, in one transaction. */
const beforeCommit = [`storeAnswer(ports, con, key, "TRANSFER", answer);`, `throw new TypeError("a defect of the new service");`] as const;
const afterCommit = ["con.commit();", `con.commit(); throw new TypeError("a defect of the new service");`] as const;
const deadly = ["con.commit();", "con.commit(); process.exit(3);"] as const;

test.each([
	{ what: "fails and has taken its rows back", defect: beforeCommit, failover: "unsent", status: 200, by: "failover" },
	{ what: "fails after its rows were committed", defect: afterCommit, failover: "unsent", status: 500, by: "modern" },
	{ what: "dies after its rows were committed", defect: deadly, failover: "unsent", status: 502, by: "modern" },
	{ what: "dies so, and legacy recognises the repeat by its key", defect: deadly, failover: "keyed", status: 200, by: "failover" },
] as const)(
	"a new service that $what: one transfer is made, never two",
	async ({ what, defect, failover, status, by }) => {
		const service = await start(what, defect);
		const upstream = { host: "127.0.0.1", port: service.port };
		await route({ kind: "modern", upstream, failover });
		const [from, to] = [accounts.shift() ?? 0, accounts.shift() ?? 0];
		const before = await gateway.stats();
		const answer = await fetch(`http://127.0.0.1:${gateway.port}/transfer`, {
			method: "POST",
			headers: { "X-Session": token, "Idempotency-Key": `key of ${what}` },
			body: new URLSearchParams({ from: String(from), to: String(to), amount: "100", reason: "rent" }),
		});
		const text = await answer.text();
		expect([answer.status, status === 200 ? /<CODE>000<\/CODE>/.test(text) : true]).toEqual([status, true]);
		expect(movementsOf(from, to)).toEqual([1, 1]);
		await expect.poll(async () => (await gateway.stats()).byArm[by] - before.byArm[by], { timeout: 5_000 }).toBe(1);
	},
	60_000,
);

async function start(what: string, [found, put]: readonly [string, string]) {
	const blueprint = project.blueprint(project.resolve("transfer"));
	const files: ServiceFiles = { ...project.generate(blueprint, {}) };
	const path = "service/transfers.ts";
	const text = files[path] ?? "";
	if (!text.includes(found)) throw new Error(`${path} holds no ${found}`);
	files[path] = text.replace(found, put);
	const folder = join(dir, "services", what.replace(/\W+/g, "-"));
	for (const [file, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), content);
	}
	const { launch } = programs.typescript;
	return runtime.start({ name: what, dir: folder, launch, database, mode: "live", blueprint: blueprint.hash });
}

async function route(mode: RouteMode): Promise<void> {
	const routes = [{ routeId: "POST /transfer", method: "POST", path: "/transfer", mode }];
	const legacy = { host: "127.0.0.1", port: bank.port };
	const version = gateway.plan().version + 1;
	await gateway.setPlan(compilePlan({ version, legacy, idempotencyHeader: "Idempotency-Key", routes, reason: "test" }));
}

/** Rows of money that left the one account today, and that came to the other. */
function movementsOf(from: number, to: number): number[] {
	const here = new DatabaseSync(database, { readOnly: true });
	const count = here.prepare("SELECT count(*) AS n FROM movements WHERE account = ? AND text LIKE '%rent%'");
	const found = [from, to].map((account) => Number(count.get(account)?.n));
	here.close();
	return found;
}
