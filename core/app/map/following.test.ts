import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openProject, type Project } from "../project.ts";
import { createFollowing } from "./following.ts";

const dir = mkdtempSync(join(tmpdir(), "phoenix-following-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it("gives the project anew when a file has changed, with how many, and nothing after its end", async () => {
	const source = join(dir, "source");
	mkdirSync(source);
	writeFileSync(join(source, "a.py"), "def first():\n\treturn 1\n");
	const given: Project[] = [];
	let heard = () => {};
	const failures: unknown[] = [];
	const following = createFollowing(
		join(dir, "state"),
		(project) => {
			given.push(project);
			heard();
		},
		(error) => failures.push(error),
	);
	following.begin(await openProject(source));
	expect(given).toHaveLength(1);
	const told = new Promise<void>((resolve) => {
		heard = resolve;
	});
	appendFileSync(join(source, "a.py"), "\n\ndef second():\n\treturn first()\n");
	await told;
	expect(given.at(-1)?.update).toMatchObject({ count: 1, files: 1 });
	expect(given.at(-1)?.inspect("first").callers).toEqual(["a.second"]);
	await following.end();
	appendFileSync(join(source, "a.py"), "\n\ndef third():\n\treturn first()\n");
	await new Promise((done) => setTimeout(done, 300));
	expect(given).toHaveLength(2);
	expect(failures).toEqual([]);
});
