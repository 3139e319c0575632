// What no line of the sources may hold. Plain searches over the files of the product, tests and fixtures left out.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
	cwd: root,
	encoding: "utf8",
	maxBuffer: 16 * 1024 * 1024,
}).split("\n");
const isProduct = (path: string) =>
	/\.(ts|tsx|html)$/.test(path) && !/\.(test|bench|e2e)\.tsx?$|\/(fixtures|testing|e2e|bench|conformance)\//.test(path);

/** The files below these folders that hold a match, with the line. Comments count as well: what is not there cannot be woken. */
function found(folders: string[], pattern: RegExp): string[] {
	const files = listed.filter(
		(path) => isProduct(path) && folders.some((folder) => path.startsWith(`${folder}/`)) && existsSync(join(root, path)),
	);
	expect(files.length).toBeGreaterThan(10);
	return files.flatMap((path) => {
		const lines = readFileSync(join(root, path), "utf8").split("\n");
		return lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : []));
	});
}

const html =
	/dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|srcdoc|DOMParser/i;
const code = /\beval\(|new Function\(|\bsetTimeout\(\s*["'`]|\bsetInterval\(\s*["'`]|javascript:/;

test("[S15] texts of elsewhere become text nodes: nothing makes HTML or code of a text", () => {
	expect(found(["renderer", "electron"], html)).toEqual([]);
	expect(found(["renderer", "electron"], code)).toEqual([]);
	expect(found(["core"], /\beval\(|new Function\(/).filter((hit) => !hit.includes("generate/") && !hit.includes("blueprint/"))).toEqual([]);
});

test("[S15] workers are made in one place, whose policy is the only one of our own", () => {
	const makers = found(["renderer"], /new (Shared)?Worker\(|createPolicy\(/).map((hit) => hit.split(":")[0]);
	expect(new Set(makers)).toEqual(new Set(["renderer/adapters/trusted-worker.ts"]));
});

test("[S1] no source names an option that would open the sandbox", () => {
	const open =
		/nodeIntegration\w*: true|contextIsolation: false|sandbox: false|webSecurity: false|webviewTag: true|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|bypassCSP|enableRemoteModule|nodeIntegrationInSubFrames/;
	expect(found(["electron"], open)).toEqual([]);
	expect(found(["electron"], /new BrowserWindow\(/).map((hit) => hit.split(":")[0])).toEqual(["electron/window.ts"]);
});

test("[S6] the one call that opens a browser takes its address from the list", () => {
	expect(found(["electron"], /openExternal\(|openPath\(|showItemInFolder\(/)).toEqual([
		expect.stringMatching(/^electron\/links\.ts:\d+ .*openExternal\(links\[id\]\)/),
	]);
});

test("[S7] every way in from the page goes through the gate", () => {
	const hits = found(["electron"], /ipcMain\.\w+\(|\bwebContents\.ipc\b/);
	expect(hits).toHaveLength(2);
	for (const hit of hits) expect(hit).toMatch(/^electron\/ipc\.ts:/);
});

test("[S8] nothing of Electron reaches the page but what the preload puts there", () => {
	expect(found(["electron"], /exposeInMainWorld|exposeInIsolatedWorld/).map((hit) => hit.split(":")[0])).toEqual(["electron/preload.ts"]);
	expect(found(["renderer"], /from "electron"|ipcRenderer|window\.require/)).toEqual([]);
});

test("[S9] nothing remote is loaded: no page, no script, no style, no font", () => {
	expect(found(["electron"], /loadURL\(|loadFile\(/)).toEqual([expect.stringContaining("window.loadURL(screenUrl)")]);
	expect(found(["renderer"], /(src|href)=["']https?:|@import|import\(["']https?:/)).toEqual([]);
});

test("[S16] programs are started without a shell, in a folder and with an environment that are named", () => {
	const starters = new Set(found(["core", "electron"], /from "node:child_process"/).map((hit) => hit.split(":")[0] ?? ""));
	expect(starters.size).toBeGreaterThan(5);
	expect(found(["core", "electron"], /\bexecSync\(|shell: (true|["'`])/)).toEqual([]);
	for (const path of starters) {
		const lines = readFileSync(join(root, path), "utf8").split("\n");
		expect(lines.filter((line) => /(?<![.\w])exec\(/.test(line))).toEqual([]);
		const starts = lines.flatMap((line, at) => (/(?<![.\w])(spawn|fork|execFile|spawnSync|execFileSync)\(/.test(line) ? [at] : []));
		expect([path, starts.length > 0]).toEqual([path, true]);
		for (const at of starts) {
			const call = lines.slice(at - 2, at + 9).join("\n");
			expect([`${path}:${at + 1}`, /\bcwd\b/.test(call), /\benv\b/.test(call)]).toEqual([`${path}:${at + 1}`, true, true]);
		}
	}
});

test("every line of SECURITY.md names tests that exist and quote its number", () => {
	const rows = readFileSync(join(root, "electron/SECURITY.md"), "utf8").match(/^\| S\d+ \|.*$/gm) ?? [];
	expect(rows.map((row) => row.split("|")[1]?.trim())).toEqual(Array.from({ length: 18 }, (_, at) => `S${at + 1}`));
	for (const row of rows) {
		const [, number = "", , proof = ""] = row.split("|").map((cell) => cell.trim());
		const files = [...proof.matchAll(/`([^`]+\.(?:test|e2e)\.ts)`/g)].map(([, name = ""]) =>
			name.includes("/") ? name : `electron/${name}`,
		);
		for (const file of files) expect([number, file, existsSync(join(root, file))]).toEqual([number, file, true]);
		// The fuses are flipped and read where the application is packaged.
		if (number === "S12") continue;
		const quoting = files.filter((file) => readFileSync(join(root, file), "utf8").includes(`[${number}]`));
		expect([number, quoting.length > 0]).toEqual([number, true]);
	}
});
