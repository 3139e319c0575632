const { layers, doors, sheets, testTools, testFiles, testsAbout, shippedFolders } = require("./layers.cjs");

/** @typedef {import("dependency-cruiser").IForbiddenRuleType} Rule */

const folders = Object.keys(layers);

/** @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The row's own files: below its folder, and in no longer row. @param {string} folder */
function filesOf(folder) {
	const inner = folders.filter((other) => other.startsWith(`${folder}/`)).map((other) => literally(other.slice(folder.length + 1)));
	return inner.length === 0 ? `^${folder}/` : `^${folder}/(?!(${inner.join("|")})/)`;
}

/** @param {string} entry a cell of the table @returns {string[]} patterns of the resolved paths that it allows */
function pathsOf(entry) {
	if (entry === "node") return [];
	if (entry.endsWith(".ts")) return [`^${literally(entry)}$`];
	if (entry.endsWith("/*")) return [filesOf(entry.slice(0, -2))];
	if (!entry.startsWith("npm:")) return [`^${entry}/${doors[/** @type {keyof typeof doors} */ (entry)] ?? "index\\.tsx?$"}`];
	const name = literally(entry.slice(4));
	// Its types may come from DefinitelyTyped; a bundler's `x?url` is not resolved and stays as written.
	const types = name.replace("@", "").replace("/", "__");
	return [`^node_modules/${name}/`, `^node_modules/@types/${types}/`, `^${name}(/|$)`];
}

/** @param {string} folder @param {string[]} allowed @param {boolean} inTests @returns {Rule[]} */
function rulesOfRow(folder, allowed, inTests) {
	const own = filesOf(folder);
	const from = inTests ? { path: `${own}.*${testFiles}` } : { path: own, pathNot: testFiles };
	const name = inTests ? `${folder} (tests)` : folder;
	const comment = `${name} may import ${allowed.join(", ") || "nothing but itself"}; folders through their index (build/layers.cjs)`;
	const listed = [own, ...allowed.flatMap(pathsOf), ...(folder.startsWith("renderer") ? [sheets] : [])];
	/** @type {Rule} */
	const onlyListed = {
		name: `only-listed: ${name}`,
		severity: "error",
		comment,
		from,
		to: { dependencyTypesNot: ["core"], pathNot: listed },
	};
	if (allowed.includes("node")) return [onlyListed];
	return [onlyListed, { name: `no-node: ${name}`, severity: "error", comment, from, to: { dependencyTypes: ["core"] } }];
}

/** @type {Rule[]} */
const generalRules = [
	{
		name: "folder-is-in-the-table",
		severity: "error",
		comment: "A new folder of core or renderer needs its row in build/layers.cjs first.",
		from: {
			path: "^(core|renderer)/[^/]+/",
			pathNot: [testFiles, ...folders.filter((folder) => folder.includes("/")).map((folder) => `^${folder}/`)],
		},
		to: {},
	},
	{
		name: "no-cycles",
		severity: "error",
		comment: "Modules are strangers: no cycles, type-only imports included.",
		from: {},
		to: { circular: true },
	},
	{
		name: "resolvable",
		severity: "error",
		comment: "The imported file or package does not exist.",
		from: {},
		to: { couldNotResolve: true, pathNot: "\\?(url|worker|raw)" },
	},
	{
		name: "no-orphans",
		severity: "error",
		comment: "Nothing imports this file and it imports nothing: dead code.",
		from: { orphan: true, pathNot: [testFiles, "\\.d\\.ts$", "^build/", ...shippedFolders.map((folder) => `^${folder}/`)] },
		to: {},
	},
	{
		name: "no-code-from-tests",
		severity: "error",
		comment: "What the product needs does not stand in a test.",
		from: { pathNot: testFiles },
		to: { path: testFiles },
	},
];

/** @param {string} folder @returns {string[]} */
const aboutOf = (folder) => testsAbout[/** @type {keyof typeof testsAbout} */ (folder)] ?? [];

/** The rules of dependency-cruiser, from the table. @returns {Rule[]} */
function createRules() {
	const rows = Object.entries(layers).flatMap(([folder, allowed]) => [
		...rulesOfRow(folder, allowed, false),
		...rulesOfRow(folder, [...new Set([...allowed, ...testTools, ...aboutOf(folder)])], true),
	]);
	return [...rows, ...generalRules];
}

module.exports = { createRules };
