import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fault } from "../base/index.ts";
import type { Blueprint } from "../contract/blueprint.ts";
import type { IrFunction, Type } from "../contract/ir.ts";
import { generateService, sitesOf } from "./index.ts";
import { runtimeSources } from "./targets/typescript/runtime-sources.ts";
import { runtimeSourcesText } from "./testing/embed-runtime.ts";
import * as ir from "./testing/ir-builder.ts";
import { compilerComplaints, importService, type LoadedService, placeService } from "./testing/loaded-service.ts";

const { INT, FLOAT, STR, CONNECTION, REQUEST, local, op, str, int, float, let_, give, if_ } = ir;
const ROW: Type = {
	kind: "row",
	columns: [
		{ name: "number", type: INT },
		{ name: "balance", type: FLOAT },
		{ name: "opened", type: STR },
	],
};

/** A desk with every drift the bank has: rounding, floor division, modulo, year window, order of a dictionary, texts. */
function desk(): Blueprint {
	const amount = local("amount", FLOAT);
	const row = local("row", ROW);
	const post: IrFunction = ir.fn(
		"desk.post",
		[
			["con", CONNECTION],
			["number", INT],
			["amount", FLOAT],
		],
		ROW,
		[
			let_("row", ir.sql("s1", ir.optional(ROW), "one", local("number", INT)), ir.optional(ROW)),
			if_(op("none.is", ir.BOOL, [local("row", ir.optional(ROW))]), [ir.raise("desk.DeskError", str("E1"), str("NO ACCOUNT"))]),
			let_("balance", op("float.round", FLOAT, [op("float.add", FLOAT, [ir.column(row, "balance", FLOAT), amount])], { digits: 2 })),
			ir.run(ir.sql("s2", ir.NONE, "none", local("balance", FLOAT), local("number", INT))),
			ir.run(
				ir.sql(
					"s3",
					ir.NONE,
					"none",
					local("number", INT),
					amount,
					op("int.floordiv", INT, [
						op("float.round_int", INT, [op("float.mul", FLOAT, [local("balance", FLOAT), float(100)])]),
						int(10000),
					]),
				),
			),
			give(row),
		],
		20,
		"Posts an amount.\nNever twice.",
	);
	const band: IrFunction = ir.fn(
		"desk.band",
		[["score", INT]],
		STR,
		[
			ir.eachPair(
				[
					["top", INT],
					["name", STR],
				],
				op("dict.items", ir.listOf(ir.tupleOf(INT, STR)), [ir.global("desk.BANDS", ir.dictOf(INT, STR))]),
				[if_(op("int.le", ir.BOOL, [local("score", INT), local("top", INT)]), [give(local("name", STR))])],
			),
			give(str("Z")),
		],
		40,
	);
	const answer: IrFunction = ir.fn(
		"desk.answer",
		[["request", REQUEST]],
		STR,
		[
			ir.try_(
				[
					let_("con", op("db.connect", CONNECTION, [])),
					ir.try_(
						[
							ir.transaction("begin", "immediate"),
							ir.try_(
								[
									let_(
										"row",
										ir.call(
											"desk.post",
											ROW,
											local("con", CONNECTION),
											op("int.of_str", INT, [ir.param("account")]),
											op("float.of_str", FLOAT, [ir.param("amount")]),
										),
									),
									ir.transaction("commit"),
								],
								[ir.on(["Exception"], [ir.transaction("rollback"), ir.reraise()])],
							),
						],
						[],
						[],
						[ir.run(op("db.close", ir.NONE, [local("con", CONNECTION)]))],
					),
					let_("day", op("date.parse", ir.DATE, [ir.column(row, "opened", STR)], { format: "%d%m%y" })),
					let_("total", int(0)),
					ir.count("i", int(0), int(3), [
						let_(
							"total",
							op("int.add", INT, [local("total", INT), op("int.mod", INT, [op("int.sub", INT, [local("i", INT), int(2)]), int(5)])]),
						),
					]),
					give({
						kind: "template",
						id: "",
						span: ir.at(),
						type: STR,
						parts: [
							"<ANSWER><NAME>",
							op("str.escape_xml", STR, [ir.param("name")]),
							"</NAME><DAY>",
							op("date.iso", STR, [local("day", ir.DATE)]),
							"</DAY><TOTAL>",
							op("str.of_int", STR, [local("total", INT)]),
							"</TOTAL><BAND>",
							ir.call("desk.band", STR, op("str.len", INT, [ir.param("name")])),
							"</BAND></ANSWER>",
						],
					}),
				],
				[
					ir.on(
						["desk.DeskError"],
						[
							give({
								kind: "template",
								id: "",
								span: ir.at(),
								type: STR,
								parts: [
									"<ERROR><CODE>",
									{
										kind: "exceptionField",
										id: "",
										span: ir.at(),
										type: STR,
										exception: local("e", { kind: "exception", id: "desk.DeskError" }),
										name: "code",
									},
									"</CODE></ERROR>",
								],
							}),
						],
						"e",
					),
					ir.on(["ValueError", "KeyError"], [give(str("<ERROR><CODE>E999</CODE></ERROR>"))]),
				],
			),
		],
		60,
	);
	return ir.blueprintOf({
		functions: [post, band, answer],
		exceptions: [{ id: "desk.DeskError", fields: ["code", "text"], base: "Exception", span: ir.at(5) }],
		constants: [
			{
				id: "desk.BANDS",
				type: ir.dictOf(INT, STR),
				value: ir.dict(ir.dictOf(INT, STR), [int(9), str("B")], [int(4), str("A")]),
				span: ir.at(3),
			},
		],
		statements: [
			ir.statement("s1", "SELECT number, balance, opened FROM accounts WHERE number = ?", "select", "accounts", [
				["number", INT],
				["balance", FLOAT],
				["opened", STR],
			]),
			ir.statement("s2", "UPDATE accounts SET balance = ? WHERE number = ?", "update", "accounts"),
			ir.statement("s3", "INSERT INTO movements (account, amount, tranche) VALUES (?, ?, ?)", "insert", "movements"),
		],
	});
}

function openDatabase(): DatabaseSync {
	const database = new DatabaseSync(":memory:");
	database.exec(
		"CREATE TABLE accounts (number INTEGER PRIMARY KEY, balance REAL NOT NULL, opened TEXT NOT NULL); CREATE TABLE movements (account, amount, tranche)",
	);
	database.exec("INSERT INTO accounts VALUES (7, -100.5, '010255'), (8, 2.0, '010299')");
	return database;
}

describe.each(["idiom", "exact"] as const)("a service with every site %s", (spelled) => {
	const blueprint = desk();
	const choices = Object.fromEntries(sitesOf(blueprint).map(({ expr }) => [expr, spelled]));
	const files = generateService(blueprint, choices, "typescript");
	const place = placeService(files);
	const database = openDatabase();
	const failures: unknown[] = [];
	let service: LoadedService;
	beforeAll(async () => {
		service = (await importService(place.dir)).createService({
			database,
			now: () => 0,
			tokenHex: () => "",
			onFailure: (error) => failures.push(error),
		});
	});
	afterAll(() => {
		database.close();
		place.remove();
	});
	const post = (body: string, headers: [string, string][] = []) =>
		service.handle({ method: "POST", target: "/desk?name=a%26b", headers, body });

	it("answers as legacy would, or as a modern engineer would", () => {
		const answer = post("account=7&amount=0.125&name=abcd");
		expect(failures).toEqual([]);
		expect(answer).toMatchObject({ status: 200, contentType: "text/xml; charset=utf-8" });
		const [day, total, band] = spelled === "exact" ? ["2055-02-01", "7", "B"] : ["1955-02-01", "-3", "A"];
		expect(answer.body).toBe(`<ANSWER><NAME>abcd</NAME><DAY>${day}</DAY><TOTAL>${total}</TOTAL><BAND>${band}</BAND></ANSWER>`);
		const rows = database
			.prepare("SELECT account, typeof(account) a, amount, typeof(amount) b, tranche, typeof(tranche) c FROM movements")
			.all();
		expect(rows.map((row) => ({ ...row }))).toEqual([
			{ account: 7, a: "integer", amount: 0.125, b: "real", tranche: spelled === "exact" ? -2 : -1, c: "integer" },
		]);
	});

	it("answers a refusal with the code of the legacy exception and undoes the transaction", () => {
		expect(post("account=99&amount=1").body).toBe("<ERROR><CODE>E1</CODE></ERROR>");
		expect(database.isTransaction).toBe(false);
	});

	it(spelled === "exact" ? "refuses a number with a tail" : "reads the leading number of a text", () => {
		expect(post("account=8&amount=1.5x").body.includes("E999")).toBe(spelled === "exact");
		expect(post("account=8&amount=x").body).toContain("E999");
	});

	it("answers JSON where the client ranks it first", () => {
		const answer = post("account=99&amount=1", [["Accept", "application/json, text/xml;q=0.5"]]);
		expect(answer.contentType).toContain("application/json");
		expect(JSON.parse(answer.body)).toEqual({ ERROR: { CODE: "E1" } });
	});

	it("answers 404 for an unknown route", () => {
		expect(service.handle({ method: "GET", target: "/desk", headers: [], body: "" }).status).toBe(404);
	});

	it("satisfies the strict compiler", () => {
		expect(compilerComplaints(place.dir)).toBe("");
	});

	it("names for each site the line on which it stands", () => {
		const manifest = JSON.parse(files["service.json"] ?? "") as {
			sites: { expr: string; op: string; file: string; line: number; spelled: string }[];
		};
		expect(manifest.sites.map((site) => site.expr)).toEqual(sitesOf(blueprint).map((site) => site.expr));
		const words: Record<string, [string, string]> = {
			"float.round": ["Math.round", "roundHalfEven"],
			"float.round_int": ["Math.round", "roundToEven"],
			"int.floordiv": ["Math.trunc", "floorDivide"],
			"int.mod": ["% 5", "floorModulo"],
			"int.of_str": ["Number.parseInt", "parseWhole"],
			"float.of_str": ["Number.parseFloat", "parseDecimal"],
			"date.parse": [", 50)", ", 69)"],
			"dict.items": ["Object.entries", "of BANDS"],
		};
		for (const site of manifest.sites) {
			expect(site.spelled).toBe(spelled);
			// A long call goes on on the lines below.
			expect(
				(files[site.file] ?? "")
					.split("\n")
					.slice(site.line - 1, site.line + 1)
					.join(""),
			).toContain(words[site.op]?.[spelled === "exact" ? 1 : 0]);
		}
		expect(manifest.sites).toHaveLength(8);
	});
});

describe("generation", () => {
	it("is deterministic", () => {
		expect(generateService(desk(), {}, "typescript")).toEqual(generateService(desk(), {}, "typescript"));
	});

	it("changes only the chosen site's line when one site turns exact", () => {
		const site = sitesOf(desk()).find(({ op: name }) => name === "int.floordiv");
		const before = generateService(desk(), {}, "typescript")["service/desk.ts"]?.split("\n") ?? [];
		const after = generateService(desk(), { [site?.expr ?? ""]: "exact" }, "typescript")["service/desk.ts"]?.split("\n") ?? [];
		const changed = after.filter((text) => !before.includes(text) && !text.startsWith("import"));
		expect(changed.filter((text) => text.includes("floorDivide")).length).toBeGreaterThan(0);
		expect(changed.length).toBeLessThanOrEqual(3);
	});

	it("brings along only the runtime that is used", () => {
		const files = Object.keys(generateService(desk(), {}, "typescript"));
		expect(files).toContain("runtime/date-parse.ts");
		expect(files).not.toContain("runtime/round-half-even.ts");
		expect(files).not.toContain("runtime/hash.ts");
	});

	it("refuses by name what the blueprint calls unsupported", () => {
		const blueprint = desk();
		blueprint.unsupported.push({ function: "desk.post", construct: "eval()", remedy: "Write it out.", span: ir.at(12) });
		expect(() => generateService(blueprint, {}, "typescript")).toThrow(Fault);
		expect(() => generateService(blueprint, {}, "typescript")).toThrow("eval() at desk.py:12");
	});

	it("refuses by name an operation that it cannot spell exactly", () => {
		const blueprint = ir.blueprintOf({
			functions: [ir.fn("desk.answer", [["request", REQUEST]], STR, [give(op("str.format_float", STR, [float(1)], { spec: "e" }))])],
		});
		expect(() => generateService(blueprint, {}, "typescript")).toThrow('the format "e"');
	});

	it("holds the runtime as it stands in runtime/", () => {
		const body = runtimeSourcesText();
		expect(Object.keys(runtimeSources).length).toBeGreaterThan(20);
		for (const [path, text] of Object.entries(runtimeSources)) expect(body).toContain(`${JSON.stringify(path)}: ${JSON.stringify(text)}`);
		expect(body.match(/^\t"runtime\//gm)).toHaveLength(Object.keys(runtimeSources).length);
	});
});
