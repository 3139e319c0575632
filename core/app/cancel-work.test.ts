import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { afterEach, expect, it } from "vitest";
import { createCore } from "./create-core.ts";
import { createRouter } from "./router.ts";

const folders: string[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it("shows a scan in the state with its counts, and ends it when it is cancelled, without an alert and without a project", async () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-cancel-"));
	folders.push(dir);
	const source = join(dir, "source");
	mkdirSync(source);
	for (let index = 0; index < 400; index++)
		writeFileSync(join(source, `part_${index}.py`), `def step_${index}(a):\n    return a + ${index}\n`.repeat(20));
	const core = await createCore({ dir: join(dir, "state") });
	const client = createRouterClient(createRouter(core));
	try {
		const opening = client.project.open({ dir: source });
		opening.catch(() => {});
		await expect.poll(async () => (await client.state.snapshot({})).progress[0]?.done ?? 0, { interval: 5 }).toBeGreaterThan(0);
		const [work] = (await client.state.snapshot({})).progress;
		expect(work).toMatchObject({ what: "Reading source", total: 400, unit: "files", cancellable: true });
		await client.state.cancelWork({ id: work?.id ?? "" });
		await expect(opening).rejects.toMatchObject({ data: { code: "CANCELLED" } });
		expect(await client.state.snapshot({})).toMatchObject({ progress: [], alerts: [], project: null });
	} finally {
		await core.close();
	}
});
