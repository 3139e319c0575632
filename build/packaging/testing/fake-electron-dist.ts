import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** As in every Electron: a mark, the version of the wire, its length, and one byte a fuse, as they are in a fresh build. */
const sentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const fresh = "101100011";
const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, fresh.length]), Buffer.from(fresh)]);

/** The first bytes of a 64-bit program for Linux, so that whoever looks takes it for one. */
const elf = Buffer.from("7f454c4602010100000000000000000002003e0001000000", "hex");

/** An Electron without Chromium: just what electron-builder copies, renames, edits and flips. Nothing of it can be started. */
export function writeFakeElectron(folder: string, system: "linux" | "mac"): void {
	const put = (path: string, content: string | Buffer, mode = 0o644) => {
		mkdirSync(join(folder, path, ".."), { recursive: true });
		writeFileSync(join(folder, path), content, { mode });
	};
	put("version", "45.4.1");
	put("LICENSE", "the licence of Electron");
	put("LICENSES.chromium.html", "the licences of Chromium");
	if (system === "linux") {
		put("electron", Buffer.concat([elf, Buffer.alloc(64), wire, Buffer.alloc(16)]), 0o755);
		put("chrome-sandbox", elf, 0o755);
		for (const locale of ["en-US", "de"]) put(`locales/${locale}.pak`, locale);
		put("resources/default_app.asar", "not shipped");
		return;
	}
	put("Electron.app/Contents/Info.plist", plist("Electron"));
	put("Electron.app/Contents/MacOS/Electron", "a program", 0o755);
	put("Electron.app/Contents/Resources/electron.icns", "an icon");
	put("Electron.app/Contents/Resources/en.lproj/locale.pak", "en");
	const frameworks = "Electron.app/Contents/Frameworks";
	const framework = `${frameworks}/Electron Framework.framework`;
	put(`${framework}/Versions/A/Electron Framework`, Buffer.concat([Buffer.alloc(64), wire]), 0o755);
	for (const locale of ["en", "de"]) put(`${framework}/Versions/A/Resources/${locale}.lproj/locale.pak`, locale);
	symlinkSync("A", join(folder, framework, "Versions/Current"));
	for (const name of ["Electron Framework", "Resources"]) symlinkSync(`Versions/Current/${name}`, join(folder, framework, name));
	for (const helper of ["Electron Helper", "Electron Helper (GPU)", "Electron Helper (Plugin)", "Electron Helper (Renderer)"]) {
		put(`${frameworks}/${helper}.app/Contents/Info.plist`, plist(helper));
		put(`${frameworks}/${helper}.app/Contents/MacOS/${helper}`, "a program", 0o755);
	}
}

const plist = (name: string) => `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>CFBundleName</key><string>${name}</string>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>com.github.Electron</string>
</dict></plist>
`;
