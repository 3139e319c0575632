import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listPackage } from "@electron/asar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDesktop, buildScreen } from "../bundles.mjs";
import { root } from "../runtime.mjs";
import { packageDesktop } from "./desktop.mjs";
import { canSign, createConfig } from "./electron-builder.mjs";
import { checkManifest, sha256 } from "./files.mjs";
import { ownVersion } from "./headless.mjs";
import { pinned } from "./node-binary.mjs";
import { checkFuses, fuses } from "./packed.mjs";
import { startEngine } from "./testing/engine-at-work.ts";
import { writeFakeElectron } from "./testing/fake-electron-dist.ts";
import { createPerson, freePort, hasProgram, processesBelow, run, until } from "./testing/machine.ts";

const feed = "https://updates.example.com/phoenix";
const epoch = 1_790_000_000;
const version = ownVersion();

/** The real electron-builder over an Electron without Chromium: everything but what only a real one can show. */
describe.skipIf(process.platform !== "linux")("the desktop package", () => {
	let folder = "";
	let packed: Awaited<ReturnType<typeof packageDesktop>>;
	const canMakeDeb = hasProgram("dpkg-deb");

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "phoenix-desktop-package-"));
		chmodSync(folder, 0o755);
		await buildScreen();
		await buildDesktop();
		writeFakeElectron(join(folder, "electron"), "linux");
		// electron-builder would fetch fpm, which makes the deb; dpkg-deb does it here.
		process.env.CUSTOM_FPM_PATH = join(root, "build/packaging/testing/fpm.mjs");
		const start = performance.now();
		packed = await packageDesktop({
			out: join(folder, "out"),
			targets: [canMakeDeb ? "deb" : "dir"],
			env: { PHOENIX_UPDATE_URL: feed },
			electronDist: join(folder, "electron"),
			epoch,
		});
		const bytes = Number(run("du", ["-sb", packed.unpacked]).output.split("\t")[0]);
		console.log(`packed in ${((performance.now() - start) / 1_000).toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB without Electron itself`);
	});
	afterAll(() => {
		delete process.env.CUSTOM_FPM_PATH;
		for (const { pid } of processesBelow(folder)) process.kill(pid, "SIGKILL");
		rmSync(folder, { recursive: true, force: true });
	});

	it("has the fuses of the security checklist, read back from the program", async () => {
		expect(packed.fuses).toEqual(fuses);
		expect(fuses).toMatchObject({ runAsNode: false, enableNodeOptionsEnvironmentVariable: false, enableNodeCliInspectArguments: false });
		expect(fuses).toMatchObject({ onlyLoadAppFromAsar: true, enableEmbeddedAsarIntegrityValidation: true, enableCookieEncryption: true });
		await expect(checkFuses(join(folder, "electron/electron"))).rejects.toThrow(
			/runAsNode.*onlyLoadAppFromAsar.*grantFileProtocolExtraPrivileges/,
		);
	});

	it("puts the shell and the screen into the archive, and nothing else", () => {
		const inside = listPackage(join(packed.resources, "app.asar"), { isPack: false });
		const built = ["electron", "renderer"].flatMap((part) => filesOf(join(root, "dist", part)).map((path) => `/dist/${part}/${path}`));
		const files = inside.filter((path) => /\.\w+$/.test(path));
		expect(files.sort()).toEqual(["/package.json", ...built.filter((path) => !path.endsWith(".map"))].sort());
		expect(existsSync(join(packed.resources, "default_app.asar"))).toBe(false);
		expect(readdirSync(join(packed.unpacked, "locales"))).toEqual(["en-US.pak"]);
	});

	it("carries the engine as it was staged, with the Node that is pinned", () => {
		expect(checkManifest(join(packed.resources, "engine"))).toEqual([]);
		const pin = pinned.systems[`linux-${process.arch}`];
		expect(sha256(join(packed.resources, "engine/node_modules/node/bin/node"))).toBe(pin?.sha256);
		expect(readFileSync(join(packed.resources, "engine/THIRD-PARTY.txt"), "utf8")).toContain("Node.js");
	});

	it.skipIf(!hasProgram("python3"))("starts its engine on its own Node, which serves the sample bank and ends with it", async () => {
		const person = createPerson(join(folder, "home"));
		try {
			const engine = join(packed.resources, "engine");
			const command = [join(engine, "node_modules/node/bin/node"), join(engine, "core/cli.ts")];
			const port = await freePort();
			const started = await startEngine(person, command, ["--sample", "--gateway-port", String(port)]);
			await until(async () => (await started.ask("project/graph")) !== null, 30_000);
			await until(async () => (await fetch(`http://127.0.0.1:${port}/login`).catch(() => null))?.headers.get("server") === "BANCA/1990");
			await started.end();
			expect(processesBelow(engine)).toEqual([]);
			expect(checkManifest(engine)).toEqual([]);
		} finally {
			await person.remove();
		}
	});

	it("knows where to look for updates, and only when it was built with an address", async () => {
		expect(readFileSync(join(packed.resources, "app-update.yml"), "utf8")).toContain(`url: ${feed}`);
		const { publish } = createConfig({ app: "", engine: "", out: "", version, env: {} });
		expect(publish).toBeNull();
	});

	it.skipIf(!canMakeDeb)("makes a deb whose hash stands in the update feed, and whose name says that nobody signed it", () => {
		const [deb = ""] = packed.artifacts;
		expect(deb.split("/").at(-1)).toBe(`phoenix-engine-desktop-${version}-linux-amd64-unsigned-build.deb`);
		const hash = createHash("sha512").update(readFileSync(deb)).digest("base64");
		expect(readFileSync(join(folder, "out/latest-linux.yml"), "utf8")).toContain(`sha512: ${hash}`);
		expect(run("dpkg-deb", ["-f", deb, "Package", "Recommends"]).output).toBe("Package: phoenix-engine-desktop\nRecommends: python3\n");
		const entry = run("sh", [
			"-c",
			`dpkg-deb --fsys-tarfile '${deb}' | tar -xO ./usr/share/applications/phoenix-engine-desktop.desktop`,
		]).output;
		expect(entry).toContain("MimeType=x-scheme-handler/phoenix;");
		expect(entry).toContain("StartupWMClass=phoenix-engine-desktop");
		const control = join(folder, "control");
		run("dpkg-deb", ["-e", deb, control]);
		expect(readFileSync(join(control, "prerm"), "utf8")).toContain("Nothing was stopped.");
	});

	it("is named as signed once there is a key", () => {
		const env = { PHOENIX_GPG_KEY: "a key", CSC_LINK: "a certificate", PHOENIX_WINDOWS_SIGN: "a program" };
		expect(canSign(env)).toEqual({ linux: true, mac: true, win: true });
		const { linux, mac, win } = createConfig({ app: "", engine: "", out: "", version, env });
		for (const one of [linux, mac, win]) expect(one?.artifactName).not.toContain("unsigned");
		const without = createConfig({ app: "", engine: "", out: "", version, env: {} });
		for (const one of [without.linux, without.mac, without.win]) expect(one?.artifactName).toContain("-unsigned-build.");
	});

	it("asks macOS for no more than compiling at run time", () => {
		const entitlements = readFileSync(join(root, "build/packaging/desktop/entitlements.plist"), "utf8");
		expect([...entitlements.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)).toEqual(["com.apple.security.cs.allow-jit"]);
	});

	it("is packed for macOS as well: fuses, the archive's hash in the application, deep links, the icon", async () => {
		writeFakeElectron(join(folder, "electron-mac"), "mac");
		// No Node for macOS is here; the one of this system stands in for it, and is only copied.
		const standIn = join(packed.resources, "engine/node_modules/node/bin/node");
		Object.assign(process.env, { PHOENIX_PACKAGED_NODE: standIn, PHOENIX_PACKAGED_NODE_SHA256: sha256(standIn) });
		try {
			const mac = await packageDesktop({
				out: join(folder, "out-mac"),
				system: "mac",
				arch: "x64",
				targets: ["dir"],
				env: {},
				electronDist: join(folder, "electron-mac"),
				epoch,
			});
			expect(mac.fuses).toEqual(fuses);
			const plist = readFileSync(join(mac.program, "Contents/Info.plist"), "utf8");
			const header = readFileSync(join(mac.resources, "app.asar"));
			const hash = createHash("sha256")
				.update(header.subarray(16, 16 + header.readUInt32LE(12)))
				.digest("hex");
			expect(plist.replaceAll(/\s+/g, "")).toContain(`<key>hash</key><string>${hash}</string>`);
			expect(plist).toContain("<string>phoenix</string>");
			expect(sha256(join(mac.resources, "icon.icns"))).toBe(sha256(join(root, "assets/icons/icon.icns")));
		} finally {
			delete process.env.PHOENIX_PACKAGED_NODE;
			delete process.env.PHOENIX_PACKAGED_NODE_SHA256;
		}
	});

	it("is refused when the configuration holds a word that electron-builder does not know", async () => {
		const { build, Platform } = await import("electron-builder");
		const config = createConfig({ app: root, engine: root, out: join(folder, "never"), version, env: {} });
		const wrong = { ...config, nsis: { ...config.nsis, oneClickk: true } };
		await expect(build({ targets: Platform.LINUX.createTarget("dir"), config: wrong, projectDir: root, publish: "never" })).rejects.toThrow(
			/configuration\.nsis/,
		);
	});
});

const filesOf = (folder: string) => run("find", [folder, "-type", "f", "-printf", "%P\\n"]).output.split("\n").filter(Boolean);
