import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const npm = (args: string[]) =>
	promisify(execFile)("npm", args, { cwd, timeout: 60_000, maxBuffer: 64 * 1024 * 1024, shell: process.platform === "win32" });

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
	const { stdout } = await npm(["ci", "--ignore-scripts", "--dry-run", "--offline", "--no-audit", "--no-fund"]);
	expect(stdout).toMatch(/up to date|added|changed/);
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
