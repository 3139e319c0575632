import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryCore } from "../fixtures/memory-core.ts";
import { createEngineStore, createProjectStore, createScreenStore } from "../state/index.ts";
import type { Line } from "./client.ts";
import { type Feed, startFeed } from "./feed.ts";

describe("the feed", () => {
	let feed: Feed | undefined;
	afterEach(() => feed?.stop());

	function start(first: "opened" | "shadowing") {
		const core = createMemoryCore(first);
		const stores = { engine: createEngineStore(), project: createProjectStore(), screen: createScreenStore() };
		let cut: () => void = () => {};
		let refuse = false;
		const open = async (): Promise<Line> => {
			if (refuse) throw new Error("no answer");
			const closed = new Promise<void>((resolve) => {
				cut = resolve;
			});
			return { client: core.client, closed, close: () => {} };
		};
		feed = startFeed({ ...stores, open, backoffMs: [5] });
		return { core, ...stores, cut: () => cut(), refuse: (value: boolean) => (refuse = value) };
	}

	it("brings the state, the graph of the open project, and the log", async () => {
		const { engine, project } = start("shadowing");
		await vi.waitFor(() => {
			expect(engine.getState().snapshot?.migrations).toHaveLength(3);
			expect(engine.getState().log).toHaveLength(240);
			expect(project.getState().graph?.root).toBe("/srv/banca");
		});
		expect(engine.getState().connection).toBe("open");
	});

	it("follows every change", async () => {
		const { core, engine } = start("opened");
		await vi.waitFor(() => expect(engine.getState().snapshot?.migrations).toHaveLength(0));
		await vi.waitFor(() => {
			core.go("canary");
			expect(engine.getState().snapshot?.migrations[0]?.stage).toBe("canary");
		});
	});

	it("says when the line is lost, keeps what is known, and comes back without doubling the log", async () => {
		const { engine, cut, refuse } = start("shadowing");
		await vi.waitFor(() => expect(engine.getState().log).toHaveLength(240));
		refuse(true);
		cut();
		await vi.waitFor(() => expect(engine.getState()).toMatchObject({ connection: "lost" }));
		expect(engine.getState().snapshot?.migrations).toHaveLength(3);
		refuse(false);
		await vi.waitFor(() => expect(engine.getState().connection).toBe("open"));
		expect(engine.getState().log).toHaveLength(240);
	});
});
