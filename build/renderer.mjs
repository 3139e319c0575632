// Builds the screen when its sources have changed since the last build.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary, root, run, say } from "./runtime.mjs";

const output = join(root, "dist/renderer");
const stamp = join(root, "dist/renderer.inputs");
const inputs = ["renderer", "core/base", "core/contract", "assets", "package-lock.json"];

/** Throws with a sentence when the build fails. */
export async function buildRenderer() {
	const wanted = inputHash();
	if (existsSync(join(output, "index.html")) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
	say("Building the screen (vite build): about ten seconds.");
	const vite = join(root, "node_modules/vite/bin/vite.js");
	const args = [vite, "build", "--config", "renderer/vite.config.ts", "--logLevel", "warn"];
	const code = await run(nodeBinary(), args, { stdio: ["ignore", 2, 2] });
	if (code !== 0) throw new Error(`The screen could not be built (vite build: exit code ${code}).`);
	writeFileSync(stamp, wanted);
}

function inputHash() {
	const hash = createHash("sha256");
	for (const path of inputs.flatMap((input) => filesBelow(input)).sort())
		hash
			.update(path)
			.update("\0")
			.update(readFileSync(join(root, path)))
			.update("\0");
	return hash.digest("hex");
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
	const full = join(root, path);
	if (!existsSync(full)) return [];
	if (path.endsWith(".json")) return [path];
	return readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
		if (entry.isDirectory()) return ["e2e", "testing", "fixtures"].includes(entry.name) ? [] : filesBelow(`${path}/${entry.name}`);
		return /\.(test|e2e|bench)\.tsx?$/.test(entry.name) ? [] : [`${path}/${entry.name}`];
	});
}
