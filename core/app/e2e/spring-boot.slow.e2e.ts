import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sitesOf } from "../../contract/sites.ts";
import { generateService } from "../../generate/index.ts";
import { openProject, type Project } from "../project.ts";
import { writeFolder } from "../run/service-folder.ts";

const sample = join(import.meta.dirname, "../../../sample-monolith");
const home = mkdtempSync(join(tmpdir(), "phoenix-spring-boot-"));
const children: ChildProcess[] = [];
const requestsEach = 300;
let project: Project;

type Call = { method: string; path: string; form: Record<string, string>; headers: Record<string, string> };

beforeAll(async () => {
	project = await openProject(join(sample, "banca"));
	execFileSync("python3", [join(sample, "seed.py"), "--out", join(home, "seed.db"), "--accounts", "200"], {
		cwd: home,
		env: { PATH: process.env.PATH },
	});
	const database = new DatabaseSync(join(home, "seed.db"));
	database.exec("INSERT INTO sessions (token, operator, branch, level, created) VALUES ('t0', 'T001', 1, 1, '2026-06-30')");
	database.close();
}, 120_000);

afterAll(() => {
	for (const child of children) child.kill("SIGKILL");
	rmSync(home, { recursive: true, force: true });
});

/** Needs a JDK 17 and Maven: without them this test fails, it does not pass unseen. */
describe.each(["transfers.transfer", "interests.interest", "scoring.credit_score"])("Spring Boot of %s", (name) => {
	it("builds, passes its generated tests, starts, and answers and writes as the exact TypeScript service does", async () => {
		const blueprint = project.blueprint(name);
		const exact = Object.fromEntries(sitesOf(blueprint).map(({ expr }) => [expr, "exact" as const]));
		const [java, typescript] = [join(home, `${name}-java`), join(home, `${name}-ts`)];
		writeFolder(java, generateService(blueprint, {}, "spring-boot"));
		writeFolder(typescript, generateService(blueprint, exact, "typescript"));
		execFileSync("mvn", ["-q", "-B", "package"], {
			cwd: java,
			env: { PATH: process.env.PATH, HOME: process.env.HOME },
			stdio: "inherit",
			timeout: 400_000,
		});
		for (const test of ["everyEntityHasTheColumnsOfItsTable", "everyStatementFitsTheSchema"])
			expect(readFileSync(join(java, "target/surefire-reports/TEST-service.SchemaTest.xml"), "utf8")).toContain(test);

		const files = [`${java}.db`, `${typescript}.db`] as const;
		for (const file of files) copyFileSync(join(home, "seed.db"), file);
		const began = performance.now();
		const one = await start("java", ["-Xmx256m", "-jar", "target/service.jar"], java, files[0]);
		const startMs = Math.round(performance.now() - began);
		const other = await start(process.execPath, ["main.ts"], typescript, files[1]);
		const health = await fetch(`http://127.0.0.1:${one.port}/healthz`);
		expect(await health.json()).toMatchObject({ status: "ok", blueprint: blueprint.hash });

		const codes = new Map<string, number>();
		for (const [index, call] of callsOf(name, files[0]).entries()) {
			const clock = Date.UTC(2026, 6, 1, 9) + index * 61_000;
			const [left, right] = await Promise.all([send(one.port, call, clock), send(other.port, call, clock)]);
			expect(left, JSON.stringify(call)).toEqual(right);
			const code = /<CODE>(\w+)/.exec(left.body)?.[1] ?? `status ${left.status}`;
			codes.set(code, (codes.get(code) ?? 0) + 1);
		}
		// An agreement on refusals alone would prove nothing.
		expect(codes.get("000") ?? 0).toBeGreaterThan(requestsEach / 5);
		expect([...codes.keys()]).not.toContain("status 500");
		const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one.pid}/status`, "utf8"))?.[1]);
		for (const { child } of [one, other]) await stop(child);
		expect(one.child.exitCode).toBe(143);
		expect(rowsOf(files[0])).toEqual(rowsOf(files[1]));
		console.log(
			JSON.stringify({ name, requests: requestsEach, startMs, residentMb: Math.round(resident / 1024), codes: Object.fromEntries(codes) }),
		);
	});
});

async function start(command: string, args: string[], cwd: string, database: string) {
	const env = { PATH: process.env.PATH, TZ: "UTC", PORT: "0", HOST: "127.0.0.1", DATABASE: database, PHOENIX_MODE: "shadow" };
	const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
	children.push(child);
	let told = "";
	child.stdout?.on("data", (data: Buffer) => {
		told += data.toString();
	});
	for (let tries = 0; tries < 600; tries++) {
		const port = Number(/"listening":\s*(\d+)/.exec(told)?.[1] ?? 0);
		if (port > 0) return { child, port, pid: child.pid };
		expect(child.exitCode, told).toBeNull();
		await sleep(50);
	}
	throw new Error(`${command} told no port within 30 s: ${told}`);
}

async function stop(child: ChildProcess): Promise<void> {
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	await ended;
}

async function send(
	port: number,
	{ method, path, form, headers }: Call,
	clock: number,
): Promise<{ status: number; body: string; type: string }> {
	const text = new URLSearchParams(form).toString();
	const answer = await fetch(`http://127.0.0.1:${port}${path}${method === "GET" ? `?${text}` : ""}`, {
		method,
		headers: { ...headers, "x-phoenix-clock": String(clock), "content-type": "application/x-www-form-urlencoded" },
		...(method === "GET" ? {} : { body: text }),
	});
	const type = (answer.headers.get("content-type") ?? "").toLowerCase().replaceAll(" ", "");
	return { status: answer.status, type, body: await answer.text() };
}

/** Seeded requests: good ones, edges of rounding and of limits, repeated keys, and what must be refused. */
function callsOf(name: string, file: string): Call[] {
	const database = new DatabaseSync(file);
	const accounts = database
		.prepare("SELECT number FROM accounts")
		.all()
		.map(({ number }) => String(number));
	const customers = database
		.prepare("SELECT id FROM customers")
		.all()
		.map(({ id }) => String(id));
	database.close();
	let seed = 7;
	const next = () => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed / 2_147_483_647;
	};
	const pick = (items: readonly string[]): string => items[Math.floor(next() * items.length)] ?? "";
	const amounts = ["10", "0.01", "12.345", "2.675", "0.125", "1000", "99999", "1e3", " 7.5 ", "-5", "abc", "", "49.995", "1_000", "nan"];
	return Array.from({ length: requestsEach }, (_, index): Call => {
		const token = next() < 0.03 ? "nobody" : "t0";
		const headers = { "x-session": token, "idempotency-key": next() < 0.1 ? "again" : `k${index}` };
		if (name === "scoring.credit_score")
			return {
				method: "GET",
				path: "/credit-score",
				form: { customer: next() < 0.9 ? pick(customers) : pick(["", "x", " 12 ", "-1", "٣"]) },
				headers,
			};
		if (name === "interests.interest")
			return {
				method: "POST",
				path: "/interest",
				form: { account: pick(accounts), months: pick(["1", "3", "12", "36", "0", "37", "x", " 6 "]) },
				headers,
			};
		const amount = next() < 0.6 ? (next() * 900).toFixed(2) : pick(amounts);
		const to = next() < 0.9 ? pick(accounts) : pick(["", "123", "03990019900000001234567", "12a"]);
		const reason = pick(["RENT", "caffè & <latte>", "ﬁne 😀 long text that is cut at some place", ""]);
		return { method: "POST", path: "/transfer", form: { from: pick(accounts), to, amount, reason }, headers };
	});
}

function rowsOf(file: string): Record<string, unknown[]> {
	const database = new DatabaseSync(file, { readOnly: true });
	const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
	const rows = Object.fromEntries(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all()]));
	database.close();
	return rows;
}
