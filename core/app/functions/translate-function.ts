import { Fault } from "../../base/index.ts";
import { makeFunctionUnit } from "../../blueprint/index.ts";
import type { FunctionUnit } from "../../contract/function-ir.ts";
import { type FunctionTarget, generateFunctionModule } from "../../generate/index.ts";
import { readProgram } from "../../mapper/index.ts";

export type TranslatedFunction = { unit: FunctionUnit; files: Record<string, string> };

/**
 * A module-level function of a Python file, with what it needs of its project, as files of a target language: path -> text.
 * Throws UNSUPPORTED with the first construct that has no exact meaning there (`more`: how many others), FUNCTION_UNKNOWN, SOURCE_MISSING and
 * SOURCE_UNREADABLE; what does not parse is refused too.
 */
export async function translateFunction(file: string, name: string, target: FunctionTarget): Promise<TranslatedFunction> {
	const { program, entry } = await readProgram(file);
	const [broken] = program.parseErrors.filter((error) => error.file === entry.file);
	if (broken)
		throw refusal(
			name,
			{ construct: `text that does not parse (${broken.message})`, instead: "Mend the source." },
			broken.file,
			broken.line,
		);
	const unit = makeFunctionUnit(program, entry.name, name);
	const { files, unsupported } = generateFunctionModule(unit, target);
	const [first, ...more] = unsupported;
	if (first) {
		const others = more.length > 0 ? ` (and ${more.length} more)` : "";
		throw refusal(
			name,
			{ construct: `${first.construct}, because ${first.why}${others}`, instead: first.instead },
			first.span.file,
			first.span.line,
		);
	}
	return { unit, files };
}

const refusal = (name: string, { construct, instead }: { construct: string; instead: string }, file: string, line: number): Fault =>
	new Fault("UNSUPPORTED", { function: name, construct, remedy: instead, file, line });
