const { layers, openFolders, testTools, testFiles } = require("./layers.cjs");

/** @typedef {import("dependency-cruiser").IForbiddenRuleType} Rule */

const folders = Object.keys(layers);

/** @param {string} text */
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Files of a row: everything below its folder that no longer row claims. @param {string} folder */
function filesOf(folder) {
	const inner = folders.filter((other) => other.startsWith(`${folder}/`)).map((other) => `^${escape(other)}/`);
	return { path: `^${escape(folder)}/`, pathNot: inner };
}

/** @param {string} entry a cell of the table @returns {string[]} patterns of resolved paths that it allows */
function pathsOf(entry) {
	if (entry === "node") return [];
	if (entry.startsWith("npm:")) {
		const name = escape(entry.slice(4));
		// Its types may come from DefinitelyTyped; a bundler's `x?url` is not resolved and stays as written.
		const types = escape(`@types/${entry.slice(4).replace("@", "").replace("/", "__")}`);
		return [`^node_modules/${name}/`, `^node_modules/${types}/`, `^${name}$`, `^${name}/`];
	}
	return openFolders.includes(entry) ? [`^${escape(entry)}/`] : [`^${escape(entry)}/index\\.tsx?$`];
}

/** @param {string} folder @param {string[]} allowed @param {boolean} tests @returns {Rule[]} */
function rulesOfRow(folder, allowed, tests) {
	const { path, pathNot } = filesOf(folder);
	const from = tests ? { path, pathNot } : { path, pathNot: [...pathNot, testFiles] };
	if (tests) from.path = `^${escape(folder)}/.*${testFiles}`;
	const inner = pathNot.length > 0 ? `^${escape(folder)}/[^/]+$` : `^${escape(folder)}/`;
	const own = pathNot.length > 0 ? ownFolders(folder, inner) : [inner];
	const name = `${folder}${tests ? " (tests)" : ""}`;
	const comment = `${name} may import only: ${allowed.join(", ") || "nothing but itself"} (build/layers.cjs)`;
	/** @type {Rule[]} */
	const rules = [
		{
			name: `only-listed: ${name}`,
			severity: "error",
			comment,
			from,
			to: { dependencyTypesNot: ["core"], pathNot: [...own, ...allowed.flatMap(pathsOf)] },
		},
	];
	if (!allowed.includes("node"))
		rules.push({ name: `no-node: ${name}`, severity: "error", comment, from, to: { dependencyTypes: ["core"] } });
	return rules;
}

/** A folder that holds other rows owns its direct files and the sub-folders that are no rows. @param {string} folder @param {string} direct */
function ownFolders(folder, direct) {
	const inner = folders.filter((other) => other.startsWith(`${folder}/`)).map((other) => escape(other.slice(folder.length + 1).split("/")[0]));
	return [direct, `^${escape(folder)}/(?!(?:${[...new Set(inner)].join("|")})/)`];
}

/** The rules of dependency-cruiser, from the table. @returns {Rule[]} */
function createRules() {
	/** @type {Rule[]} */
	const rules = Object.entries(layers).flatMap(([folder, allowed]) => [
		...rulesOfRow(folder, allowed, false),
		...rulesOfRow(folder, [...new Set([...allowed, ...testTools])], true),
	]);
	const known = folders.map((folder) => `^${escape(folder)}/`);
	rules.push(
		{
			name: "folder-is-in-the-table",
			severity: "error",
			comment: "A new folder of core or renderer needs its row in build/layers.cjs first.",
			from: { path: "^(core|renderer)/[^/]+/", pathNot: known.filter((path) => path !== "^core/" && path !== "^renderer/").concat(testFiles) },
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
			from: { orphan: true, pathNot: [testFiles, "\\.d\\.ts$", "\\.config\\.ts$", "^build/"] },
			to: {},
		},
		{
			name: "no-code-from-tests",
			severity: "error",
			comment: "What the product needs does not stand in a test.",
			from: { pathNot: testFiles },
			to: { path: testFiles },
		},
	);
	return rules;
}

module.exports = { createRules };
