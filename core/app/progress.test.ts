import { describe, expect, it } from "vitest";
import { createProgress } from "./progress.ts";

describe("progress", () => {
	it("shows work as long as it runs, with its counts", async () => {
		const seen: unknown[] = [];
		const board = createProgress(
			() => seen.push(board.list().map(({ done, total, unit }) => `${done}/${total} ${unit}`)),
			() => 1000,
		);
		const answer = await board.run({ what: "Reading banca", unit: "files" }, async (step) => {
			step(1, 3);
			step(3, 3);
			return 42;
		});
		expect(answer).toBe(42);
		expect(seen).toEqual([["0/null files"], ["1/3 files"], ["3/3 files"], []]);
	});

	it("begins a new phase, with its own clock, when something else is counted", async () => {
		let time = 0;
		const board = createProgress(
			() => {},
			() => time,
		);
		await board.run({ what: "Reading banca", unit: "files" }, async (step) => {
			step(3, 3);
			time = 500;
			step(1, 9, "modules");
			expect(board.list()).toMatchObject([{ unit: "modules", done: 1, total: 9, startedAt: 500 }]);
		});
	});

	it("takes work away that failed", async () => {
		const board = createProgress(() => {});
		await expect(board.run({ what: "x", unit: "y" }, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
		expect(board.list()).toEqual([]);
	});

	it("cancels by id, with a fault that says that nothing was changed", async () => {
		const board = createProgress(() => {});
		const work = board.run(
			{ what: "Reading banca", unit: "files" },
			(_step, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
		);
		board.cancel(board.list()[0]?.id ?? "");
		await expect(work).rejects.toMatchObject({ code: "CANCELLED" });
		expect(() => board.cancel("work-1")).not.toThrow();
	});

	it("refuses to cancel what cannot stop half way, and ends it with the core", async () => {
		const board = createProgress(() => {});
		const outer = new AbortController();
		const work = board.run(
			{ what: "Seeding", unit: "accounts", cancellable: false },
			(_step, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("closed")))),
			outer.signal,
		);
		expect(() => board.cancel("work-1")).toThrow(expect.objectContaining({ code: "RUN_STATE" }));
		outer.abort();
		await expect(work).rejects.toThrow("closed");
	});
});
