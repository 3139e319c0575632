// The Node that the product runs on: for this system the installed one, for others the npm package that carries it.
// Whatever its way, its bytes are those of node.json, or nothing is packaged.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary, root, say } from "../runtime.mjs";
import { sha256 } from "./files.mjs";

/** @typedef {{ package: string; integrity: string; sha256: string }} Pin */

/** @type {{ version: string; systems: Record<string, Pin> }} */
export const pinned = JSON.parse(readFileSync(join(import.meta.dirname, "node.json"), "utf8"));

/** @param {string} platform @param {string} arch @returns {Promise<{ file: string }>} */
export async function nodeFor(platform, arch) {
	const system = `${platform}-${arch}`;
	const named = process.env.PHOENIX_PACKAGED_NODE;
	const pin = pinned.systems[system];
	if (named) return { file: checked(named, process.env.PHOENIX_PACKAGED_NODE_SHA256 ?? pin?.sha256, system) };
	if (pin === undefined)
		throw new Error(
			`Node ${pinned.version} for ${system} is not in build/packaging/node.json: name the program in PHOENIX_PACKAGED_NODE and its hash in PHOENIX_PACKAGED_NODE_SHA256.`,
		);
	const own = nodeBinary();
	if (system === `${process.platform}-${process.arch}` && sha256(own) === pin.sha256) return { file: own };
	const folder = join(root, "dist/package/node", system);
	const program = join(folder, "package/bin", platform === "win32" ? "node.exe" : "node");
	if (!existsSync(program)) fetchNode(pin, folder);
	return { file: checked(program, pin.sha256, system) };
}

/** @param {Pin} pin @param {string} folder */
function fetchNode({ package: name, integrity }, folder) {
	say(`Fetching ${name}@${pinned.version} (npm pack): 50 MB.`);
	mkdirSync(folder, { recursive: true });
	const npm = spawnSync("npm", ["pack", "--silent", `${name}@${pinned.version}`], { cwd: folder, stdio: ["ignore", 2, 2] });
	if (npm.status !== 0) throw new Error(`${name}@${pinned.version} could not be fetched (npm pack: exit code ${npm.status}).`);
	const archive = join(folder, `${name}-${pinned.version}.tgz`);
	const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
	if (found !== integrity) throw new Error(`${name}@${pinned.version} is not what build/packaging/node.json names: ${found}.`);
	spawnSync("tar", ["-xzf", archive, "-C", folder, "package/bin", "package/LICENSE"], { stdio: ["ignore", 2, 2] });
}

/** @param {string} file @param {string | undefined} wanted @param {string} system */
function checked(file, wanted, system) {
	const found = sha256(file);
	if (wanted === undefined) throw new Error(`${file} (${found}) cannot be checked: PHOENIX_PACKAGED_NODE_SHA256 must name its hash.`);
	if (found !== wanted) throw new Error(`${file} is not Node ${pinned.version} for ${system}: its SHA-256 is ${found}, not ${wanted}.`);
	return file;
}
