import { createContext, Script } from "node:vm";
import { Fault } from "../base/index.ts";

/** A pattern of the user may need longer than the universe lasts; it gets so long for one slice of lines. */
const LIMIT_MS = 60;

/** Gives the places of the lines that hold `text`: as it stands in any case, or as a regular expression. Fault INPUT_INVALID. */
export function createMatcher(text: string, regex: boolean): (lines: string[]) => number[] {
	if (!regex) {
		const wanted = text.toLowerCase();
		return (lines) => lines.flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [index] : []));
	}
	let pattern: RegExp;
	try {
		pattern = new RegExp(text, "iu");
	} catch (error) {
		throw invalid(error instanceof Error ? error.message : String(error));
	}
	// Only a script of its own can be stopped in the middle of a match.
	const context = createContext({ pattern, lines: [] as string[] });
	const script = new Script("lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))");
	return (lines) => {
		context.lines = lines;
		try {
			return [...script.runInContext(context, { timeout: LIMIT_MS })];
		} catch (error) {
			if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
				throw invalid("it takes too long on these lines; a plain text or a simpler pattern does not");
			throw error;
		}
	};
}

const invalid = (reason: string) => new Fault("INPUT_INVALID", { subject: "The pattern", reason });
