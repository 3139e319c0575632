import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../../base/index.ts";
import { blueprintJsonSchema, parseBlueprint } from "../../blueprint/index.ts";
import type { Choices } from "../../contract/blueprint.ts";
import { sitesOf } from "../../contract/sites.ts";
import { generateService } from "../../generate/index.ts";
import { openProject } from "../project.ts";
import { type Command, textOf, wrongUsage } from "./command.ts";

export const blueprintCommand: Command = {
	usage: "blueprint DIR --function ID [--out FILE] | blueprint --schema",
	about: "Logic_Blueprint.json of one function; --schema prints the JSON Schema that it keeps to.",
	options: { function: "string", out: "string", schema: "boolean" },
	async run(input) {
		if (input.values.schema === true) {
			console.log(JSON.stringify(blueprintJsonSchema(), null, 2));
			return;
		}
		const [dir] = input.positionals;
		const name = textOf(input, "function");
		if (dir === undefined || name === undefined) wrongUsage();
		const blueprint = (await openProject(dir)).blueprint(name);
		const text = `${JSON.stringify(blueprint, null, 2)}\n`;
		const out = textOf(input, "out");
		if (out !== undefined) writeFileSync(out, text);
		else process.stdout.write(text);
		const refusal = blueprint.unsupported[0];
		if (refusal === undefined) return;
		const { construct, remedy, span } = refusal;
		throw new Fault("UNSUPPORTED", { function: blueprint.unit, construct, remedy, file: span.file, line: span.line });
	},
};

export const generateCommand: Command = {
	usage: "generate BLUEPRINT --target typescript|spring-boot --out DIR [--exact]",
	about: "A service from a blueprint; --exact keeps legacy's semantics at every site, as Spring Boot always does.",
	options: { target: "string", out: "string", exact: "boolean" },
	async run(input) {
		const [file] = input.positionals;
		const out = textOf(input, "out");
		const target = textOf(input, "target") ?? "typescript";
		if (file === undefined || out === undefined || (target !== "typescript" && target !== "spring-boot")) wrongUsage();
		const blueprint = parseBlueprint(readText(file));
		const choices: Choices =
			input.values.exact === true ? Object.fromEntries(sitesOf(blueprint).map((site) => [site.expr, "exact" as const])) : {};
		const files = generateService(blueprint, choices, target);
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(out, path)), { recursive: true });
			writeFileSync(join(out, path), text);
		}
		const sites = sitesOf(blueprint).length;
		if (input.json) console.log(JSON.stringify({ out, files: Object.keys(files), sites }));
		else
			console.log(
				`${Object.keys(files).length} files in ${out}; ${sites} places where legacy's arithmetic may differ from the usual spelling`,
			);
	},
};

function readText(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file, reason: (error as Error).message });
	}
}
