import type { Graph } from "../contract/graph.ts";
import { functionNode, moduleNode, outsideKind, type PointsTo, type Program } from "../graph/index.ts";

export type ProgramCalls = {
	calls: { from: string; to: string; lines: number[] }[];
	unresolved: { from: string; text: string; line: number }[];
	outside: NonNullable<Graph["outside"]>;
};

/**
 * The calls between what the map shows: a lambda's calls are those of the function that it stands in, and a function that is given to code
 * outside of the program (a thread's target, a sort key) is called by whoever gave it.
 */
export function programCalls(program: Program, found: PointsTo): ProgramCalls {
	const functions = new Set(program.modules.flatMap((module) => module.functions.map((decl) => decl.id)));
	const modules = new Set(program.modules.map((module) => module.name));
	const nodeOf = (scope: string): string | null => {
		const shown = scope.replace(/(\.<lambda\d+>)+$/, "");
		if (functions.has(shown)) return functionNode(shown);
		return modules.has(shown) ? moduleNode(shown) : null;
	};
	const calls: ProgramCalls["calls"] = [];
	for (const edge of [...found.calls, ...found.handedOn]) {
		const from = nodeOf(edge.from);
		if (from !== null && functions.has(edge.to)) calls.push({ from, to: functionNode(edge.to), lines: [...edge.lines] });
	}
	for (const call of calls) call.lines.sort((a, b) => a - b);
	calls.sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
	const unresolved = found.unresolved.flatMap((item) => {
		const from = nodeOf(item.from);
		return from === null ? [] : [{ ...item, from }];
	});
	const outside = found.calls.flatMap((edge) => {
		const from = nodeOf(edge.from);
		const kind = functions.has(edge.to) ? null : outsideKind(edge.to);
		return from === null || kind === null ? [] : [{ from, kind, what: edge.to.replace("<builtin>.", ""), line: Math.min(...edge.lines) }];
	});
	return { calls, unresolved, outside };
}
