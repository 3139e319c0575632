// What is checked of a packed application before anything is made of it, and again when it is signed: the archive holds what
// the list allows, the engine is byte for byte what was staged, and the fuses are those that were asked for.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { listPackage } from "@electron/asar";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { checkManifest } from "./files.mjs";

/** @typedef {import("electron-builder").AfterPackContext} Context */

/**
 * Nothing from outside can turn the shell into a Node, read its insides, or give it other code. The engine needs none
 * of it. `wasmTrapHandlers` keeps Electron's default.
 */
export const fuses = {
	runAsNode: false,
	enableCookieEncryption: true,
	enableNodeOptionsEnvironmentVariable: false,
	enableNodeCliInspectArguments: false,
	enableEmbeddedAsarIntegrityValidation: true,
	onlyLoadAppFromAsar: true,
	loadBrowserProcessSpecificV8Snapshot: false,
	grantFileProtocolExtraPrivileges: false,
};

/** A fuse is the letter 0, 1, or r for removed. */
const ON = 0x31;

const allowed = /^\/(package\.json|dist|dist\/(electron|renderer)(\/.*)?)$/;

/** @param {Context} context */
export async function checkPacked({ appOutDir, packager }) {
	const resources = packager.getResourcesDir(appOutDir);
	const strange = listPackage(join(resources, "app.asar"), { isPack: false })
		.map((path) => path.replaceAll("\\", "/"))
		.filter((path) => !allowed.test(path) || path.endsWith(".map"));
	if (strange.length > 0) throw new Error(`app.asar holds what does not belong there: ${strange.join(", ")}.`);
	const differences = checkManifest(join(resources, "engine"));
	if (differences.length > 0) throw new Error(`The packed engine is not the staged one: ${differences.slice(0, 10).join(", ")}.`);
}

/** @param {Context} context */
export async function checkFusesOf({ appOutDir, electronPlatformName, packager }) {
	const extension = { darwin: ".app", mas: ".app", win32: ".exe" }[electronPlatformName] ?? "";
	const name = extension === "" ? "phoenix-engine-desktop" : packager.appInfo.productFilename;
	await checkFuses(join(appOutDir, `${name}${extension}`));
}

/** Names of the fuses, as the configuration and as the library spell them. @type {Record<keyof typeof fuses, FuseV1Options>} */
const options = {
	runAsNode: FuseV1Options.RunAsNode,
	enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
	enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
	enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
	enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
	onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
	loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
	grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
};

/** Reads the fuses out of the program and throws when one is not as configured. @param {string} program @returns {Promise<Record<string, boolean>>} */
export async function checkFuses(program) {
	if (!existsSync(program)) throw new Error(`${program} is not there, so its fuses cannot be read.`);
	const wire = await getCurrentFuseWire(program);
	const read = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, wire[option] === ON]));
	const wrong = Object.entries(fuses).filter(([name, wanted]) => read[name] !== wanted);
	if (wrong.length > 0) throw new Error(`Fuses are not as configured: ${wrong.map(([name]) => name).join(", ")} (${program}).`);
	return read;
}
