// Licences of what is shipped and is not ours: which are accepted, and the text that goes with every package.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../runtime.mjs";
import { pinned } from "./node-binary.mjs";

/** @typedef {import("./packages.mjs").Package} Package */

/** Permissive licences, and the font licence. Whoever adds one has read it: none may ask for the source of what is shipped with it. */
const accepted = new Set([
	"MIT",
	"ISC",
	"0BSD",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"Apache-2.0",
	"BlueOak-1.0.0",
	"CC0-1.0",
	"OFL-1.1",
	"Python-2.0",
	"Unlicense",
	"Zlib",
]);

/** Whether an SPDX expression can be met with accepted licences alone: of OR one side, of AND both. @param {string} expression */
export function isAccepted(expression) {
	const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
	const either = () => {
		let met = both();
		while (tokens[0] === "OR") {
			tokens.shift();
			const other = both();
			met ||= other;
		}
		return met;
	};
	const both = () => {
		let met = one();
		while (tokens[0] === "AND") {
			tokens.shift();
			const other = one();
			met &&= other;
		}
		return met;
	};
	/** @returns {boolean} */
	const one = () => {
		const token = tokens.shift();
		if (token !== "(") return accepted.has(token ?? "");
		const met = either();
		return tokens.shift() === ")" && met;
	};
	return either() && tokens.length === 0;
}

/** Licence -> how many packages, the most frequent first. @param {Package[]} packages @returns {[string, number][]} */
export function countLicences(packages) {
	/** @type {Map<string, number>} */
	const counts = new Map();
	for (const { licence } of packages) counts.set(licence || "none named", (counts.get(licence || "none named") ?? 0) + 1);
	return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** Every shipped package with its licence text. @param {Package[]} packages */
export function thirdPartyText(packages) {
	const refused = packages.filter(({ licence }) => !isAccepted(licence));
	if (refused.length > 0)
		throw new Error(
			`The licence cannot be shipped: ${refused.map(({ name, licence }) => `${name} (${licence || "none named"})`).join(", ")}.`,
		);
	const unique = new Map(packages.map((one) => [`${one.name} ${one.version}`, one]));
	const sections = [...unique]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([title, one]) => section(`${title} (${one.licence})`, textOf(one)));
	const node = section(`Node.js ${pinned.version}`, readFileSync(join(import.meta.dirname, "licences/node.txt"), "utf8"));
	return `Phoenix Engine is made with the work of others. These are their licences.\n\n${[...sections, node].join("\n")}`;
}

/** @param {string} title @param {string} text */
const section = (title, text) => `${"=".repeat(100)}\n${title}\n${"=".repeat(100)}\n${text.replaceAll("\r\n", "\n").trim()}\n`;

/** @param {Package} one */
function textOf({ path, licence }) {
	const files = readdirSync(join(root, path)).filter((name) => /^(licen[cs]e|copying|notice|ofl)/i.test(name) && !name.endsWith(".js"));
	if (files.length > 0) return files.map((name) => readFileSync(join(root, path, name), "utf8").trim()).join("\n\n");
	const readme = ["README.md", "readme.md", "README"].map((name) => join(root, path, name)).find((file) => existsSync(file));
	const told = readme === undefined ? undefined : /^#+ *licen[cs]e[^\n]*\n([\s\S]*)/im.exec(readFileSync(readme, "utf8"))?.[1]?.trim();
	return told || `The package carries no text of its own; its manifest names ${licence}.`;
}
