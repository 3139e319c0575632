// The gateway's own column of RESULTS.md: every case over real sockets. `npm run conformance` adds the peers.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../testing/gateway.ts";
import { themes } from "./cases.ts";
import { type RecordingBackend, startRecordingBackend } from "./testing/recording-backend.ts";
import { failuresOf, runCase, verdictOf } from "./testing/run-case.ts";

let backend: RecordingBackend;
let gate: TestGateway;

beforeAll(async () => {
	backend = await startRecordingBackend();
	gate = await startGateway({ host: "127.0.0.1", port: backend.port });
});

afterAll(async () => {
	await gate.end();
	await backend.close();
});

for (const { title, cases } of themes) {
	describe(title, () => {
		test.each(cases.map((specimen) => [specimen.name, specimen] as const))("[F9] [F10] %s", async (_name, specimen) => {
			const observed = await runCase(specimen, gate.port, backend, 1_500, true);
			expect(failuresOf(specimen, observed)).toEqual([]);
			expect(verdictOf(specimen, observed)).not.toContain("planted");
		});
	});
}

test("no case is told twice, and there are enough of them", () => {
	const names = themes.flatMap(({ title, cases }) => cases.map(({ name }) => `${title}: ${name}`));
	expect(new Set(names).size).toBe(names.length);
	expect(names.length).toBeGreaterThanOrEqual(300);
});
