import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const npm = (args: string[], folder = cwd) =>
	promisify(execFile)("npm", args, { cwd: folder, timeout: 60_000, maxBuffer: 64 * 1024 * 1024, shell: process.platform === "win32" });

type Package = { version?: string; integrity?: string; optional?: boolean; os?: string[] };
const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")) as {
	lockfileVersion: number;
	packages: Record<string, Package>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");

test("[S17] the lock file names each package by exact version and hash, but for programs of other systems that no mirror has", () => {
	expect(lock.lockfileVersion).toBe(3);
	expect(packages.length).toBeGreaterThan(100);
	expect(packages.filter(([, { version = "" }]) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
	const unhashed = packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
	expect(unhashed.filter(([, { optional, os = [] }]) => optional !== true || os.length === 0)).toEqual([]);
	expect(unhashed.filter(([path]) => path.endsWith(`-${process.platform}-${process.arch}`))).toEqual([]);
});

test("[S17] `npm ci --ignore-scripts` finds lock and manifest of one mind, without the network", async () => {
	const check = ["ci", "--ignore-scripts", "--dry-run", "--offline", "--no-audit", "--no-fund", "--loglevel=error"];
	await npm(check);
	const folder = mkdtempSync(join(tmpdir(), "phoenix-lock-"));
	try {
		const manifest = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
		writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ws: "1.0.0" } }));
		copyFileSync(join(cwd, "package-lock.json"), join(folder, "package-lock.json"));
		await expect(npm(check, folder)).rejects.toThrow(/EUSAGE|ENOTCACHED/);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("[S17] `npm sbom` lists every package by its version; what is shipped is listed by the packages' own (build/packaging)", async () => {
	const { stdout } = await npm(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]);
	const sbom = JSON.parse(stdout) as { bomFormat: string; components: { purl: string }[] };
	expect(sbom.bomFormat).toBe("CycloneDX");
	const known = new Set(sbom.components.map(({ purl }) => purl));
	for (const name of ["react", "zod", "ws", "http-proxy", "sql.js"])
		expect(known).toContain(`pkg:npm/${name}@${lock.packages[`node_modules/${name}`]?.version}`);
});

test("[S18] the pinned Electron is at most one major behind the newest", async ({ skip }) => {
	const pinned = lock.packages["node_modules/electron"]?.version ?? "";
	expect(pinned).toMatch(/^\d+\.\d+\.\d+$/);
	const newest = await npm(["view", "electron", "version", "--fetch-retries=0", "--fetch-timeout=10000"]).then(
		({ stdout }) => stdout.trim(),
		() => null,
	);
	if (newest === null) return skip(`no registry answers: whether Electron ${pinned} is still current was not checked`);
	process.stdout.write(`Electron ${pinned} is pinned, ${newest} is the newest\n`);
	expect(Number.parseInt(newest, 10) - Number.parseInt(pinned, 10)).toBeLessThanOrEqual(1);
});
