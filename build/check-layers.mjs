// The second net: every import of the product against the table in layers.cjs. Exit code 1 and one line per violation.
// `--root DIR` checks a copy of the tree elsewhere; `--json` prints the violations as an array.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";
import { cruise } from "dependency-cruiser";

/** @typedef {{ rule: string; from: string; to: string; why: string }} Violation */

const rootFlag = process.argv.indexOf("--root");
process.chdir(rootFlag > 0 ? resolve(process.argv[rootFlag + 1] ?? ".") : fileURLToPath(new URL("..", import.meta.url)));

const { forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const folders = ["core", "renderer", "electron", "build"].filter((folder) => existsSync(folder));
const { output } = await cruise(folders, { ...options, validate: true, ruleSet: { forbidden } });
if (typeof output === "string") throw new Error("dependency-cruiser returned text instead of a result");

const comments = new Map(forbidden.map((/** @type {{ name: string; comment: string }} */ rule) => [rule.name, rule.comment]));
/** @type {Violation[]} */
const violations = output.summary.violations.map(({ rule, from, to, cycle }) => ({
	rule: rule.name,
	from,
	to: cycle ? cycle.map((step) => step.name).join(" -> ") : to,
	why: comments.get(rule.name) ?? "",
}));
for (const { source } of output.modules)
	if (/^[^.].*\.tsx?$/.test(source) && !source.endsWith(".d.ts") && !source.startsWith("node_modules/"))
		violations.push(...importTypes(source));

if (process.argv.includes("--json")) console.log(JSON.stringify(violations));
else {
	for (const { rule, from, to, why } of violations) console.error(`${from} -> ${to}\n  ${rule}: ${why}`);
	const size = `${output.summary.totalCruised} modules, ${output.summary.totalDependenciesCruised ?? 0} imports`;
	console.log(violations.length > 0 ? `layers: ${violations.length} violations (${size})` : `layers: clean (${size})`);
}
process.exitCode = violations.length > 0 ? 1 : 0;

/** dependency-cruiser does not see every `import("x").Type`, so that form is not used at all. @param {string} file @returns {Violation[]} */
function importTypes(file) {
	const source = readFileSync(file, "utf8");
	if (!/\bimport\s*\(/.test(source)) return [];
	/** @type {Violation[]} */
	const found = [];
	const why = "Write `import type` at the top, where the layers are checked.";
	/** @param {unknown} node */
	const visit = (node) => {
		if (Array.isArray(node)) node.forEach(visit);
		else if (typeof node === "object" && node !== null) {
			if ("type" in node && node.type === "TsImportType" && "argument" in node) {
				const { value } = /** @type {{ value: string }} */ (node.argument);
				found.push({ rule: "import-types-at-the-top", from: file, to: value, why });
			}
			Object.values(node).forEach(visit);
		}
	};
	visit(parseSync(source, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2024" }));
	return found;
}
