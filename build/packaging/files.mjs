// The files of a tree: which are shipped, how they are copied, and the list of their hashes.
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folders of the sources that only tests, benches, pictures and the training of the classifier use. */
const forTests = new Set(["fixtures", "testing", "e2e", "tests", "__pycache__", "goals", "bench", "conformance", "training"]);

/** Paths of all files below a folder, in order. @param {string} folder @returns {string[]} */
export function filesBelow(folder, below = "") {
	return readdirSync(join(folder, below), { withFileTypes: true })
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.flatMap((entry) => {
			const path = below === "" ? entry.name : `${below}/${entry.name}`;
			return entry.isDirectory() ? filesBelow(folder, path) : [path];
		});
}

/** Whether a file of `core`, `renderer`, `electron` or `sample-monolith` is part of the product. @param {string} path */
export function isSource(path) {
	const parts = path.split("/");
	const name = parts.at(-1) ?? "";
	if (parts.slice(0, -1).some((part) => forTests.has(part)) || name.startsWith(".")) return false;
	return /\.(ts|tsx|css|py|txt|sql|json)$/.test(name) && !/(\.(test|e2e|bench|config)\.tsx?|\.d\.ts|^tsconfig.*\.json)$/.test(name);
}

/** Copies one file; who may run it may still run it, and nobody but the owner may write it. @param {string} from @param {string} to */
export function copy(from, to) {
	mkdirSync(dirname(to), { recursive: true });
	copyFileSync(from, to);
	chmodSync(to, statSync(from).mode & 0o100 ? 0o755 : 0o644);
}

/** @param {string} to @param {string | Uint8Array} content @param {number} [mode] */
export function write(to, content, mode = 0o644) {
	mkdirSync(dirname(to), { recursive: true });
	writeFileSync(to, content);
	chmodSync(to, mode);
}

/** @param {string} file */
export const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

export const manifestName = "MANIFEST.sha256";

/** Writes the hashes of all files of a folder into it, as `sha256sum --check` reads them. @param {string} folder */
export function writeManifest(folder) {
	const files = filesBelow(folder).filter((path) => path !== manifestName);
	write(join(folder, manifestName), files.map((path) => `${sha256(join(folder, path))}  ${path}\n`).join(""));
	return files.length;
}

/** What differs from the list: changed, missing, or not in it. @param {string} folder @returns {string[]} */
export function checkManifest(folder) {
	const lines = readFileSync(join(folder, manifestName), "utf8").split("\n").filter(Boolean);
	const wanted = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
	const present = new Set(filesBelow(folder).filter((path) => path !== manifestName));
	const missing = [...wanted.keys()].filter((path) => !present.has(path)).map((path) => `missing: ${path}`);
	const extra = [...present].filter((path) => !wanted.has(path)).map((path) => `not listed: ${path}`);
	const changed = [...present].filter((path) => wanted.has(path) && wanted.get(path) !== sha256(join(folder, path)));
	return [...missing, ...extra, ...changed.map((path) => `changed: ${path}`)];
}

/** Gives every file and folder the same time, so that an archive of them does not depend on when it was made. @param {string} folder @param {number} seconds */
export function setTimes(folder, seconds) {
	for (const entry of readdirSync(folder)) {
		const path = join(folder, entry);
		const stat = lstatSync(path);
		if (stat.isDirectory()) {
			chmodSync(path, 0o755);
			setTimes(path, seconds);
		}
		lutimesSync(path, seconds, seconds);
	}
	chmodSync(folder, 0o755);
	lutimesSync(folder, seconds, seconds);
}
