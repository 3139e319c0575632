// `npm run package:headless`: the engine with its screen and its command as a Debian package and as an archive for other
// Linux systems, with their hashes. The same inputs give the same bytes (SOURCE_DATE_EPOCH, else the time of the last commit).
// Flags: --out DIR (default dist/package), --arch x64|arm64
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildScreen } from "../bundles.mjs";
import { install, nodeBinary, root, say, underNeededNode } from "../runtime.mjs";
import { makeDeb } from "./deb.mjs";
import { stageEngine } from "./engine.mjs";
import { setTimes, sha256, write } from "./files.mjs";

/** @typedef {{ file: string; bytes: number; sha256: string; seconds: number }} Artifact */

/**
 * Builds from the screen as it stands in dist/renderer.
 * @param {{ out: string; version?: string; arch?: string; epoch?: number; archive?: boolean; isQuick?: boolean }} options @returns {Promise<Artifact[]>}
 */
export async function packageHeadless({
	out,
	version = ownVersion(),
	arch = process.arch,
	epoch = epochOf(),
	archive = true,
	isQuick = false,
}) {
	const work = join(out, "work");
	const title = `phoenix-engine-${version}-linux-${arch}`;
	const engine = join(work, title);
	mkdirSync(work, { recursive: true });
	await stageEngine({ to: engine, version, platform: "linux", arch, epoch });
	// The staged engine speaks for itself: what it cannot load is noticed here.
	const { status, stdout } = spawnSync(nodeBinary(), [join(engine, "core/cli.ts"), "--help"], {
		encoding: "utf8",
		stdio: ["ignore", "pipe", 2],
	});
	if (status !== 0) throw new Error(`The staged engine does not start (exit code ${status}).`);

	/** @param {() => Promise<string>} make */
	const timed = async (make) => {
		const start = performance.now();
		const file = await make();
		const seconds = Number(((performance.now() - start) / 1_000).toFixed(1));
		return { file, bytes: statSync(file).size, sha256: sha256(file), seconds };
	};
	const fill = async (/** @type {string} */ to) => {
		mkdirSync(join(to, ".."), { recursive: true });
		finish(spawnSync("cp", ["-a", engine, to]), "cp");
	};
	const artifacts = [await timed(() => makeDeb({ engine: fill, help: stdout, version, arch, epoch, work, out, isQuick }))];
	if (archive) artifacts.push(await timed(async () => makeArchive(work, title, epoch, out)));
	rmSync(work, { recursive: true });
	write(join(out, "SHA256SUMS"), artifacts.map(({ file, sha256 }) => `${sha256}  ${basename(file)}\n`).join(""));
	return artifacts;
}

/** @param {string} work @param {string} title @param {number} epoch @param {string} out */
function makeArchive(work, title, epoch, out) {
	setTimes(join(work, title), epoch);
	const file = join(out, `${title}.tar.xz`);
	const order = ["--sort=name", `--mtime=@${epoch}`, "--owner=0", "--group=0", "--numeric-owner", "--format=ustar"];
	const tar = ["-C", work, ...order, "--use-compress-program=xz -1 -T2", "-cf", file, title];
	finish(spawnSync("tar", tar, { stdio: ["ignore", 2, 2], env: { ...process.env, XZ_OPT: "" } }), "tar");
	return file;
}

/** @param {{ status: number | null }} result @param {string} program */
function finish({ status }, program) {
	if (status !== 0) throw new Error(`${program} failed (exit code ${status}).`);
}

/** @returns {string} */
export const ownVersion = () => JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;

/** Seconds since 1970 that every packaged file carries. */
export function epochOf() {
	const named = process.env.SOURCE_DATE_EPOCH;
	if (named !== undefined && /^\d+$/.test(named)) return Number(named);
	const { status, stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
	if (status === 0 && stdout.trim() !== "") return Number(stdout.trim());
	throw new Error("Outside of a checkout SOURCE_DATE_EPOCH must say which time the packaged files carry.");
}

/** Signs the list of hashes with the key that PHOENIX_GPG_KEY names. @param {string} out */
function sign(out) {
	const key = process.env.PHOENIX_GPG_KEY;
	if (!key) return say("SHA256SUMS is not signed: PHOENIX_GPG_KEY names no key.");
	const list = join(out, "SHA256SUMS");
	finish(spawnSync("gpg", ["--batch", "--yes", "--local-user", key, "--armor", "--detach-sign", list], { stdio: ["ignore", 2, 2] }), "gpg");
	say("SHA256SUMS.asc is the signature.");
}

async function main() {
	const { values } = parseArgs({ options: { out: { type: "string", default: "dist/package" }, arch: { type: "string" } } });
	const out = resolve(root, values.out);
	await buildScreen();
	const artifacts = await packageHeadless({ out, ...(values.arch === undefined ? {} : { arch: values.arch }) });
	for (const { file, bytes, sha256, seconds } of artifacts)
		console.log(`${file}  ${(bytes / 1e6).toFixed(1)} MB  ${seconds} s  sha256 ${sha256}`);
	sign(out);
}

if (process.argv[1] === import.meta.filename) {
	try {
		install();
		if (await underNeededNode(import.meta.url)) await main();
	} catch (error) {
		say(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
	}
}
