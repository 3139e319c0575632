// Which npm packages a part of the product ships: what its sources import, and everything that those need, by package-lock.json.
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { root } from "../runtime.mjs";
import { filesBelow, isSource } from "./files.mjs";

/**
 * One installed package. `path`: its key in the lock file (`node_modules/ws`).
 * @typedef {{ path: string; name: string; version: string; licence: string; integrity: string }} Package
 * @typedef {{ version: string; integrity?: string; license?: string; dev?: boolean; optional?: boolean; hasInstallScript?: boolean;
 *   dependencies?: Record<string, string>; optionalDependencies?: Record<string, string>;
 *   peerDependencies?: Record<string, string>; peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Locked
 */

/** @returns {Record<string, Locked>} */
export const readLock = () => JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;

const seams = ["core/base", "core/contract"];

/** What the engine's processes load from node_modules. */
export const enginePackages = () => closure(importedBy(["core"]));

/** What stands inside the bundle of the screen. */
export const screenPackages = () => closure(importedBy(["renderer", ...seams]));

/** What stands inside the bundle of the desktop's main process. */
export const desktopPackages = () => closure(importedBy(["electron", ...seams]).filter((name) => name !== "electron"));

/** Names of packages that the shipped sources of some folders import. @param {string[]} folders @returns {string[]} */
export function importedBy(folders) {
	const found = new Set();
	for (const file of folders.flatMap((folder) => filesBelow(join(root, folder)).map((path) => join(root, folder, path)))) {
		if (!isSource(file)) continue;
		// Types are gone at run time.
		const text = readFileSync(file, "utf8").replaceAll(/^(import|export) type [^;]*;/gm, "");
		const imports = text.matchAll(/(?:^|[\s;}])(?:from|import|@import|export \* from)\s*\(?\s*["']([^"'\n]+)["']/g);
		for (const [, specifier = ""] of imports) if (/^[a-z@]/.test(specifier) && isPackage(specifier)) found.add(nameIn(specifier));
		for (const [, specifier = ""] of text.matchAll(/\burl\(["']?([a-z@][^"':)\n]*)["']?\)/g)) found.add(nameIn(specifier));
		for (const [, specifier = ""] of text.matchAll(/\.resolve\(["']([a-z@][^"'\n]*)["']\)/g)) found.add(nameIn(specifier));
	}
	return [...found].sort();
}

/** @param {string} specifier */
const isPackage = (specifier) => !specifier.startsWith("node:") && !builtinModules.includes(specifier) && !specifier.includes(":");

/** @param {string} specifier `@scope/name/part` @returns {string} `@scope/name` */
const nameIn = (specifier) =>
	specifier
		.split("/")
		.slice(0, specifier.startsWith("@") ? 2 : 1)
		.join("/");

/** Some packages with all that they need at run time, in order of their paths. @param {string[]} names @returns {Package[]} */
export function closure(names) {
	const lock = readLock();
	/** @type {Map<string, Package>} */
	const found = new Map();
	const waiting = names.map((name) => ({ from: "", name, needed: true }));
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const path = resolveIn(lock, next.from, next.name);
		const entry = path === null ? undefined : lock[path];
		if (path === null || entry === undefined || !existsSync(join(root, path))) {
			if (next.needed) throw new Error(`${next.name}, which ${next.from || "the product"} needs, is not installed.`);
			continue;
		}
		if (found.has(path)) continue;
		if (entry.dev) throw new Error(`${path} is a development dependency, and the product ships it.`);
		found.set(path, describe(path, entry));
		const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = entry;
		const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
		for (const name of [...Object.keys(dependencies), ...peers]) {
			if (unused[path]?.includes(name)) continue;
			waiting.push({ from: path, name, needed: !(name in optionalDependencies) });
		}
	}
	return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Needed only to build a native module that the product does not load: the grammar is read as WebAssembly. @type {Record<string, string[]>} */
const unused = { "node_modules/tree-sitter-python": ["node-addon-api", "node-gyp-build"] };

/** @param {string} path @param {Locked} entry @returns {Package} */
function describe(path, entry) {
	const manifest = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
	const { name, version } = manifest;
	if (version !== entry.version) throw new Error(`${path} is ${version}, and the lock file says ${entry.version}.`);
	return { path, name, version, licence: licenceOf(path, manifest), integrity: entry.integrity ?? "" };
}

/** An SPDX expression; empty when the package names none. @param {string} path @param {{ license?: unknown; licenses?: { type: string }[] }} manifest */
function licenceOf(path, { license, licenses }) {
	if (typeof license === "string") return license;
	if (Array.isArray(licenses)) return licenses.map(({ type }) => type).join(" OR ");
	const [file] = ["LICENSE", "LICENSE.md", "license"].filter((name) => existsSync(join(root, path, name)));
	const text = file === undefined ? "" : readFileSync(join(root, path, file), "utf8");
	return /\bMIT\b|Permission is hereby granted, free of charge/.test(text) ? "MIT" : "";
}

/** As Node looks a package up: from the folder of who asks, upwards. @param {Record<string, Locked>} lock @param {string} from @param {string} name */
function resolveIn(lock, from, name) {
	for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
		const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
		if (lock[path] !== undefined) return path;
		if (folder === "") return null;
	}
}
