import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Blueprint } from "../../contract/blueprint.ts";
import { type BranchName, branchesOf, nameOf } from "../../contract/branches.ts";
import type { Span } from "../../contract/ir.ts";

/** The branches of a blueprint in the words of the source in `dir`; a file that cannot be read leaves the lines. */
export function branchNames(dir: string, blueprint: Blueprint): BranchName[] {
	const files = new Map<string, string[]>();
	const linesOf = (file: string): string[] => {
		const known = files.get(file);
		if (known !== undefined) return known;
		const lines = readLines(join(dir, file));
		files.set(file, lines);
		return lines;
	};
	return branchesOf(blueprint).map((branch) => nameOf(branch, (span) => textOf(linesOf(span.file), span)));
}

/** Lines and columns of a span count from 1; its end is the column after the last character. */
function textOf(lines: readonly string[], { line, column, endLine, endColumn }: Span): string {
	const cut = lines.slice(line - 1, endLine);
	const last = cut.length - 1;
	return cut.map((text, index) => text.slice(index === 0 ? column - 1 : 0, index === last ? endColumn - 1 : undefined)).join(" ");
}

function readLines(file: string): string[] {
	try {
		return readFileSync(file, "utf8").split("\n");
	} catch {
		return [];
	}
}
