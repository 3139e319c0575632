// The configuration of electron-builder. Two trees go in, both made by desktop.mjs: `app` (the shell and the screen, into the
// archive app.asar) and `engine` (beside it as plain files, because a Node of its own runs it).
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../runtime.mjs";
import { checkFusesOf, checkPacked, fuses } from "./packed.mjs";

/** @typedef {import("electron-builder").Configuration} Configuration */

/** What a signature needs, by system; without it the name of the artifact says so. @param {NodeJS.ProcessEnv} env */
export const canSign = (env) => ({
	linux: Boolean(env.PHOENIX_GPG_KEY),
	mac: Boolean(env.CSC_LINK || env.CSC_NAME),
	win: Boolean(env.WIN_CSC_LINK || env.CSC_LINK || env.PHOENIX_WINDOWS_SIGN),
});

/**
 * @param {{ app: string; engine: string; out: string; version: string; env: NodeJS.ProcessEnv; electronDist?: string }} options
 * @returns {Configuration}
 */
export function createConfig({ app, engine, out, version, env, electronDist }) {
	const signs = canSign(env);
	/** @param {boolean} isSigned */
	const nameOf = (isSigned) => `phoenix-engine-desktop-${version}-\${os}-\${arch}${isSigned ? "" : "-unsigned-build"}.\${ext}`;
	const feed = env.PHOENIX_UPDATE_URL;
	const icons = join(root, "assets/icons");
	return {
		appId: "dev.phoenix-engine.desktop",
		productName: "Phoenix Engine",
		copyright: "The authors of Phoenix Engine, Apache-2.0",
		directories: { app, output: out, buildResources: join(import.meta.dirname, "desktop") },
		electronVersion: JSON.parse(readFileSync(join(root, "node_modules/electron/package.json"), "utf8")).version,
		...(electronDist === undefined ? {} : { electronDist }),
		// An allow-list: what is not named does not get in.
		files: ["package.json", "dist/electron/**/*", "dist/renderer/**/*", "!**/*.map"],
		asar: true,
		// Whatever packages the app needs is inside its bundles; without this those of the checkout would be collected.
		beforeBuild: async () => false,
		// electron-builder leaves a folder `node_modules` out of what it copies, unless it is named itself.
		extraResources: ["", "/node_modules"].map((part) => ({ from: `${engine}${part}`, to: `engine${part}`, filter: ["**/*"] })),
		electronFuses: fuses,
		electronLanguages: ["en-US"],
		protocols: [{ name: "Phoenix Engine", schemes: ["phoenix"] }],
		// The newest version and its hashes are looked up there; without an address the product does not look for updates.
		publish: feed ? { provider: "generic", url: feed, channel: "latest" } : null,
		generateUpdatesFilesForAllChannels: false,
		// Electron's own page, which a ready distribution still carries.
		afterExtract: ({ appOutDir, packager }) => rm(join(packager.getResourcesDir(appOutDir), "default_app.asar"), { force: true }),
		afterPack: checkPacked,
		afterSign: checkFusesOf,

		linux: {
			target: ["deb", "AppImage"],
			category: "Development",
			executableName: "phoenix-engine-desktop",
			artifactName: nameOf(signs.linux),
			icon: icons,
			synopsis: "Moves a legacy system to modern services, one function at a time",
			description: "The old and the new side by side under live traffic, compared by their answers and the rows they changed.",
			maintainer: env.PHOENIX_MAINTAINER ?? "Phoenix Engine <maintainers@phoenix-engine.invalid>",
			vendor: "Phoenix Engine",
			mimeTypes: ["x-scheme-handler/phoenix"],
			desktop: { entry: { StartupWMClass: "phoenix-engine-desktop", Keywords: "migration;legacy;refactoring;" } },
		},
		deb: {
			packageName: "phoenix-engine-desktop",
			packageCategory: "devel",
			recommends: ["python3"],
			fpm: [`--before-remove=${join(import.meta.dirname, "desktop/before-remove.sh")}`],
		},

		mac: {
			target: ["dmg", "zip"],
			category: "public.app-category.developer-tools",
			icon: join(icons, "icon.icns"),
			artifactName: nameOf(signs.mac),
			...(signs.mac ? {} : { identity: null }),
			hardenedRuntime: true,
			gatekeeperAssess: false,
			entitlements: join(import.meta.dirname, "desktop/entitlements.plist"),
			entitlementsInherit: join(import.meta.dirname, "desktop/entitlements.plist"),
			// The engine's Node makes code at run time, as the shell does, and gets the same entitlements.
			binaries: ["Contents/Resources/engine/node_modules/node/bin/node"],
			notarize: Boolean(signs.mac && (env.APPLE_API_KEY || env.APPLE_ID || env.APPLE_KEYCHAIN_PROFILE)),
		},
		dmg: { title: `Phoenix Engine ${version}`, sign: false },

		win: {
			target: ["nsis"],
			icon: join(icons, "icon.ico"),
			artifactName: nameOf(signs.win),
			...(env.PHOENIX_WINDOWS_SIGN
				? { signtoolOptions: { sign: join(import.meta.dirname, "desktop/windows-sign.cjs"), signingHashAlgorithms: ["sha256"] } }
				: {}),
		},
		nsis: {
			oneClick: false,
			perMachine: false,
			allowElevation: true,
			allowToChangeInstallationDirectory: true,
			// The state holds the evidence: no uninstaller deletes it.
			deleteAppDataOnUninstall: false,
			include: join(import.meta.dirname, "desktop/installer.nsh"),
			license: join(root, "LICENSE"),
		},
	};
}
