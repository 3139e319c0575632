import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { adjacencyOf, type Program, pointsTo } from "../../graph/index.ts";
import { createPythonReader } from "../languages/python/index.ts";

/** One case of a suite: what was found beyond the truth, and what of the truth was not found, as `caller -> callee`. */
export type ScoredCase = { name: string; found: number; true: number; extra: string[]; missing: string[] };

/**
 * Scores a suite of call-graph cases in the form that PyCG's has: a folder with a `callgraph.json` ({caller: [callee, ...]}) and the sources
 * below it is a case. Edges are compared as sets; keys without edges say nothing.
 */
export async function scoreSuite(dir: string): Promise<ScoredCase[]> {
	const read = await createPythonReader();
	return casesBelow(dir).map((folder) => {
		const modules = sourcesBelow(folder).map(
			(file) => read(relative(folder, file).replaceAll("\\", "/"), readFileSync(file, "utf8")).module,
		);
		const program: Program = { root: folder, language: "python", modules, scripts: [], files: [], parseErrors: [] };
		const found = edgesOf(adjacencyOf(pointsTo(program)));
		const truth = edgesOf(JSON.parse(readFileSync(join(folder, "callgraph.json"), "utf8")) as Record<string, string[]>);
		return {
			name: relative(dir, folder) || ".",
			found: found.size,
			true: truth.size,
			extra: [...found].filter((edge) => !truth.has(edge)),
			missing: [...truth].filter((edge) => !found.has(edge)),
		};
	});
}

export type SuiteScore = { cases: number; exact: number; complete: number; sound: number; precision: number; recall: number };

/** complete: nothing beyond the truth; sound: nothing missing; precision and recall over the edges of all cases together. */
export function totalOf(cases: readonly ScoredCase[]): SuiteScore {
	const sum = (of: (one: ScoredCase) => number) => cases.reduce((total, one) => total + of(one), 0);
	const right = sum((one) => one.found - one.extra.length);
	return {
		cases: cases.length,
		exact: cases.filter((one) => one.extra.length + one.missing.length === 0).length,
		complete: cases.filter((one) => one.extra.length === 0).length,
		sound: cases.filter((one) => one.missing.length === 0).length,
		precision:
			right /
			Math.max(
				1,
				sum((one) => one.found),
			),
		recall:
			right /
			Math.max(
				1,
				sum((one) => one.true),
			),
	};
}

const edgesOf = (lists: Record<string, string[]>): Set<string> =>
	new Set(Object.entries(lists).flatMap(([from, to]) => to.map((name) => `${from} -> ${name}`)));

function casesBelow(dir: string): string[] {
	if (existsSync(join(dir, "callgraph.json"))) return [dir];
	return foldersIn(dir).flatMap(casesBelow);
}

function sourcesBelow(dir: string): string[] {
	const own = readdirSync(dir)
		.filter((name) => name.endsWith(".py"))
		.map((name) => join(dir, name));
	return [...own, ...foldersIn(dir).flatMap(sourcesBelow)].sort();
}

const foldersIn = (dir: string): string[] =>
	readdirSync(dir)
		.sort()
		.map((name) => join(dir, name))
		.filter((path) => statSync(path).isDirectory());
