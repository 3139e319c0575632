import { afterEach, expect, test, vi } from "vitest";
import type { Snapshot } from "../../core/contract/api.ts";
import { createMemoryCore } from "../fixtures/memory-core.ts";
import { createEngineStore, createProjectStore, createScreenStore, createSettingsStore, createUndoStore } from "../state/index.ts";
import type { Bridge, FilePart } from "./client.ts";
import type { Context } from "./commands/index.ts";
import { saveByDesktop } from "./desktop-file.ts";
import { startNative } from "./native.ts";

type Choose = (command: string, argument?: string) => void;

/** The desktop as the page sees it; `said` is what the page asked of it. */
function desktop() {
	const said: unknown[] = [];
	let choose: Choose = () => {};
	const bridge: Bridge = {
		connect() {},
		native: {
			pickFolder: async () => null,
			async saveFile(part) {
				said.push(part);
				return part.last ? part.name : null;
			},
			openLink: async () => {},
			setTitle: async (title) => void said.push(title),
			onMenu(listener) {
				choose = listener;
			},
		},
	};
	return { bridge, said, choose: (...given: Parameters<Choose>) => choose(...given) };
}

const contextOf = (): Context => ({
	client: () => null,
	retry() {},
	engine: createEngineStore(),
	project: createProjectStore(),
	screen: createScreenStore(),
	undo: createUndoStore(),
	settings: createSettingsStore(null),
});

const opened: Snapshot = createMemoryCore("opened").snapshot();

afterEach(() => {
	delete (globalThis as { phoenix?: Bridge }).phoenix;
	vi.useRealTimers();
});

function start() {
	const { bridge, said, choose } = desktop();
	(globalThis as { phoenix?: Bridge }).phoenix = bridge;
	const context = contextOf();
	startNative(context);
	return { context, said, choose };
}

test("in a browser there is nothing to join", () => {
	const context = contextOf();
	expect(() => startNative(context)).not.toThrow();
});

test("the title of the window names the project that is open, once", () => {
	const { context, said } = start();
	context.engine.getState().takeSnapshot(opened);
	context.engine.getState().takeSnapshot({ ...opened, seq: 2 });
	expect(said).toEqual(["Phoenix Engine", "Banca 1990 · Phoenix Engine"]);
});

test("what the menu bar chooses is performed; what is no command is not", async () => {
	const { context, choose } = start();
	context.engine.getState().takeSnapshot(opened);
	choose("go.run");
	choose("no.such.command");
	await vi.waitFor(() => expect(context.screen.getState().place).toBe("run"));
});

test("undo of the menu bar means the text while somebody types, and the last step otherwise", async () => {
	const { context, choose } = start();
	context.engine.getState().takeSnapshot(opened);
	let steps = 1;
	context.undo.getState().push({ name: "A step", undo: () => void steps-- });
	const asked: string[] = [];
	document.execCommand = (name) => asked.push(name) > 0;
	const field = document.body.appendChild(document.createElement("input"));
	field.focus();
	choose("edit.undo");
	await vi.waitFor(() => expect(asked).toEqual(["undo"]));
	expect(steps).toBe(1);
	field.remove();
	choose("edit.undo");
	await vi.waitFor(() => expect(steps).toBe(0));
	expect(asked).toEqual(["undo"]);
});

test("a link that comes before the first state waits for it, and not for ever", async () => {
	vi.useFakeTimers();
	const { context, choose } = start();
	choose("go.patches");
	await vi.advanceTimersByTimeAsync(1_000);
	expect(context.screen.getState().place).toBe("map");
	context.engine.getState().takeSnapshot(opened);
	await vi.advanceTimersByTimeAsync(0);
	expect(context.screen.getState().place).toBe("patches");

	const late = start();
	late.choose("go.run");
	await vi.advanceTimersByTimeAsync(20_000);
	late.context.engine.getState().takeSnapshot(opened);
	await vi.advanceTimersByTimeAsync(0);
	expect(late.context.screen.getState().place).toBe("map");
});

test("a file goes to the desktop in parts that its gate lets through, whole and in order", async () => {
	const { bridge, said } = desktop();
	const content = Uint8Array.from({ length: 1_300_000 }, (_, at) => at % 251);
	expect(await saveByDesktop(bridge, "map.png", content)).toBe("map.png");
	const parts = said as FilePart[];
	expect(parts.map(({ first, last }) => [first, last])).toEqual([
		[true, false],
		[false, false],
		[false, true],
	]);
	expect(Math.max(...parts.map(({ part }) => part.length))).toBeLessThanOrEqual(768 * 1024);
	expect(Uint8Array.from(parts.flatMap(({ part }) => [...part]))).toEqual(content);
	expect(await saveByDesktop(bridge, "empty.txt", new Uint8Array())).toBe("empty.txt");
});
