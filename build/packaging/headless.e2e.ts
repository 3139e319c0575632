import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildScreen } from "../bundles.mjs";
import { root } from "../runtime.mjs";
import { checkManifest, filesBelow } from "./files.mjs";
import { ownVersion, packageHeadless } from "./headless.mjs";
import { hasProgram, holding, run } from "./testing/machine.ts";

/** Without dpkg-deb nothing here can be built; that is then counted as skipped. */
const canBuild = process.platform === "linux" && hasProgram("dpkg-deb") && hasProgram("xz");

describe.skipIf(!canBuild)("the headless package", () => {
	const version = ownVersion();
	/** Any moment will do, as long as it is the same each time. */
	const epoch = 1_790_000_000;
	let folder = "";
	let deb: { file: string; bytes: number; sha256: string };
	let archive: { file: string; bytes: number };
	/** The package's files, unpacked without installing anything. */
	let tree = "";
	let engine = "";

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "phoenix-package-"));
		chmodSync(folder, 0o755);
		await buildScreen();
		const [first, second] = await packageHeadless({ out: join(folder, "first"), version, epoch });
		if (first === undefined || second === undefined) throw new Error("a package is missing");
		[deb, archive] = [first, second];
		tree = join(folder, "tree");
		run("dpkg-deb", ["-x", deb.file, tree]);
		engine = join(tree, "opt/phoenix-engine", version);
		for (const { file, bytes, seconds } of [first, second])
			console.log(`${file.split("/").at(-1)}: ${(bytes / 1e6).toFixed(1)} MB in ${seconds} s`);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("is the same, byte for byte, when it is built again from the same inputs", async () => {
		const mask = process.umask(0o077);
		const [again] = await packageHeadless({ out: join(folder, "again"), version, epoch, archive: false }).finally(() =>
			process.umask(mask),
		);
		expect(again?.sha256).toBe(deb.sha256);
	});

	it("holds what runs, and nothing of tests, types, maps and of the machine that built it", () => {
		const files = filesBelow(engine);
		expect(files).toEqual(
			expect.arrayContaining(["core/cli.ts", "dist/renderer/index.html", "sample-monolith/banca/bank.py", "node_modules/node/bin/node"]),
		);
		const strange =
			/\.(test|e2e|bench)\.ts$|\.d\.[cm]?ts$|\.map$|\.env|\.pyc$|(^|\/)(fixtures|testing|e2e|tests|bench|conformance|__pycache__|\.git)\//;
		expect(files.filter((path) => strange.test(path))).toEqual([]);
		expect(files.filter((path) => /^node_modules\/.*\.(ts|md|c|h|gyp)$/.test(path) && !/licen[cs]e|notice/i.test(path))).toEqual([]);
		expect(holding(engine, root.replace(/\/$/, ""))).toEqual([]);
		expect(deb.bytes).toBeLessThan(60e6);
	});

	it("lists the hash of every file, and notices one that was changed", () => {
		expect(checkManifest(engine)).toEqual([]);
		expect(run("sha256sum", ["--check", "--quiet", "MANIFEST.sha256"], { cwd: engine })).toEqual({ code: 0, output: "" });
		const victim = join(engine, "core/cli.ts");
		const before = readFileSync(victim);
		appendFileSync(victim, " ");
		writeFileSync(join(engine, "core/more.ts"), "");
		expect(checkManifest(engine)).toEqual(["not listed: core/more.ts", "changed: core/cli.ts"]);
		rmSync(victim);
		expect(checkManifest(engine)[0]).toBe("missing: core/cli.ts");
		rmSync(join(engine, "core/more.ts"));
		writeFileSync(victim, before);
		expect(checkManifest(engine)).toEqual([]);
	});

	it("carries a bill of materials that agrees with npm's own", () => {
		const bom = z.object({
			bomFormat: z.literal("CycloneDX"),
			components: z
				.array(z.object({ purl: z.string(), licenses: z.array(z.unknown()).min(1), hashes: z.array(z.unknown()).min(1) }))
				.min(20),
		});
		const own = bom.parse(JSON.parse(readFileSync(join(engine, "sbom.cdx.json"), "utf8")));
		const npm = run("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], { cwd: root });
		const theirs = new Set((npm.output.match(/"purl": "pkg:npm\/[^"]+"/g) ?? []).map((line) => line.slice(9, -1)));
		expect(theirs.size).toBeGreaterThan(100);
		const unknown = own.components.map(({ purl }) => purl).filter((purl) => purl.startsWith("pkg:npm/") && !theirs.has(purl));
		expect(unknown).toEqual([]);
		const shipped = filesBelow(join(engine, "node_modules")).filter((path) => /^(@[^/]+\/)?[^/@]+\/package\.json$/.test(path));
		const named = own.components.map(({ purl }) =>
			purl
				.replace("pkg:npm/", "")
				.replace("%40", "@")
				.replace(/@[^@]*$/, ""),
		);
		expect(named).toEqual(expect.arrayContaining(shipped.map((path) => path.replace("/package.json", ""))));
	});

	it("also is an archive for other systems, whose command runs from wherever it is unpacked", () => {
		const place = join(folder, "elsewhere");
		run("mkdir", [place]);
		run("tar", ["-xf", archive.file, "-C", place]);
		const command = join(place, `phoenix-engine-${version}-linux-${process.arch}/bin/phoenix`);
		const home = { HOME: place, PATH: "/usr/bin:/bin" };
		expect(run(command, ["help"], { env: home }).output).toContain("phoenix serve");
		expect(statSync(join(place, ".cache/phoenix-engine")).isDirectory()).toBe(true);
		const map = JSON.parse(run(command, ["map", join(engine, "sample-monolith/banca"), "--json"], { env: home, cwd: place }).output);
		expect(map.nodes.length).toBeGreaterThan(50);
	});

	it.skipIf(!hasProgram("lintian"))("has nothing that lintian calls an error", () => {
		const asked = ["--fail-on", "error", "--suppress-tags", "dir-or-file-in-opt,embedded-javascript-library,unstripped-binary-or-object"];
		expect(run("lintian", [...asked, deb.file])).toMatchObject({ code: 0 });
	});

	it.skipIf(!hasProgram("systemd-analyze"))("has units that systemd accepts, closed to all that the engine does not need", () => {
		for (const kind of ["system", "user"]) {
			const unit = join(tree, `usr/lib/systemd/${kind}/phoenix-engine.service`);
			const local = join(folder, `${kind}-phoenix-engine.service`);
			run("sh", ["-c", `sed 's|/usr/bin/phoenix|${engine}/bin/phoenix|' ${unit} > ${local}`]);
			const checked = run("systemd-analyze", ["verify", `--man=no`, ...(kind === "user" ? ["--user"] : []), local], {
				env: { ...process.env, XDG_RUNTIME_DIR: folder },
			});
			expect(checked).toEqual({ code: 0, output: "" });
		}
		const security = run("systemd-analyze", [
			"security",
			"--offline=true",
			"--threshold=25",
			join(folder, "system-phoenix-engine.service"),
		]);
		console.log(security.output.trim().split("\n").at(-1));
		expect(security.code).toBe(0);
	});
});
