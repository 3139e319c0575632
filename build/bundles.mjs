// The two bundles, each built only when its sources have changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, nodeBinary, root, run, say } from "./runtime.mjs";

/** @typedef {{ what: string; config: string; product: string; inputs: string[] }} Bundle */

const seams = ["core/base", "core/contract", "package-lock.json"];
/** @type {Bundle} */
const screen = {
	what: "the screen",
	config: "renderer/vite.config.ts",
	product: "dist/renderer/index.html",
	inputs: ["renderer", "assets", ...seams],
};
/** @type {Bundle} */
const desktop = {
	what: "the desktop shell",
	config: "electron/vite.config.ts",
	product: "dist/electron/main.js",
	inputs: ["electron", ...seams],
};

/** What the browser and the desktop window show. Throws with a sentence when it cannot be built. */
export const buildScreen = () => build(screen);

/** What Electron starts. Throws with a sentence when it cannot be built. */
export const buildDesktop = () => build(desktop);

/** @param {Bundle} bundle */
async function build({ what, config, product, inputs }) {
	const wanted = hashOf(inputs);
	// Beside the folder of the product, which a build empties.
	const stamp = join(root, `${product.split("/").slice(0, 2).join("/")}.inputs`);
	if (existsSync(join(root, product)) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
	say(`Building ${what} (vite build): some seconds.`);
	const vite = join(root, "node_modules/vite/bin/vite.js");
	const code = await run(nodeBinary(), [vite, "build", "--config", config, "--logLevel", "warn"], {
		// Whoever builds: a test's or a developer's NODE_ENV would put React's development build into the product.
		env: { ...environment(), NODE_ENV: "production" },
		stdio: ["ignore", 2, 2],
	});
	if (code !== 0 || !existsSync(join(root, product)))
		throw new Error(`It was not possible to build ${what} (vite build: exit code ${code}).`);
	writeFileSync(stamp, wanted);
}

/** @param {string[]} inputs */
function hashOf(inputs) {
	const hash = createHash("sha256");
	for (const path of inputs.flatMap(filesBelow).sort())
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
