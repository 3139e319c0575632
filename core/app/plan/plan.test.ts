import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newMigration } from "../../arbiter/index.ts";
import type { Migration } from "../../contract/run.ts";
import { functionNode, indexGraph } from "../../graph/index.ts";
import { openProject, type Project } from "../project.ts";
import { planInWords } from "./plan-in-words.ts";
import { sourceName } from "./slice.ts";
import { assertOwnRoutes } from "./start-guard.ts";

const fixtures = join(import.meta.dirname, "fixtures");

/** Compares with the blessed text; `BLESS=1` writes it anew, to be read in the difference. */
function expectBlessed(name: string, text: string): void {
	const file = join(fixtures, name);
	if (process.env.BLESS === "1") writeFileSync(file, text);
	expect(text).toBe(readFileSync(file, "utf8"));
}

describe("the plan of a cut in the sample bank", () => {
	let bank: Project;
	beforeAll(async () => {
		bank = await openProject(join(import.meta.dirname, "../../../sample-monolith/banca"));
	});
	const handlers = () => bank.graph.routes.map((route) => route.handler);

	it.each(["scoring.credit_score", "sessions.login", "transfers.transfer", "db.use_file"])("reads for %s as blessed", (name) => {
		expectBlessed(`${name}.txt`, `${planInWords(bank.plan(name)).join("\n")}\n`);
	});

	it("accounts for every function of the slice once: it moves or it is copied", () => {
		for (const handler of handlers()) {
			const { moves, copies } = bank.plan(handler);
			const planned = [...moves, ...copies].map((one) => one.function);
			const wanted = new Set(bank.blueprint(handler).functions.map((fn) => sourceName(fn.id)));
			expect(new Set(planned)).toEqual(wanted);
			expect(planned).toHaveLength(wanted.size);
		}
	});

	it("moves nothing that another route still reaches", () => {
		const index = indexGraph(bank.graph);
		for (const handler of handlers()) {
			const { moves, routes } = bank.plan(handler);
			const own = new Set(routes.map((route) => route.path));
			for (const one of moves) expect(index.routes(functionNode(one.function)).filter((route) => !own.has(route.path))).toEqual([]);
		}
	});

	it("names for every function but the dispatcher a caller in the slice, at a line that holds the call", () => {
		for (const handler of handlers()) {
			const { moves, copies } = bank.plan(handler);
			for (const one of [...moves, ...copies]) {
				if (one.function === "dispatch.serve") continue;
				const [place] = one.calledBy;
				const source = readFileSync(join(bank.dir, place?.file ?? ""), "utf8").split("\n")[(place?.line ?? 0) - 1];
				const name = one.function.slice(one.function.lastIndexOf(".") + 1);
				expect(source).toMatch(handler === one.function ? /program\(request\)/ : new RegExp(`\\b${name}\\b`));
			}
		}
	});

	it("sees the writers that stay, also those that are copied, and leaves out its own routes", () => {
		const movements = bank.plan("transfers.transfer").tables.find((table) => table.name === "movements");
		expect(movements?.otherWriters).toEqual([
			{ function: "accounts.post_movement", routes: ["POST /interest", "POST /loan", "POST /fees"] },
		]);
		expect(bank.plan("sessions.login").tables.find((table) => table.name === "sessions")?.otherWriters).toEqual([]);
	});

	it("ranks credit scoring and its neighbours before what writes shared tables, by the stated formula", () => {
		const cuts = bank.cuts(undefined, 50);
		expect(cuts).toHaveLength(10);
		for (const { score, isolation, complexity, terms } of cuts) {
			expect(score).toBeCloseTo(isolation * (1 + Math.min(complexity, 30) / 30), 10);
			const entanglement = terms.reduce((sum, term) => sum + term.count * term.weight, 0);
			expect(isolation).toBeCloseTo(1 / (1 + entanglement), 3);
		}
		expect(cuts.map((cut) => cut.score)).toEqual([...cuts.map((cut) => cut.score)].sort((a, b) => b - a));
		expect(bank.cuts("module:scoring", 50).map((cut) => cut.function)).toEqual(["scoring.credit_score"]);
	});

	it("gives every line of code of the slice a reason, and a way from the route to its function", () => {
		for (const handler of handlers()) {
			const plan = bank.plan(handler);
			const slice = bank.slice(handler);
			for (const one of [...plan.moves, ...plan.copies]) {
				const file = slice.files.find((item) => item.path === one.file);
				const source = file?.text.split("\n") ?? [];
				const known = new Map(file?.lines.map((line) => [line.line, line]));
				for (let line = one.line; line <= one.endLine; line++)
					if (source[line - 1]?.trim() !== "") expect(known.get(line)?.reasons.length, `${one.file}:${line}`).toBeGreaterThan(0);
				const way = slice.ways[one.function];
				expect(way?.length === 0, one.function).toBe(one.function === "dispatch.serve");
				expect(one.calledBy.some((call) => call.line === way?.at(-1)?.line) || one.function === "dispatch.serve").toBe(true);
			}
		}
	});

	it("explains lines as blessed", () => {
		const slice = bank.slice("scoring.credit_score");
		const text = slice.files
			.filter((file) => file.path === "scoring.py" || file.path === "dispatch.py")
			.flatMap((file) => {
				const source = file.text.split("\n");
				return file.lines.map(
					(line) =>
						`${file.path}:${line.line} ${line.role}  ${source[line.line - 1]?.trim()}\n${line.reasons.map((one) => `    ${one.text}\n`).join("")}`,
				);
			});
		expectBlessed("why-scoring.credit_score.txt", text.join(""));
	});

	it("leads every drift site and every statement of the slice to the generated lines that say it", () => {
		for (const handler of handlers()) {
			const blueprint = bank.blueprint(handler);
			const files = bank.generate(blueprint, {});
			const trace = bank.trace(blueprint, {});
			const functions = new Set(trace.map((one) => sourceName(one.owner)));
			for (const fn of blueprint.functions) expect(functions.has(sourceName(fn.id)), fn.id).toBe(true);
			for (const one of trace) {
				expect(one.to).toBeGreaterThanOrEqual(one.from);
				expect(one.to).toBeLessThanOrEqual((files[one.file] ?? "").split("\n").length);
			}
			const manifest = JSON.parse(files["service.json"] ?? "{}") as { sites: { expr: string; file: string; line: number }[] };
			for (const site of manifest.sites)
				expect(
					trace.some((one) => one.file === site.file && one.from <= site.line && site.line <= one.to),
					site.expr,
				).toBe(true);
		}
	});

	it("points from a line of legacy to the very lines that were written for it", () => {
		const blueprint = bank.blueprint("transfers.transfer");
		const text = bank.generate(blueprint, {})["service/transfers.ts"]?.split("\n") ?? [];
		const became = (line: number) => {
			const [found] = bank
				.trace(blueprint, {})
				.filter((one) => one.legacy.file === "transfers.py" && one.legacy.line === line)
				.sort((a, b) => a.to - a.from - (b.to - b.from));
			return text.slice((found?.from ?? 1) - 1, found?.to).map((one) => one.trim());
		};
		expect(became(55)).toEqual(["let commission = Math.round(amount * COMMISSION_RATE * 100) / 100;"]);
		expect(became(33)).toEqual(['if (payer === payee) throw new BankError("E305", "SAME ACCOUNT");']);
		expect(became(43)).toEqual(['storeAnswer(ports, con, key, "TRANSFER", answer);']);
	});
});

describe("the start of planned functions", () => {
	it("refuses two that would move the same route, and one whose route is on its way", async () => {
		const bank = await openProject(join(import.meta.dirname, "../../../sample-monolith/banca"));
		const own = (functions: string[], running: Migration[] = []) => assertOwnRoutes(bank, functions, running);
		expect(() => own(["scoring.credit_score", "limits.limits"])).not.toThrow();
		expect(() => own(["scoring.credit_score", "scoring.score_answer"])).toThrow(/scoring.credit_score already moves GET \/credit-score/);
		const moving = { ...newMigration("scoring.score_answer", 0), stage: "shadowing", routes: ["GET /credit-score"] } satisfies Migration;
		expect(() => own(["scoring.credit_score"], [moving])).toThrow(/scoring.score_answer already moves/);
		expect(() => own(["scoring.credit_score"], [{ ...moving, stage: "cancelled" }])).not.toThrow();
	});
});

describe("the plan of what cannot be translated", () => {
	it("refuses by name, with the line and what to do", async () => {
		const project = await openProject(join(import.meta.dirname, "../../blueprint/fixtures/refused"));
		const { verdict, unsupported } = project.plan("app.regex");
		expect(verdict).toEqual({ level: "refused", text: "Cannot be translated exactly: the library call re.match() at app.py:35." });
		expect(unsupported[0]).toMatchObject({
			construct: "the library call re.match()",
			remedy: expect.stringMatching(/\w/),
			span: { line: 35 },
		});
		expect(project.trace(project.blueprint("app.regex"), {})).toEqual([]);
	});
});
