import { describe, expect, it } from "vitest";
import { createUndoStore, UNDO_LIMIT, undoable } from "./undo.ts";

/** A number that steps change, so that what was undone can be seen. */
function counter() {
	const store = createUndoStore(() => 0);
	let value = 0;
	const add = (amount: number, more = {}) => {
		value += amount;
		return store.getState().push({
			name: `Add ${amount}`,
			undo: () => {
				value -= amount;
			},
			redo: () => {
				value += amount;
			},
			...more,
		});
	};
	return { store, add, value: () => value, state: () => store.getState() };
}

describe("the undo stack", () => {
	it("takes steps back, newest first, and does them again", async () => {
		const { add, value, state } = counter();
		add(1);
		add(10);
		expect(await state().undo()).toMatchObject({ name: "Add 10" });
		expect(value()).toBe(1);
		await state().undo();
		expect(value()).toBe(0);
		expect(await state().undo()).toBeNull();
		await state().redo();
		await state().redo();
		expect(value()).toBe(11);
		expect(await state().redo()).toBeNull();
	});

	it("forgets what could be done again when something new is done", async () => {
		const { add, value, state } = counter();
		add(1);
		await state().undo();
		add(100);
		await state().redo();
		expect(value()).toBe(100);
	});

	it("passes over a step that cannot be taken back any more, and keeps its reason", async () => {
		const { add, value, state } = counter();
		add(1);
		add(10, { blocked: () => "Too late." });
		expect(undoable(state())?.name).toBe("Add 1");
		await state().undo();
		expect(value()).toBe(10);
		expect(state().past.map((entry) => entry.blocked?.())).toEqual(["Too late."]);
		expect(await state().undo()).toBeNull();
	});

	it("takes back one entry that is named, if it still can be", async () => {
		const { add, value, state } = counter();
		const first = add(1);
		add(10);
		const late = add(100, { blocked: () => "Too late." });
		await state().undo(first.id);
		expect(value()).toBe(110);
		expect(await state().undo(late.id)).toBeNull();
	});

	it("takes one step at a time", async () => {
		const { store, add, state } = counter();
		add(1);
		let finish = () => {};
		store.getState().push({
			name: "Slow",
			undo: () =>
				new Promise<void>((resolve) => {
					finish = resolve;
				}),
		});
		const slow = state().undo();
		expect(state().busy).toBe(true);
		expect(await state().undo()).toBeNull();
		finish();
		await slow;
		expect(state().past).toHaveLength(1);
	});

	it("drops an entry whose undo failed, and says so", async () => {
		const { store, state } = counter();
		store.getState().push({ name: "Broken", undo: () => Promise.reject(new Error("refused")) });
		await expect(state().undo()).rejects.toThrow("refused");
		expect(state()).toMatchObject({ past: [], future: [], busy: false });
	});

	it("keeps the newest steps only", () => {
		const { add, state } = counter();
		for (let step = 0; step < UNDO_LIMIT + 5; step++) add(step);
		expect(state().past).toHaveLength(UNDO_LIMIT);
		expect(state().past[0]?.name).toBe("Add 5");
	});
});
