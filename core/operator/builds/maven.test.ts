import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildWithMaven } from "./maven.ts";

let dir: string;
const path = process.env.PATH;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-maven-"));
	mkdirSync(join(dir, "service"));
	writeFileSync(join(dir, "service/pom.xml"), "<project>");
});
afterEach(() => {
	process.env.PATH = path;
	rmSync(dir, { recursive: true, force: true });
});

/** A program of that name, which stands for the tool: what is tested is how it is called and what is made of its end. */
function tool(name: string, script: string): void {
	writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	process.env.PATH = `${dir}:/usr/bin:/bin`;
}

it("names what is missing before anything is written", async () => {
	process.env.PATH = dir;
	await expect(buildWithMaven({ dir: join(dir, "service"), tests: true })).rejects.toMatchObject({
		code: "TOOLS_MISSING",
		message: expect.stringContaining("javac, mvn"),
	});
});

it("tells Maven's own first error, and where the rest stands", async () => {
	tool("javac", "");
	tool("mvn", 'echo "[ERROR] Non-parseable POM"; exit 1');
	await expect(buildWithMaven({ dir: join(dir, "service"), tests: true })).rejects.toMatchObject({
		code: "BUILD_FAILED",
		message: expect.stringContaining("Non-parseable POM"),
	});
	expect(readFileSync(join(dir, "service.build.log"), "utf8")).toContain("Non-parseable POM");
});

it("builds again only when a source has changed, or its tests have not run", async () => {
	tool("javac", "");
	tool("mvn", `mkdir -p target; echo "$@" >> ${join(dir, "calls")}`);
	const build = (tests: boolean) => buildWithMaven({ dir: join(dir, "service"), tests });
	const calls = () => readFileSync(join(dir, "calls"), "utf8").trim().split("\n");
	await build(false);
	await build(false);
	expect(calls()).toHaveLength(1);
	expect(calls()[0]).toContain("-Dmaven.test.skip=true");
	await build(true);
	expect(calls()).toHaveLength(2);
	await build(false);
	expect(calls()).toHaveLength(2);
	writeFileSync(join(dir, "service/pom.xml"), "<project/>");
	await build(true);
	expect(calls()).toHaveLength(3);
});
