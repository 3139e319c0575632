// What the contract promises whatever carries it. Each transport runs this whole body: in memory, over WebSocket, over the control
// socket, and through the desktop's shell from a message port.
import type { ContractRouterClient } from "@orpc/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "../../base/index.ts";
import type { api, Snapshot } from "../api.ts";
import type { Graph } from "../graph.ts";
import type { LogLine } from "../log.ts";

export type ContractClient = ContractRouterClient<typeof api>;

/** One core without a project, and a way to it. */
export type Opened = { client: ContractClient; close(): Promise<void> };

/** `source`: a folder that the core can open, with Python files. */
export function contractSuite(transport: string, open: () => Promise<Opened>, source: string): void {
	describe(`the contract over ${transport}`, () => {
		let opened: Opened;
		beforeAll(async () => {
			opened = await open();
		});
		afterAll(() => opened.close());

		test("a verb is answered with what it returns", async () => {
			const snapshot: Snapshot = await opened.client.state.snapshot({});
			expect(snapshot).toMatchObject({ project: null, system: null, run: null, migrations: [] });
		});

		test("input that does not fit the contract is refused before it reaches the engine", async () => {
			const before = (await opened.client.state.snapshot({})).seq;
			await expect(opened.client.system.panic({ reason: "x".repeat(201) })).rejects.toMatchObject({ code: "BAD_REQUEST" });
			await expect(opened.client.project.open({ dir: 7 } as never)).rejects.toMatchObject({ code: "BAD_REQUEST" });
			expect((await opened.client.state.snapshot({})).seq).toBe(before);
		});

		test("a fault arrives with its code and its three sentences", async () => {
			const refused = await opened.client.project
				.open({ dir: "/nowhere/ünder/the/säme" })
				.catch((error: unknown) => error as { data: Fault });
			expect(refused).toMatchObject({
				code: "SOURCE_MISSING",
				data: { code: "SOURCE_MISSING", what: expect.stringContaining("/nowhere/ünder/the/säme"), safe: expect.any(String) },
			});
		});

		test("calls at the same time each get their own answer", async () => {
			const names = Array.from({ length: 40 }, (_, at) => `none_${at}_ü`);
			const answers = await Promise.all(
				names.map((name) =>
					opened.client.project.open({ dir: `/nowhere/${name}` }).catch((error: { data: Fault }) => JSON.stringify(error.data)),
				),
			);
			for (const [at, name] of names.entries()) expect(answers[at]).toContain(`/nowhere/${name}.`);
		});

		test("a large answer comes whole", async () => {
			const graph: Graph = await opened.client.project.open({ dir: source });
			expect(graph.nodes.length).toBeGreaterThan(30);
			expect(await opened.client.project.graph({})).toEqual(graph);
			const long = `SELECT '${"long ü ".repeat(1_000)}' AS text`;
			const { rows } = await opened.client.journal.query({ sql: long });
			expect(rows).toEqual([["long ü ".repeat(1_000)]]);
		});

		test("a feed gives the present state at once, and each change after it", async () => {
			const seen: number[] = [];
			for await (const { seq } of await opened.client.state.watch({})) {
				seen.push(seq);
				if (seen.length === 1) await opened.client.project.open({ dir: source });
				// Progress is told too, which is no entry of the journal.
				if (seq > (seen[0] ?? 0)) break;
			}
			expect(seen.length).toBeGreaterThan(1);
			expect(seen).toEqual(seen.toSorted((a, b) => a - b));
		});

		test("the log resumes after the last line that was seen, without a gap and without a repetition", async () => {
			const all = await firstLines(opened.client, 0);
			expect(all.length).toBeGreaterThan(1);
			const seen = all[0]?.seq ?? 0;
			expect(await firstLines(opened.client, seen)).toEqual(all.slice(1));
		});

		test("a feed that is left ends, and the line serves on", async () => {
			for (let turn = 0; turn < 20; turn++) {
				for await (const snapshot of await opened.client.state.watch({})) {
					expect(snapshot.version).toMatch(/^\d/);
					break;
				}
			}
			expect((await opened.client.state.snapshot({})).project).not.toBeNull();
		});
	});
}

async function firstLines(client: ContractClient, since: number): Promise<LogLine[]> {
	for await (const lines of await client.state.log({ since })) return lines;
	return [];
}
