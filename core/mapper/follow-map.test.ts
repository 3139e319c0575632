import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Graph } from "../contract/graph.ts";
import { followMap, type MapChange, mapProject } from "./index.ts";

const plain = (graph: Graph) => ({ ...graph, scanMs: 0 });

it("follows what is written, added, moved and taken away, and each time equals a map made anew", async () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-follow-"));
	writeFileSync(join(dir, "rates.py"), "RATES = {}\n\ndef rate(kind):\n\treturn RATES.get(kind)\n");
	writeFileSync(join(dir, "main.py"), "import rates\n\ndef main():\n\treturn rates.rate('a')\n");
	const seen: MapChange[] = [];
	let newest = await mapProject(dir);
	let heard = () => {};
	const failures: unknown[] = [];
	const followed = followMap(
		newest,
		{},
		(mapped, change) => {
			newest = mapped;
			seen.push(change);
			heard();
		},
		(error) => failures.push(error),
	);
	const after = async (edit: () => void) => {
		const told = new Promise<void>((resolve) => {
			heard = resolve;
		});
		edit();
		await told;
		expect(plain(newest.graph)).toEqual(plain((await mapProject(dir)).graph));
	};
	try {
		await after(() => appendFileSync(join(dir, "rates.py"), "\ndef other(kind):\n\treturn rate(kind)\n"));
		expect(seen.at(-1)).toMatchObject({ changed: ["rates.py"], added: [], removed: [] });
		await after(() => {
			mkdirSync(join(dir, "batch"));
			writeFileSync(join(dir, "batch", "night.py"), "from rates import other\n\ndef night():\n\treturn other('b')\n");
		});
		// The folder may have been seen before its file.
		while (newest.graph.files.length < 3) await new Promise((done) => setTimeout(done, 20));
		expect(newest.graph.edges).toContainEqual({ from: "function:batch.night.night", to: "function:rates.other", kind: "call", lines: [4] });
		await after(() => appendFileSync(join(dir, "batch", "night.py"), "\ndef twice():\n\treturn night() + night()\n"));
		await after(() => renameSync(join(dir, "rates.py"), join(dir, "prices.py")));
		expect(seen.at(-1)).toMatchObject({ changed: [], added: ["prices.py"], removed: ["rates.py"] });
		await after(() => rmSync(join(dir, "batch"), { recursive: true }));
		expect(newest.graph.files.map((file) => file.path)).toEqual(["main.py", "prices.py"]);
		expect(failures).toEqual([]);
	} finally {
		await followed.close();
		rmSync(dir, { recursive: true });
	}
});
