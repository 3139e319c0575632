import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sitesOf } from "../contract/sites.ts";
import { generateService, generateWatchedService } from "../generate/index.ts";
import { openProject, type Project } from "./project.ts";

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

	it("makes no draft: the choices change nothing", () => {
		const blueprint = project.blueprint("interests.interest");
		const exact = Object.fromEntries(sitesOf(blueprint).map(({ expr }) => [expr, "exact" as const]));
		expect(generateService(blueprint, exact, "spring-boot")).toEqual(generateService(blueprint, {}, "spring-boot"));
	});

	it("takes only the runtime classes that the service names", () => {
		const files = generateService(project.blueprint("transfers.transfer"), {}, "spring-boot");
		const sources = Object.entries(files).filter(([path]) => path.startsWith("src/main/java/service/") && path.split("/").length === 5);
		for (const name of ["Dates", "Errors", "Numbers", "Texts", "Values"])
			expect(sources.some(([path, text]) => !path.endsWith(`/${name}.java`) && text.includes(`${name}.`))).toBe(
				files[`src/main/java/service/${name}.java`] !== undefined,
			);
	});

	it("refuses by name what it cannot write, and evidence by branch", () => {
		const blueprint = project.blueprint("transfers.transfer");
		expect(() => generateWatchedService(blueprint, {}, "spring-boot")).toThrow(/evidence by branch/);
		const changed = structuredClone(blueprint);
		const text = JSON.stringify(changed.functions).replaceAll('"op":"float.round"', '"op":"float.pow"');
		expect(() => generateService({ ...changed, functions: JSON.parse(text) }, {}, "spring-boot")).toThrow(/float\.pow in Java/);
	});
});
