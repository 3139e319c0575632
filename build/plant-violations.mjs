// Proves the two nets: plants violations of the architecture in a copy of the tree and checks that each is caught
// by the net that is meant to catch it. The working tree is only read; the copy is removed whatever happens.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @typedef {{ what: string; file: string; code: string; layers?: string; compiler?: boolean; also?: [string, string] }} Plant */
/** `layers`: how the name of the rule begins. `compiler`: `tsc -b` must complain about the file. @type {Plant[]} */
const plants = [
	{
		what: "the renderer imports the engine",
		file: "renderer/state/planted-engine.ts",
		code: 'import { readFiles } from "../../core/mapper/files.ts";\nexport const planted = readFiles;',
		layers: "only-listed: renderer/state",
		compiler: true,
	},
	{
		what: "the renderer imports a mere type of the gateway",
		file: "renderer/features/planted-type.ts",
		code: 'import type { Planted } from "../../core/gateway/hot/planted-type.ts";\nexport type Again = Planted;',
		layers: "only-listed: renderer/features",
	},
	{
		what: "the contract uses Node",
		file: "core/contract/planted-node.ts",
		code: 'import { readFileSync } from "node:fs";\nexport const planted = readFileSync;',
		layers: "no-node: core/contract",
		compiler: true,
	},
	{
		what: "a pure folder reads files",
		file: "core/arbiter/planted-files.ts",
		code: 'import { readFileSync } from "node:fs";\nexport const planted = readFileSync;',
		layers: "no-node: core/arbiter",
		compiler: true,
	},
	{
		what: "a pure folder uses a timer",
		file: "core/compare/planted-timer.ts",
		code: "export const planted = setTimeout;",
		compiler: true,
	},
	{
		what: "a pure folder imports a package",
		file: "core/generate/planted-package.ts",
		code: 'import uPlot from "uplot";\nexport const planted = uPlot;',
		layers: "only-listed: core/generate",
	},
	{
		what: "a folder imports its sibling",
		file: "core/effects/planted-sibling.ts",
		code: 'import { openJournal } from "../journal/index.ts";\nexport const planted = openJournal;',
		layers: "only-listed: core/effects",
	},
	{
		what: "a folder imports its sibling when it runs",
		file: "core/agents/planted-late.ts",
		code: 'export const planted = () => import("../journal/index.ts");',
		layers: "only-listed: core/agents",
	},
	{
		what: "a type names a sibling in an import type",
		file: "core/mapper/planted-import-type.ts",
		code: 'export type Planted = import("../journal/index.ts").Journal;',
		layers: "import-types-at-the-top",
	},
	{
		what: "the hot path imports a mere type of the journal",
		file: "core/gateway/hot/planted-type.ts",
		code: 'import type { Journal } from "../../journal/index.ts";\nexport type Planted = Journal;',
		layers: "only-listed: core/gateway/hot",
	},
	{
		what: "the composition enters by a side door",
		file: "core/app/planted-door.ts",
		code: 'import { verifyJournal } from "../journal/chain.ts";\nexport const planted = verifyJournal;',
		layers: "only-listed: core/app",
	},
	{
		what: "a package is used outside its owner folder",
		file: "core/operator/planted-owner.ts",
		code: 'import initSqlJs from "sql.js";\nexport const planted = initSqlJs;',
		layers: "only-listed: core/operator",
	},
	{
		what: "a screen draws with cytoscape past the adapter",
		file: "renderer/ui/planted-canvas.ts",
		code: 'import cytoscape from "cytoscape";\nexport const planted = cytoscape;',
		layers: "only-listed: renderer/ui",
	},
	{
		what: "a package that is in no list",
		file: "core/effects/planted-unlisted.ts",
		code: 'import pad from "left-pad";\nexport const planted = pad;',
		layers: "resolvable",
		compiler: true,
	},
	{
		what: "the renderer sees process",
		file: "renderer/ui/planted-process.ts",
		code: "export const planted = process.env;",
		compiler: true,
	},
	{
		what: "the engine sees document",
		file: "core/operator/planted-document.ts",
		code: "export const planted = document.title;",
		compiler: true,
	},
	{
		what: "two files import each other's types",
		file: "core/journal/planted-cycle.ts",
		code: 'import type { There } from "./planted-cycle-back.ts";\nexport type Here = There | 1;',
		also: ["core/journal/planted-cycle-back.ts", 'import type { Here } from "./planted-cycle.ts";\nexport type There = Here[];'],
		layers: "no-cycles",
	},
	{
		what: "a new folder without a row in the table",
		file: "core/drawer/planted-folder.ts",
		code: 'import { Fault } from "../base/index.ts";\nexport const planted = Fault;',
		layers: "folder-is-in-the-table",
	},
	{
		what: "the product imports a test",
		file: "core/operator/planted-from-test.ts",
		code: 'import { planted as test } from "./planted.test.ts";\nexport const planted = test;',
		also: ["core/operator/planted.test.ts", "export const planted = 1;"],
		layers: "no-code-from-tests",
	},
];

/** @param {string} copy */
function copyTree(copy) {
	const skipped = new Set(["node_modules", "dist", ".git", ".phoenix", "test-results", "__pycache__"]);
	for (const name of [
		"core",
		"renderer",
		"electron",
		"build",
		"package.json",
		"tsconfig.json",
		"vitest.config.ts",
		".dependency-cruiser.cjs",
	]) {
		const from = join(root, name);
		if (!existsSync(from)) continue;
		cpSync(from, join(copy, name), {
			recursive: true,
			filter: (path) =>
				!relative(root, path)
					.split(sep)
					.some((part) => skipped.has(part)),
		});
	}
	symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
}

/** @param {string} copy @param {string} file @param {string} code */
function plant(copy, file, code) {
	mkdirSync(dirname(join(copy, file)), { recursive: true });
	writeFileSync(join(copy, file), `${code}\n`);
}

/** @param {string} copy @param {string[]} args */
function run(copy, args) {
	return spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8", maxBuffer: 1 << 28 });
}

const copy = mkdtempSync(join(tmpdir(), "phoenix-plant-"));
let missed = 0;
try {
	copyTree(copy);
	for (const { file, code, also } of plants) {
		plant(copy, file, code);
		if (also) plant(copy, ...also);
	}
	const compiler = run(copy, [join(root, "node_modules/typescript/bin/tsc"), "-b", "--pretty", "false"]);
	const layers = run(copy, [join(root, "build/check-layers.mjs"), "--root", copy, "--json"]);
	/** @type {{ rule: string; from: string }[]} */
	const violations = JSON.parse(layers.stdout);
	const complaints = `${compiler.stdout}${compiler.stderr}`.split("\n");
	for (const { what, file, also, layers: rule, compiler: mustNotCompile } of plants) {
		const byLayers =
			rule === undefined || violations.some(({ from, rule: name }) => (from === file || from === also?.[0]) && name.startsWith(rule));
		const byCompiler = !mustNotCompile || complaints.some((line) => line.startsWith(file) && line.includes("error TS"));
		const nets = [rule === undefined ? "" : "layers", mustNotCompile ? "compiler" : ""].filter(Boolean).join(" and ");
		if (byLayers && byCompiler) console.log(`caught  ${what} (${nets})`);
		else {
			missed++;
			console.error(
				`MISSED  ${what}: ${[byLayers ? "" : `no rule ${rule}`, byCompiler ? "" : "it compiles"].filter(Boolean).join(", ")} (${file})`,
			);
		}
	}
} finally {
	rmSync(copy, { recursive: true, force: true });
}
console.log(`${plants.length - missed} of ${plants.length} caught`);
process.exitCode = missed > 0 ? 1 : 0;
