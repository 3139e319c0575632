// The engine as it is installed, headless and in the desktop alike: a folder that looks like the checkout, without what only
// development needs, and with a Node of its own.
//
//     package.json  LICENSE  THIRD-PARTY.txt  sbom.cdx.json  MANIFEST.sha256
//     core/                 TypeScript as it was written: Node strips the types, and a stack trace names the line that an auditor reads
//     sample-monolith/      the bank, in Python
//     dist/renderer/        the screen
//     node_modules/         what the engine imports, without sources, types and tests; node_modules/node/bin/node runs it
//     bin/phoenix           the command (not on Windows)
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../runtime.mjs";
import { copy, filesBelow, isSource, sha256, write, writeManifest } from "./files.mjs";
import { nodeFor, pinned } from "./node-binary.mjs";
import { desktopPackages, enginePackages, screenPackages } from "./packages.mjs";
import { createSbom } from "./sbom.mjs";
import { thirdPartyText } from "./third-party.mjs";

/** @typedef {{ files: number; packages: string[] }} Staged */

/** Of these packages only some files are read; of all others everything that runs. @type {Record<string, RegExp>} */
const parts = {
	"node_modules/tree-sitter-python": /^tree-sitter-python\.wasm$/,
	"node_modules/web-tree-sitter": /^web-tree-sitter\.(js|wasm)$/,
	"node_modules/sql.js": /^dist\/sql-wasm\.(js|wasm)$/,
	"node_modules/pdfmake": /^(js\/(?!browser-extensions\/).*\.js|fonts\/Roboto\/.*\.ttf)$/,
	"node_modules/pdfkit": /^js\/(pdfkit|virtual-fs)\.js$|^js\/data\//,
	"node_modules/zod": /^(?!src\/).*\.(js|cjs)$/,
};
const runs = /^(?!(test|tests|spec|src\/test|docs?|examples?|bench)\/).*(?<!\.min)\.(js|cjs|mjs|json|wasm|node|trie|afm|icc|ttf)$/;
const alwaysKept = /^(package\.json|(licen[cs]e|copying|notice|ofl)[^/]*)$/i;

/**
 * Puts the engine for one system into an empty folder. The same sources give the same bytes.
 * @param {{ to: string; version: string; platform?: string; arch?: string; desktop?: boolean; epoch: number }} options @returns {Promise<Staged>}
 */
export async function stageEngine({ to, version, platform = process.platform, arch = process.arch, desktop = false, epoch }) {
	rmSync(to, { recursive: true, force: true });
	for (const folder of ["core", "sample-monolith"])
		for (const path of filesBelow(join(root, folder))) if (isSource(path)) copy(join(root, folder, path), join(to, folder, path));
	for (const path of filesBelow(join(root, "dist/renderer")))
		if (!path.endsWith(".map")) copy(join(root, "dist/renderer", path), join(to, "dist/renderer", path));
	const inFiles = enginePackages();
	for (const { path } of inFiles) copyPackage(path, to);
	const node = await nodeFor(platform, arch);
	const binary = `node_modules/node/bin/${platform === "win32" ? "node.exe" : "node"}`;
	copy(node.file, join(to, binary));
	write(join(to, "package.json"), `${JSON.stringify(ownManifest(version), null, "\t")}\n`);
	copy(join(root, "LICENSE"), join(to, "LICENSE"));
	if (platform !== "win32") write(join(to, "bin/phoenix"), readFileSync(join(import.meta.dirname, "phoenix.sh")), 0o755);
	const inBundles = [...screenPackages(), ...(desktop ? desktopPackages() : [])];
	write(join(to, "THIRD-PARTY.txt"), thirdPartyText([...inFiles, ...inBundles]));
	const sbom = createSbom({ version, epoch, inFiles, inBundles, node: { version: pinned.version, sha256: sha256(join(to, binary)) } });
	write(join(to, "sbom.cdx.json"), `${JSON.stringify(sbom, null, "\t")}\n`);
	return { files: writeManifest(to) + 1, packages: inFiles.map(({ name }) => name) };
}

/** @param {string} path `node_modules/ws` @param {string} to */
function copyPackage(path, to) {
	const wanted = parts[path] ?? runs;
	for (const file of filesBelow(join(root, path))) {
		if (file.startsWith("node_modules/")) continue;
		if (alwaysKept.test(file) || wanted.test(file)) copy(join(root, path, file), join(to, path, file));
	}
}

/** What the product says of itself; nothing in it can be run by npm. @param {string} version */
function ownManifest(version) {
	const { name, description, license, type } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	return { name, version, description, license, private: true, type };
}
