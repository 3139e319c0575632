import { beforeEach, describe, expect, it } from "vitest";
import { commandPlaces } from "../../core/contract/commands.ts";
import { bank } from "../fixtures/memory-core.ts";
import { snapshotAt } from "../fixtures/moments.ts";
import { stillMap } from "../fixtures/still-map.ts";
import { createEngineStore, createProjectStore, createScreenStore, createSettingsStore, createUndoStore } from "../state/index.ts";
import { type Context, commands } from "./commands/index.ts";
import { commandFor, matches, startKeymap } from "./keymap.ts";

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	shiftKey: false,
	...more,
});

function contextOf(): Context {
	return {
		client: () => null,
		retry: () => {},
		engine: createEngineStore(),
		project: createProjectStore(),
		screen: createScreenStore(),
		undo: createUndoStore(),
		settings: createSettingsStore(null),
	};
}

describe("keys", () => {
	let context: Context;
	beforeEach(() => {
		context = contextOf();
		context.engine.getState().takeSnapshot(snapshotAt("opened", bank));
	});

	it("match only with the modifiers that are written", () => {
		expect(matches("Ctrl+K", press("k", { ctrlKey: true }))).toBe(true);
		expect(matches("Ctrl+K", press("k", { metaKey: true }))).toBe(true);
		expect(matches("Ctrl+K", press("k"))).toBe(false);
		expect(matches("Ctrl+Alt+L", press("l", { ctrlKey: true }))).toBe(false);
		expect(matches("T", press("T", { shiftKey: true }))).toBe(false);
		expect(matches("Shift+T", press("T", { shiftKey: true }))).toBe(true);
		expect(matches("?", press("?", { shiftKey: true }))).toBe(true);
		expect(matches("+", press("+", { shiftKey: true }))).toBe(true);
	});

	it.each(commandPlaces)("name one command each on %s, so that none hides another", (place) => {
		const keys = commands.flatMap(({ keys, where }) => (keys === undefined || (where ?? place) !== place ? [] : [keys]));
		expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
	});

	it("leave to a text field what belongs to it", () => {
		context.undo.getState().push({ name: "A step", undo() {} });
		expect(commandFor(context, press("z", { ctrlKey: true }), true)).toBeNull();
		expect(commandFor(context, press("z", { ctrlKey: true }), false)?.id).toBe("edit.undo");
	});

	it("act in another place only where the table lets them", () => {
		context.screen.getState().set({ map: stillMap });
		expect(commandFor(context, press("0"), false)?.id).toBe("map.fit");
		context.screen.getState().go("run");
		expect(commandFor(context, press("0"), false)).toBeNull();
	});

	it("go to a place only when a project is open", () => {
		expect(commandFor(context, press("2"), false)?.id).toBe("go.run");
		const empty = contextOf();
		expect(commandFor(empty, press("2"), false)).toBeNull();
	});

	it("say why what they mean is not possible now, but for keys that are pressed with nothing in mind", () => {
		const empty = contextOf();
		const stop = startKeymap(empty);
		const said = () => empty.screen.getState().toasts.map((toast) => toast.text);
		for (const key of ["Escape", "Enter", "ArrowLeft"]) dispatchEvent(new KeyboardEvent("keydown", { key }));
		expect(said()).toEqual([]);
		const event = new KeyboardEvent("keydown", { key: "2", cancelable: true });
		dispatchEvent(event);
		stop();
		expect(said()).toEqual(["Run: No project is open."]);
		expect(event.defaultPrevented).toBe(true);
	});

	it("do nothing while one types, but chords still work", () => {
		expect(commandFor(context, press("2"), true)).toBeNull();
		expect(commandFor(context, press("k", { ctrlKey: true }), true)?.id).toBe("palette.open");
	});

	it("leave an open dialog alone, except for the kill switch", () => {
		context.screen.getState().set({ dialog: { kind: "keys" } });
		expect(commandFor(context, press("k", { ctrlKey: true }), false)).toBeNull();
		expect(commandFor(context, press("l", { ctrlKey: true, altKey: true }), true)?.id).toBe("system.panic");
	});
});
