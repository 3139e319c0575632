// Mapper, blueprint and back end together: what a blueprint says is what CPython does.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../base/index.ts";
import { makeBlueprint, parseBlueprint } from "../blueprint/index.ts";
import type { Blueprint, Choices } from "../contract/blueprint.ts";
import type { Graph } from "../contract/graph.ts";
import { sitesOf } from "../contract/sites.ts";
import { generateService } from "../generate/index.ts";
import { extractFirst, inspectFunction, type Program } from "../graph/index.ts";
import { mapProject } from "../mapper/index.ts";

const root = join(import.meta.dirname, "../..");
const fixtures = join(root, "core/blueprint/fixtures");
type Mapped = { graph: Graph; program: Program };
const faultOf = (work: () => unknown) => {
	try {
		work();
		return null;
	} catch (error) {
		return error instanceof Fault ? error.toJSON() : error;
	}
};

describe("the sample bank", () => {
	let bank: Mapped;
	const blueprint = (name: string) => makeBlueprint(bank.program, bank.graph, name);
	beforeAll(async () => {
		bank = await mapProject(join(root, "sample-monolith/banca"));
	});

	test("every handler has a blueprint without anything unsupported, which survives its own text", () => {
		for (const { handler, method, path } of bank.graph.routes) {
			const made = blueprint(handler);
			expect([handler, made.unsupported]).toEqual([handler, []]);
			expect(made.interface.routes).toEqual([{ method, path, handler, entry: `dispatch.serve@${method} ${path}` }]);
			expect(made.interface.response).toEqual({ status: 200, contentType: "text/xml; charset=utf-8", format: "xml" });
			expect(parseBlueprint(JSON.stringify(made))).toEqual(made);
			expect(made.hash).toBe(blueprint(handler).hash);
		}
	});

	test("the interface names what is read, with defaults, and the header that makes repeats harmless", () => {
		const { request, readOnly, idempotencyHeader } = blueprint("transfers.transfer").interface;
		expect(request.map((field) => [field.in, field.name, field.default])).toEqual([
			["header", "idempotency-key", ""],
			["query-or-form", "from", ""],
			["query-or-form", "to", ""],
			["query-or-form", "amount", ""],
			["query-or-form", "reason", "TRANSFER"],
			["header", "x-session", ""],
		]);
		expect([readOnly, idempotencyHeader]).toEqual([false, "idempotency-key"]);
		expect(blueprint("scoring.credit_score").interface).toMatchObject({ readOnly: true, idempotencyHeader: null });
		expect(blueprint("sessions.login").interface).toMatchObject({ readOnly: false, idempotencyHeader: null });
	});

	test("random and clock values are followed to the answer fields and columns that they reach", () => {
		const fields = (name: string, kind: "clock" | "random") => [
			...new Set(blueprint(name).nonDeterminism.flatMap((item) => (item.kind === kind ? item.fields : []))),
		];
		expect(fields("sessions.login", "random")).toEqual(["answer/TOKEN", "sessions.token"]);
		expect(fields("sessions.login", "clock")).toEqual(["answer/BANKDAY", "answer/TIME", "sessions.created"]);
		expect(fields("interests.interest", "clock")).toEqual(["movements.day", "movements.stamped", "postings.stamped", "requests.created"]);
		expect(fields("scoring.credit_score", "clock")).toEqual([]);
	});

	test("an inner function is cut with every route that reaches it", () => {
		const made = blueprint("vip_interest");
		expect(made.unit).toBe("interests.vip_interest");
		expect(made.interface.routes.map((route) => route.path)).toEqual(["/interest"]);
		expect(blueprint("function:money.cut").interface.routes.map((route) => route.path)).toEqual([
			"/transfer",
			"/interest",
			"/credit-score",
			"/loan",
			"/statement",
		]);
	});

	test("the rules speak of the source: limits, rates, roundings and refusals with their places", () => {
		const rules = blueprint("transfers.transfer").rules.map((rule) => `${rule.kind} ${rule.span.file} ${rule.text}`);
		expect(rules).toContain("validation transfers.py Refused with BankError E305 SAME ACCOUNT when payer == payee.");
		expect(rules).toContain(
			"validation money.py Refused with BankError E302 AMOUNT NOT NUMERIC when amount = float(text) fails with ValueError.",
		);
		expect(rules).toContain("rounding transfers.py amount * COMMISSION_RATE is rounded to 2 decimals, ties to even by the binary value.");
		expect(rules).toContain("rate transfers.py amount * COMMISSION_RATE, with COMMISSION_RATE = 0.0005.");
		expect(rules).toContain(
			"threshold transfers.py When commission < COMMISSION_MIN (COMMISSION_MIN = 0.05): commission = COMMISSION_MIN.",
		);
	});

	test("an unknown name is refused with near ones, and what no route reaches is refused by name", () => {
		expect(faultOf(() => blueprint("credit_scor"))).toMatchObject({
			code: "FUNCTION_UNKNOWN",
			data: { near: expect.stringContaining("scoring.credit_score") },
		});
		expect(faultOf(() => blueprint("bank.main"))).toMatchObject({ code: "FUNCTION_UNREACHED" });
	});

	test("the inspector says what a cut takes, and the ranking puts reads before transfers", () => {
		const found = inspectFunction(bank.graph, "scoring.credit_score", { "scoring.py": "x\n".repeat(40) });
		expect(found.routes.map((route) => route.path)).toEqual(["/credit-score"]);
		expect(found.writes).toEqual([]);
		expect(found.reads).toContain("movements");
		expect(found.risk).toBe("low");
		expect(inspectFunction(bank.graph, "function:transfers.transfer", {}).writes).toContain("movements");
		const ranked = extractFirst(bank.graph).map((item) => item.function);
		expect(ranked.indexOf("scoring.credit_score")).toBeLessThan(ranked.indexOf("transfers.transfer"));
		expect(faultOf(() => inspectFunction(bank.graph, "nowhere", {}))).toMatchObject({ code: "FUNCTION_UNKNOWN" });
	});
});

test("what has no exact translation is refused by name and place, and nothing else is", async () => {
	const { graph, program } = await mapProject(join(fixtures, "refused"));
	const refused = graph.routes.map(({ handler }) => {
		const [first] = makeBlueprint(program, graph, handler).unsupported;
		return `${first?.span.line} ${first?.function}: ${first?.construct}`;
	});
	expect(refused).toEqual([
		"18 app.state: the module's state app.COUNT (app.state assigns it at line 18)",
		"23 app.cache: the module's state app.SEEN (app.cache changes it at line 23)",
		"29 app.dynamic: SQL that is put together at run time",
		"35 app.regex: the library call re.match()",
		"42 app.mixed: text of a number that may be int or float",
		"48 app.unset: answer, which may be unset here",
		"52 app.lottery: the library call random.randint()",
		"56 app.evaluated: the builtin eval()",
	]);
});

describe("the constructs of the shop", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-front-end-"));
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	test("the exact translation answers and writes as CPython does", async () => {
		const { graph, program } = await mapProject(join(fixtures, "constructs"));
		const requests = [...shopRequests()];
		const legacy = spawnSync("python3", [join(fixtures, "constructs/ask.py"), join(dir, "legacy.db")], {
			input: JSON.stringify(requests),
			encoding: "utf8",
		});
		expect(legacy.stderr).toBe("");
		const expected = JSON.parse(legacy.stdout) as { answers: (string | null)[]; rows: unknown[][] };

		const database = new DatabaseSync(join(dir, "modern.db"));
		const services = new Map<string, Service>();
		for (const handler of new Set(graph.routes.map((route) => route.handler))) {
			const blueprint = makeBlueprint(program, graph, handler);
			expect([handler, blueprint.unsupported]).toEqual([handler, []]);
			if (services.size === 0) database.exec(ddlOf(makeBlueprint(program, graph, "shop.stock")));
			const service = await startService(blueprint, join(dir, handler), database);
			for (const route of blueprint.interface.routes) services.set(`${route.method} ${route.path}`, service);
		}
		database.exec("INSERT INTO items (name, price, stock, note) VALUES ('nail', 0.5, 10, 'old')");
		const answers = requests.map(([method, path, params]) => {
			const text = new URLSearchParams(params).toString();
			const target = method === "GET" ? `${path}?${text}` : path;
			const answer = services.get(`${method} ${path}`)?.handle({ method, target, headers: [], body: method === "GET" ? "" : text });
			return answer?.status === 200 ? answer.body : null;
		});
		answers.forEach((answer, at) => {
			expect([requests[at], answer]).toEqual([requests[at], expected.answers[at]]);
		});
		expect(new Set(expected.answers).size).toBeGreaterThan(60);
		const rows = database.prepare("SELECT * FROM items ORDER BY id").all();
		database.close();
		expect(rows.map((row) => Object.values(row))).toEqual(expected.rows);
	});
});

type Service = {
	handle(request: { method: string; target: string; headers: [string, string][]; body: string }): { status: number; body: string };
};

async function startService(blueprint: Blueprint, dir: string, database: DatabaseSync): Promise<Service> {
	const exact: Choices = Object.fromEntries(sitesOf(blueprint).map((site) => [site.expr, "exact"]));
	for (const [path, text] of Object.entries(generateService(blueprint, exact, "typescript"))) {
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		writeFileSync(join(dir, path), text);
	}
	const module = (await import(pathToFileURL(join(dir, "service.ts")).href)) as { createService(outside: object): Service };
	return module.createService({ database, now: Date.now, tokenHex: () => "", onFailure: () => {} });
}

const ddlOf = (blueprint: Blueprint) => blueprint.tables.map((table) => table.ddl).join(";\n");

type Request = ["GET" | "POST", string, Record<string, string>];

/** Every combination of a few telling values, in an order that mixes the shop's rows. */
function* shopRequests(): Generator<Request> {
	const amounts = ["1e3", "abc", " 12 ", "nan", "99999.5", "5e-1", "-3", "100000", "0.005", "2.675", "33", "7.5", "1499.99", "1_0"];
	for (const amount of amounts) for (const kind of ["food", "tools", "x"]) yield ["GET", "/price", { amount, kind }];
	yield ["POST", "/price", {}];
	const texts = ["", "a", "bb a bb", "Ten, ten. été zz9 a a", "; ;", "one two three four five one two", "a.b,c ; d", "  x  ", "ααα β ααα"];
	for (const text of texts) yield ["POST", "/words", { text }];
	for (const name of ["nail", "hammer", " saw ", "xx", "nail", "hammer", "x"]) {
		for (const count of ["1", "5", "-3", "-50", "q"])
			yield [count === "1" ? "GET" : "POST", "/stock", { name, count, price: count === "5" ? "z" : "2.5" }];
	}
	for (const from of ["01.01.2020", "29.02.2024", "31.12.1999", "1.1.20", "31.04.2021"]) {
		for (const days of ["0", "7", "-1", "-7", "-400", "365", "3", "zz"]) yield ["GET", "/days", { from, days }];
	}
}
