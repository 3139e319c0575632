import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { branchesOf } from "../contract/branches.ts";
import { sitesOf } from "../contract/sites.ts";
import { firstChoices, generateService, generateWatchedService, traceService } from "../generate/index.ts";
import { openProject, type Project } from "./project.ts";

const transfers = "src/main/java/service/Transfers.java";
let project: Project;

beforeAll(async () => {
	project = await openProject(join(import.meta.dirname, "../../sample-monolith/banca"));
});

/** `BLESS=1` writes it anew, to be read in the difference. */
function isBlessed(name: string, text: string): void {
	const file = join(import.meta.dirname, "fixtures/spring-boot", `${name}.txt`);
	mkdirSync(dirname(file), { recursive: true });
	if (process.env.BLESS === "1") writeFileSync(file, text);
	expect(text).toBe(readFileSync(file, "utf8"));
}

describe("the Spring Boot target", () => {
	it.each([
		["transfers.transfer", ["Transfers", "Repository", "ServiceController"]],
		["scoring.credit_score", ["Scoring"]],
	])("writes the blessed classes of %s", (name, classes) => {
		const files = generateService(project.blueprint(name), {}, "spring-boot");
		for (const one of classes) isBlessed(`${name}.${one}`, files[`src/main/java/service/${one}.java`] ?? "");
	});

	it("keeps every SQL text exactly", () => {
		const blueprint = project.blueprint("transfers.transfer");
		const repository = generateService(blueprint, {}, "spring-boot")["src/main/java/service/Repository.java"] ?? "";
		for (const { sql } of blueprint.statements) expect(repository).toContain(JSON.stringify(sql));
	});

	it("drafts a site only where Java's own spelling computes what TypeScript's does; every other one is exact from the start", () => {
		const blueprint = project.blueprint("transfers.transfer");
		const sites = sitesOf(blueprint);
		const first = firstChoices(blueprint, "spring-boot");
		const drafted = new Set(sites.filter(({ expr }) => first[expr] === undefined).map(({ op }) => op));
		expect([...drafted].sort()).toEqual(["float.round", "float.round_int", "int.floordiv", "int.mod", "str.format_float"]);
		expect(generateService(blueprint, first, "spring-boot")).toEqual(generateService(blueprint, {}, "spring-boot"));
		expect(firstChoices(blueprint, "typescript")).toEqual({});

		const draft = generateService(blueprint, {}, "spring-boot")[transfers] ?? "";
		expect(draft).toContain("double commission = Math.round(amount * COMMISSION_RATE * 100.0) / 100.0;");
		const [site] = sites.filter(({ function: of, op }) => of === "transfers.commission_of" && op === "float.round");
		const healed = generateService(blueprint, { [site?.expr ?? ""]: "exact" }, "spring-boot")[transfers] ?? "";
		expect(healed).toContain("double commission = Numbers.roundHalfEven(amount * COMMISSION_RATE, 2);");
	});

	it("says on which line each site and each piece of legacy stands", () => {
		const blueprint = project.blueprint("transfers.transfer");
		const files = generateService(blueprint, {}, "spring-boot");
		const { sites } = JSON.parse(files["service.json"] ?? "{}") as { sites: { op: string; file: string; line: number }[] };
		expect(sites.length).toBe(sitesOf(blueprint).length);
		for (const { file, line, op } of sites.filter(({ op }) => op === "float.round"))
			expect(files[file]?.split("\n")[line - 1], `${op} at ${file}:${line}`).toMatch(/Math\.round\(|roundHalfEven/);
		const traces = traceService(blueprint, {}, "spring-boot");
		const method = traces.find(({ owner, legacy }) => owner === "transfers.commission_of" && legacy.line === 54);
		const lines = files[method?.file ?? ""]
			?.split("\n")
			.slice((method?.from ?? 0) - 1, method?.to)
			.join("\n");
		expect(lines).toMatch(/Commission of a transfer[\s\S]*return commission;\s+\}$/);
		for (const text of Object.values(files)) expect([...text].some((sign) => sign === "\u0001" || sign === "\u0002")).toBe(false);
	});

	it("says in a shadow build which branches a request takes, in the numbers of the TypeScript build, and nowhere else", () => {
		const blueprint = project.blueprint("transfers.transfer");
		const [live, shadow] = [generateService(blueprint, {}, "spring-boot"), generateWatchedService(blueprint, {}, "spring-boot")];
		expect(Object.values(live).join("\n")).not.toMatch(/Branches\./);
		const text = Object.values(shadow).join("\n");
		const told = [...text.matchAll(/Branches\.(?:took|either|each|Turns)\((\d+)(?:, (\d+))?/g)].flatMap(([, a, b]) => (b ? [a, b] : [a]));
		expect(told.map(Number).sort((a, b) => a - b)).toEqual(branchesOf(blueprint).map((_, number) => number));
	});

	it("takes only the runtime classes that the service names", () => {
		const files = generateService(project.blueprint("transfers.transfer"), {}, "spring-boot");
		const sources = Object.entries(files).filter(([path]) => path.startsWith("src/main/java/service/") && path.split("/").length === 5);
		for (const name of ["Dates", "Errors", "Numbers", "Texts", "Values"])
			expect(sources.some(([path, text]) => !path.endsWith(`/${name}.java`) && text.includes(`${name}.`))).toBe(
				files[`src/main/java/service/${name}.java`] !== undefined,
			);
	});

	it("refuses by name what it cannot write", () => {
		const blueprint = project.blueprint("transfers.transfer");
		const changed = structuredClone(blueprint);
		const text = JSON.stringify(changed.functions).replaceAll('"op":"float.round"', '"op":"float.sqrt"');
		expect(() => generateService({ ...changed, functions: JSON.parse(text) }, {}, "spring-boot")).toThrow(/float\.sqrt in Java/);
	});
});
