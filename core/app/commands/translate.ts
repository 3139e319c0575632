import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../../base/index.ts";
import { functionUnitJsonSchema } from "../../blueprint/index.ts";
import type { Vector } from "../../contract/function-ir.ts";
import { type FunctionTarget, functionTargets } from "../../generate/index.ts";
import { characterise } from "../functions/characterise.ts";
import { type Checked, checkTranslation } from "../functions/check-translation.ts";
import { translateFunction } from "../functions/translate-function.ts";
import { type Command, numberOf, textOf, wrongUsage } from "./command.ts";

const names = Object.keys(functionTargets) as FunctionTarget[];

export const translateCommand: Command = {
	usage: `translate FILE --function NAME --target ${names.join("|")} --out DIR [--check CALLS [--seed N] | --vectors FILE] [--ir FILE] | translate --schema`,
	about:
		"One Python function with all it needs as a module that exports it, or as a Java class; refused by name (exit 3) where a construct has no exact meaning. --check runs the source and the translation on generated calls that reach every line they can, --vectors on recorded ones. --ir keeps what the front end made of it, --schema prints its JSON Schema.",
	options: {
		function: "string",
		target: "string",
		out: "string",
		check: "string",
		seed: "string",
		vectors: "string",
		ir: "string",
		schema: "boolean",
	},
	async run(input) {
		if (input.values.schema === true) {
			console.log(JSON.stringify(functionUnitJsonSchema(), null, 2));
			return;
		}
		const [file] = input.positionals;
		const [name, out, target] = [textOf(input, "function"), textOf(input, "out"), textOf(input, "target") ?? "typescript"];
		const calls = numberOf(input, "check");
		const recorded = textOf(input, "vectors");
		if (file === undefined || name === undefined || out === undefined || (calls !== undefined && recorded !== undefined)) wrongUsage();
		if (!isTarget(target)) wrongUsage();
		const { files, unit } = await translateFunction(file, name, target);
		const ir = textOf(input, "ir");
		if (ir !== undefined) writeFileSync(ir, `${JSON.stringify(unit, null, 2)}\n`);
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(out, path)), { recursive: true });
			writeFileSync(join(out, path), text);
		}
		const told: Record<string, unknown> = { function: name, target, out, files: Object.keys(files) };
		if (!input.json) console.log(`${name}: ${Object.keys(files).length} files in ${out}`);
		let checked: Checked | null = null;
		if (calls !== undefined) {
			const found = await characterise(file, name, { calls, seed: numberOf(input, "seed") ?? 1 });
			checked = await checkTranslation(out, found.vectors, target);
			Object.assign(told, { steps: found.steps, slow: found.slow, untellable: found.untellable, undetermined: found.undetermined });
			if (!input.json)
				console.log(
					`${found.vectors.length} calls of the source recorded, ${found.steps} steps from line to line reached; ${found.slow} took too long, ${found.untellable} have no text, ${found.undetermined} differ from process to process in the source itself`,
				);
		} else if (recorded !== undefined) checked = await checkTranslation(out, readVectors(recorded), target);
		if (checked) {
			Object.assign(told, { calls: checked.calls, equal: checked.equal });
			if (!input.json) {
				console.log(`${checked.equal} of ${checked.calls} calls equal: results, exceptions, arguments afterwards, output`);
				for (const { vector, answer, kind } of checked.differences.slice(0, 5))
					console.log(`  ${kind}: ${JSON.stringify(vector.args)}\n    source      ${line(vector)}\n    translation ${line(answer)}`);
			}
		}
		if (input.json) console.log(JSON.stringify(told));
		return checked && checked.equal < checked.calls ? 1 : 0;
	},
};

const isTarget = (name: string): name is FunctionTarget => (names as string[]).includes(name);

const line = ({ result, raises, after, output }: Partial<Vector> & { untranslated?: string }): string =>
	JSON.stringify({ result, raises, after, output });

function readVectors(file: string): Vector[] {
	try {
		return readFileSync(file, "utf8")
			.split("\n")
			.filter((text) => text.trim() !== "")
			.map((text) => JSON.parse(text) as Vector)
			.filter((vector) => Array.isArray(vector.args));
	} catch (error) {
		throw new Fault("INPUT_INVALID", { subject: file, reason: (error as Error).message });
	}
}
