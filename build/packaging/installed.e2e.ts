import type { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildScreen } from "../bundles.mjs";
import { ownVersion, packageHeadless } from "./headless.mjs";
import { type EngineAtWork, startClients, startEngine } from "./testing/engine-at-work.ts";
import { createPerson, freePort, hasProgram, type Person, processesBelow, run, runBeside, traces, until } from "./testing/machine.ts";

const canBuild = process.platform === "linux" && hasProgram("dpkg-deb") && hasProgram("xz");
const isThere = run("dpkg-query", ["-W", "phoenix-engine"]).code === 0;
/** Only root may install, and a package that somebody uses on this machine is left alone. */
const canInstall = canBuild && process.getuid?.() === 0 && !isThere;
const canSeed = hasProgram("python3");
if (!canInstall)
	console.log(
		canBuild
			? `Not installed: ${isThere ? "phoenix-engine is installed on this machine already" : "only root may"}. The package is unpacked (dpkg -x) and started from there.`
			: "Not built, installed or started: dpkg-deb and xz are needed.",
	);

/** The life of the package on a machine, in order: each step stands on the one before. */
describe.skipIf(!canBuild || !canSeed)("the headless package on a machine", () => {
	const version = ownVersion();
	const next = `${version}+next`;
	let folder = "";
	let debs: { now: string; next: string };
	let before: string[] = [];
	const evidence = "/var/lib/phoenix-engine";
	let person: Person;
	let engine: EngineAtWork;
	let home = "";
	let phoenix = "";

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "phoenix-installed-"));
		chmodSync(folder, 0o755);
		await buildScreen();
		// What is shipped is compressed, and read in headless.e2e.ts; here it is the same files that count.
		const options = { epoch: 1_790_000_000, archive: false, isQuick: true };
		const build = async (out: string, built: string) =>
			(await packageHeadless({ out: join(folder, out), version: built, ...options }))[0]?.file ?? "";
		debs = { now: await build("now", version), next: canInstall ? await build("next", next) : "" };
		before = traces();
		person = createPerson(join(folder, "home"));
		home = canInstall ? `/opt/phoenix-engine/${version}` : join(folder, `unpacked/opt/phoenix-engine/${version}`);
		phoenix = canInstall ? "/usr/bin/phoenix" : join(home, "bin/phoenix");
	});
	afterAll(async () => {
		for (const { pid } of processesBelow(canInstall ? "/opt/phoenix-engine" : folder)) process.kill(pid, "SIGKILL");
		await person?.remove();
		if (canInstall && run("dpkg-query", ["-W", "phoenix-engine"]).code === 0) run("dpkg", ["--purge", "phoenix-engine"]);
		if (canInstall && !before.includes(evidence)) {
			rmSync(evidence, { recursive: true, force: true });
			run("userdel", ["phoenix-engine"]);
		}
		rmSync(folder, { recursive: true, force: true });
	});

	it("installs", () => {
		if (!canInstall) return expect(run("dpkg-deb", ["-x", debs.now, join(folder, "unpacked")])).toMatchObject({ code: 0 });
		expect(run("dpkg", ["--install", debs.now])).toMatchObject({ code: 0 });
		expect(run("dpkg", ["--verify", "phoenix-engine"])).toEqual({ code: 0, output: "" });
		expect(run("getent", ["passwd", "phoenix-engine"]).output).toContain(":/var/lib/phoenix-engine:/usr/sbin/nologin");
		expect(person.run("man", ["--where", "phoenix"]).output).toContain("phoenix.1");
	});

	it("starts for a new user with an empty home, shows the screen and the map of the sample bank", async () => {
		const start = performance.now();
		engine = await startEngine(person, [phoenix], ["--sample", "--gateway-port", String(await freePort())]);
		const serving = performance.now() - start;
		const page = await engine.fetch("/");
		expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
		const scripts = [...(await page.text()).matchAll(/(?:src|href)="(\.?\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
		expect(scripts.length).toBeGreaterThan(0);
		for (const path of scripts) expect((await engine.fetch(path)).status).toBe(200);
		await until(async () => (await engine.ask("project/graph")) !== null, 30_000);
		const graph = (await engine.ask("project/graph")) as { nodes: { id: string }[] };
		expect(graph.nodes.map(({ id }) => id)).toContain("function:scoring.credit_score");
		console.log(`serving after ${serving.toFixed(0)} ms, the map after ${(performance.now() - start).toFixed(0)} ms`);
	});

	it("writes and starts a new service for one function, in the shadow of the bank", async () => {
		type Snapshot = { migrations: { function: string; stage: string }[] };
		// Until the bank is seeded and running, there is nothing to stand in front of.
		await until(async () => ((await engine.ask("state/snapshot")) as { system: unknown }).system !== null, 30_000);
		const started = person.run(phoenix, ["run", "start", "--functions", "function:scoring.credit_score", "--json"]);
		expect(started).toEqual({ code: 0, output: expect.stringContaining('"run"') });
		await until(async () => {
			const { migrations } = (await engine.ask("state/snapshot")) as Snapshot;
			return migrations.some(({ stage }) => stage === "shadowing");
		}, 40_000);
		expect(processesBelow(home).map(({ words }) => words.split(" ").at(-1))).toContain("main.ts");
		const counted = person.run(phoenix, ["journal", "query", "SELECT COUNT(*) AS entries FROM entries", "--json"]);
		expect(counted).toMatchObject({ code: 0 });
	});

	it("sends everything to legacy at one command", () => {
		const pressed = person.run(phoenix, ["panic", "--json"]);
		expect(JSON.parse(pressed.output)).toMatchObject({ way: "control" });
		console.log(`kill switch: ${JSON.parse(pressed.output).ms.toFixed(1)} ms`);
	});

	it("puts on paper what the journal proves", () => {
		expect(person.run(phoenix, ["report", "--format", "pdf", "--out", "bank.pdf", "--json"])).toMatchObject({ code: 0 });
		expect(readFileSync(join(person.home, "bank.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
	});

	it("ends with all that it started, and has written nothing beside its own state", async () => {
		await engine.end();
		expect(processesBelow(home)).toEqual([]);
		expect(run("sha256sum", ["--check", "--quiet", "MANIFEST.sha256"], { cwd: home })).toEqual({ code: 0, output: "" });
		expect(existsSync(join(person.home, ".phoenix/journal.jsonl"))).toBe(true);
	});

	describe.skipIf(!canInstall)("under live traffic", () => {
		let bank: ReturnType<typeof spawn>;
		let port = 0;
		let words: string[] = [];
		let clients: ReturnType<typeof startClients>;
		const state = () => join(person.home, "own");
		const supervisors = () => processesBelow("/opt/phoenix-engine").filter(({ words }) => words.includes("gateway/hot/supervisor.ts"));

		beforeAll(async () => {
			const database = join(person.home, "bank.db");
			expect(person.run("python3", [`${home}/sample-monolith/seed.py`, "--out", database, "--accounts", "200"])).toMatchObject({ code: 0 });
			const legacy = await freePort();
			bank = person.spawn("python3", [`${home}/sample-monolith/banca/bank.py`, "--db", database, "--port", String(legacy)]);
			await until(async () => (await fetch(`http://127.0.0.1:${legacy}/`).catch(() => null)) !== null);
			port = await freePort();
			const system = [`${home}/sample-monolith/banca`, "--legacy", `127.0.0.1:${legacy}`, "--database", database];
			words = [...system, "--gateway-port", String(port), "--state", state()];
			engine = await startEngine(person, [phoenix], words);
			clients = startClients(`http://127.0.0.1:${port}/`);
			await clients.more(20);
		});
		afterAll(async () => {
			await clients?.end();
			bank?.kill("SIGTERM");
			// Whoever looks into a lost request needs to know what the supervisor saw.
			const log = join(state(), "gateway/gateway.log");
			if (clients?.failures.length > 0 && existsSync(log))
				console.log(clients.failures.join("\n"), readFileSync(log, "utf8").slice(-2_000));
		});

		it("is not removed while a gateway serves, and says what serves and how to end it", async () => {
			const refused = await runBeside("dpkg", ["--remove", "phoenix-engine"]);
			expect(refused.code).not.toBe(0);
			expect(refused.output).toContain(`process ${supervisors()[0]?.pid}:`);
			expect(refused.output).toContain("phoenix serve --end");
			expect(run("dpkg-query", ["-W", "-f", "${db:Status-Status}", "phoenix-engine"]).output).toBe("installed");
			await clients.more(20);
		});

		it("is upgraded without a lost request; what runs keeps the files of its own version", async () => {
			await engine.end();
			const lost = clients.failures.length;
			expect(await runBeside("dpkg", ["--install", debs.next])).toMatchObject({
				code: 0,
				output: expect.stringContaining(`${version} is still running`),
			});
			await clients.more(20);
			expect(clients.failures.slice(lost)).toEqual([]);
			expect(person.run(phoenix, ["help"]).code).toBe(0);

			// A worker that dies now is started again from the version that its supervisor runs.
			const worker = processesBelow(home).find(({ words }) => words.includes("gateway/hot/worker.ts"));
			process.kill(worker?.pid ?? 0, "SIGKILL");
			await until(() => processesBelow(home).some(({ pid, words }) => pid !== worker?.pid && words.includes("gateway/hot/worker.ts")));
			await clients.more(20);
		});

		it("takes the gateway of the former version over, and takes it away when it is told to", async () => {
			const [former] = supervisors();
			engine = await startEngine(person, [phoenix], words);
			// A snapshot is made ten times a second, so the first may be from before.
			let system: { gateway: unknown } | null = null;
			await until(async () => {
				({ system } = (await engine.ask("state/snapshot")) as { system: typeof system });
				return system !== null;
			});
			expect(system).toMatchObject({ gateway: { port, adopted: true } });
			expect(supervisors()).toEqual([former]);
			await clients.more(20);
			await engine.end();
			await clients.end();
			console.log(`${clients.answered()} requests answered from installation to upgrade, ${clients.failures.length} lost`);
			expect(person.run(phoenix, ["serve", "--end", "--state", state(), "--json"])).toEqual({ code: 0, output: '{"ended":true}\n' });
			expect(processesBelow("/opt/phoenix-engine")).toEqual([]);
		});

		it("leaves nothing behind but evidence", () => {
			run("install", ["-d", "-o", "phoenix-engine", "-m", "700", evidence]);
			run("touch", [join(evidence, "journal.jsonl")]);
			expect(run("dpkg", ["--purge", "phoenix-engine"])).toMatchObject({ code: 0, output: expect.stringContaining("evidence") });
			expect(traces().filter((path) => !before.includes(path))).toEqual([evidence]);
			expect(readFileSync("/etc/passwd", "utf8")).toContain("phoenix-engine:");

			expect(run("dpkg", ["--install", debs.now])).toMatchObject({ code: 0 });
			rmSync(join(evidence, "journal.jsonl"));
			expect(run("dpkg", ["--purge", "phoenix-engine"])).toMatchObject({ code: 0 });
			expect(traces()).toEqual(before);
			expect(readFileSync("/etc/passwd", "utf8")).not.toContain("phoenix-engine:");
		});
	});
});
