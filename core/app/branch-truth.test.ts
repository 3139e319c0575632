// The branches that a shadow build reports are those that CPython takes, request for request.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { makeBlueprint } from "../blueprint/index.ts";
import type { Blueprint, Choices, ServiceFiles } from "../contract/blueprint.ts";
import { type Branch, branchesOf } from "../contract/branches.ts";
import { sitesOf } from "../contract/sites.ts";
import { generateService, generateWatchedService } from "../generate/index.ts";
import { mapProject } from "../mapper/index.ts";
import { branchNames } from "./run/branch-names.ts";

const root = join(import.meta.dirname, "../..");
const shop = join(root, "core/blueprint/fixtures/constructs");
const dir = mkdtempSync(join(tmpdir(), "phoenix-branches-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Asked = ["GET" | "POST", string, Record<string, string>];
type Watched = { branches: Branch[]; answer(asked: Asked): Branch[] };

function place(files: ServiceFiles, under: string): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(under, path)), { recursive: true });
		writeFileSync(join(under, path), text);
	}
}

async function startWatched(blueprint: Blueprint, under: string, database: DatabaseSync): Promise<Watched> {
	const exact: Choices = Object.fromEntries(sitesOf(blueprint).map((site) => [site.expr, "exact"]));
	place(generateWatchedService(blueprint, exact, "typescript"), under);
	const load = (file: string) => import(pathToFileURL(join(under, file)).href);
	type Handler = { handle(request: { method: string; target: string; headers: []; body: string }): unknown };
	const module = (await load("service.ts")) as { createService(outside: object): Handler };
	const { takeBranches } = (await load("runtime/branches.ts")) as { takeBranches(): string };
	const service = module.createService({ database, now: Date.now, tokenHex: () => "", onFailure: () => {} });
	const branches = branchesOf(blueprint);
	return {
		branches,
		answer([method, path, params]) {
			const text = new URLSearchParams(params).toString();
			service.handle({ method, target: method === "GET" ? `${path}?${text}` : path, headers: [], body: method === "GET" ? "" : text });
			const numbers = takeBranches();
			return numbers === "" ? [] : numbers.split(",").map((number) => branches[Number(number)] as Branch);
		},
	};
}

/** As the oracle writes it. */
function keyOf({ kind, outcome, span }: Branch): string {
	if (kind === "handler") return `handler ${span.file}:${span.line}`;
	return `${kind} ${span.file}:${span.line}:${span.column} ${outcome}`;
}

function* asked(): Generator<Asked> {
	for (const amount of ["1e3", "abc", " 12 ", "-3", "100000", "0.005", "33", "7.5", "1499.99"])
		for (const kind of ["food", "tools", "x"]) yield ["GET", "/price", { amount, kind }];
	yield ["POST", "/price", {}];
	for (const text of ["", "a", "bb a bb", "Ten, ten. zz9 a a", "; ;", "one two three four five one two", "a.b,c ; d"])
		yield ["POST", "/words", { text }];
	for (const name of ["nail", "hammer", " saw ", "xx", "nail", "hammer", "x"])
		for (const count of ["1", "5", "-3", "-50", "q"])
			yield [count === "1" ? "GET" : "POST", "/stock", { name, count, price: count === "5" ? "z" : "2.5" }];
	for (const from of ["01.01.2020", "29.02.2024", "31.12.1999", "1.1.20", "31.04.2021"])
		for (const days of ["0", "7", "-1", "-7", "-400", "3", "zz"]) yield ["GET", "/days", { from, days }];
}

test("the branches of each request are exactly those that CPython takes", async () => {
	const { graph, program } = await mapProject(shop);
	const requests = [...asked()];
	const oracle = spawnSync("python3", [join(import.meta.dirname, "testing/branch-oracle.py"), shop, join(dir, "legacy.db")], {
		input: JSON.stringify(requests),
		encoding: "utf8",
	});
	expect(oracle.stderr).toBe("");
	const truth = (JSON.parse(oracle.stdout) as string[][]).map((keys) => new Set(keys));
	const database = new DatabaseSync(join(dir, "modern.db"));
	database.exec(
		makeBlueprint(program, graph, "shop.stock")
			.tables.map((table) => table.ddl)
			.join(";\n"),
	);
	database.exec("INSERT INTO items (name, price, stock, note) VALUES ('nail', 0.5, 10, 'old')");
	const services = new Map<string, Watched>();
	for (const handler of new Set(graph.routes.map((route) => route.handler))) {
		const blueprint = makeBlueprint(program, graph, handler);
		const service = await startWatched(blueprint, join(dir, handler), database);
		for (const route of blueprint.interface.routes) services.set(`${route.method} ${route.path}`, service);
	}
	const seen = new Set<string>();
	let compared = 0;
	requests.forEach((request, at) => {
		const [method, path] = request;
		const service = services.get(`${method} ${path}`);
		if (service === undefined) throw new Error(`no service for ${method} ${path}`);
		// What the slice resolved for this route is no choice any more, and the oracle's alone.
		const known = new Set(service.branches.filter((branch) => branch.kind !== "entry").map(keyOf));
		const reported = service.answer(request);
		const keys = reported.filter((branch) => branch.kind !== "entry").map(keyOf);
		expect([request, keys.sort()]).toEqual([request, [...(truth[at] ?? [])].filter((key) => known.has(key)).sort()]);
		expect(reported.some((branch) => branch.kind === "entry")).toBe(true);
		for (const key of keys) seen.add(key);
		compared += keys.length;
	});
	database.close();
	// The requests reach most of what there is, so that the comparison is one.
	expect(compared).toBeGreaterThan(400);
	expect(seen.size).toBeGreaterThan(40);
});

describe("the build for the shadow of every function of the bank", async () => {
	const bank = join(root, "sample-monolith/banca");
	const { graph, program } = await mapProject(bank);
	test.each(graph.routes.map(({ method, path, handler }) => [`${method} ${path}`, handler] as const))("%s", (_, handler) => {
		const blueprint = makeBlueprint(program, graph, handler);
		const live = generateService(blueprint, {}, "typescript");
		const shadow = generateWatchedService(blueprint, {}, "typescript");
		const branches = branchesOf(blueprint);
		const text = Object.values(shadow).join("\n");
		// Every branch is reported from somewhere.
		const silent = branches.filter((_one, number) => !new RegExp(`\\$branches\\.\\w+\\((?:${number}\\b|\\d+, ${number}\\b)`).test(text));
		expect(silent.map(({ id }) => id)).toEqual([]);
		// The live build is the shadow's without what it reports: no line is moved, and every letter of it is there in its order.
		for (const [path, whole] of Object.entries(live)) {
			const lines = (shadow[path] ?? "").split("\n");
			whole.split("\n").forEach((line, at) => {
				const watched = lines[at] ?? "";
				if (watched.includes("$branches") || watched.includes("turns$")) expect(isWithin(line, watched)).toBe(true);
				else expect(watched).toBe(line);
			});
		}
		expect(Object.values(live).join("\n")).not.toMatch(/\$branches|X-Phoenix-Branches/);
	});

	test("the words of a branch are legacy's, with its place", () => {
		const names = branchNames(bank, makeBlueprint(program, graph, "scoring.credit_score"));
		expect(names.map(({ words, file, line }) => `${words} (${file}:${line})`)).toEqual(
			expect.arrayContaining([
				"GET /credit-score: reached (dispatch.py:34)",
				"share > 0.9: yes (scoring.py:140)",
				"each of rows: not once (scoring.py:79)",
				"ValueError: caught (scoring.py:56)",
			]),
		);
		// A loop over a table that is written into the source has no choice.
		expect(names.some(({ words }) => words.includes("BANDS"))).toBe(false);
		expect(new Set(names.map(({ id }) => id)).size).toBe(names.length);
	});
});

function isWithin(part: string, whole: string): boolean {
	let at = 0;
	for (const letter of whole) if (letter === part[at]) at++;
	return at === part.length;
}
