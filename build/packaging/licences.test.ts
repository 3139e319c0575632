import { describe, expect, it } from "vitest";
import { desktopPackages, enginePackages, importedBy, readLock, screenPackages } from "./packages.mjs";
import { createSbom } from "./sbom.mjs";
import { countLicences, isAccepted, thirdPartyText } from "./third-party.mjs";

const shipped = () => [...new Map([...enginePackages(), ...screenPackages(), ...desktopPackages()].map((one) => [one.path, one])).values()];

describe("licences of what is shipped", () => {
	it("are permissive, every one of them", () => {
		const packages = shipped();
		console.log(
			`${packages.length} packages shipped: ${countLicences(packages)
				.map(([licence, count]) => `${licence} ${count}`)
				.join(", ")}`,
		);
		expect(packages.length).toBeGreaterThan(50);
		expect(packages.filter(({ licence }) => !isAccepted(licence)).map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
	});

	it("are read as SPDX expressions: one side of OR is enough, both of AND are needed", () => {
		for (const good of ["MIT", "(MIT OR GPL-3.0)", "MIT AND ISC", "(MPL-2.0 OR (MIT AND Zlib))"]) expect(isAccepted(good), good).toBe(true);
		for (const bad of ["GPL-3.0", "MIT AND GPL-2.0", "", "SEE LICENSE IN x", "(MIT", "EPL-2.0 OR GPL-3.0"])
			expect(isAccepted(bad), bad).toBe(false);
	});

	it("go along as texts, and a package that may not be shipped stops the packaging", () => {
		const [one] = enginePackages();
		if (one === undefined) throw new Error("the engine ships no package");
		expect(thirdPartyText([one])).toContain(`${one.name} ${one.version} (${one.licence})`);
		expect(() => thirdPartyText([{ ...one, licence: "GPL-3.0-only" }])).toThrow(`${one.name} (GPL-3.0-only)`);
		expect(thirdPartyText(shipped()).match(/carries no text of its own/g)?.length ?? 0).toBeLessThan(10);
	});
});

describe("what is shipped", () => {
	it("is what the sources import, with all that it needs", () => {
		expect(importedBy(["core"])).toEqual(expect.arrayContaining(["sql.js", "tree-sitter-python", "ws", "zod"]));
		expect(importedBy(["core"])).not.toContain("vitest");
		const names = enginePackages().map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(["http-proxy", "eventemitter3", "requires-port"]));
		expect(names).not.toContain("monaco-editor");
		expect(names).not.toContain("node-gyp-build");
	});

	it("counts the fonts that a sheet of styles names", () => {
		expect(importedBy(["renderer"])).toEqual(expect.arrayContaining(["react", "@fontsource-variable/inter"]));
		expect(thirdPartyText(screenPackages())).toContain("SIL OPEN FONT LICENSE");
	});

	it("is held by the lock file to exact versions and hashes, and needs no install script", () => {
		const lock = readLock();
		for (const { path, version, integrity } of shipped()) {
			expect(integrity, path).toMatch(/^sha512-/);
			expect(lock[path]?.version).toBe(version);
		}
		// One only warns of version ranges; the other compiles a native module, and the WebAssembly that is shipped is in the package as it comes.
		const scripted = shipped().filter(({ path }) => lock[path]?.hasInstallScript);
		expect(scripted.map(({ name }) => name)).toEqual(["protobufjs", "tree-sitter-python"]);
	});

	it("is named in a bill of materials that is the same for the same content", () => {
		const bill = (version: string) =>
			createSbom({
				version,
				epoch: 1_790_000_000,
				inFiles: enginePackages(),
				inBundles: screenPackages(),
				node: { version: "24.0.0", sha256: "00" },
			});
		expect(bill("1.0.0")).toEqual(bill("1.0.0"));
		expect(bill("1.0.1").serialNumber).not.toBe(bill("1.0.0").serialNumber);
		const purls = bill("1.0.0").components.map(({ purl }) => purl);
		expect(new Set(purls).size).toBe(purls.length);
	});
});
