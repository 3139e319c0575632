import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type * as Fake from "./testing/fake-electron.ts";

let fake: typeof Fake;
let window: Fake.BrowserWindow;
let dir: string;
beforeEach(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-calls-"));
	vi.resetModules();
	fake = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fake);
	window = new fake.BrowserWindow({ webPreferences: {} });
	const { createGate } = await import("./ipc.ts");
	const { allowNativeCalls } = await import("./native/calls.ts");
	allowNativeCalls(createGate(window.webContents as never), window as never);
});
afterEach(() => rmSync(dir, { recursive: true }));

const call = (name: string, payload: unknown) => fake.invoke(name, window.webContents.ownEvent(), payload);

test("[S8] the page may ask for four things", () => {
	expect(fake.ipcNames()).toEqual(["pickFolder", "saveFile", "openLink", "setTitle"]);
});

test("a folder is the one that was picked, or none", async () => {
	fake.electron.paths.push("/home/me/bank");
	expect(await call("pickFolder", null)).toBe("/home/me/bank");
	expect(await call("pickFolder", null)).toBeNull();
	await expect(call("pickFolder", "/etc")).rejects.toThrow();
});

test("[S6] a link is one of the list by its name; no address of a page is ever opened", async () => {
	await call("openLink", "node");
	expect(fake.electron.opened).toEqual(["https://nodejs.org/"]);
	for (const id of ["https://example.com", "file:///etc/passwd", "__proto__", "", null])
		await expect(call("openLink", id)).rejects.toThrow();
	const { linkId, openLink } = await import("./links.ts");
	for (const id of linkId.options) await openLink(id);
	expect(fake.electron.opened.every((url) => url.startsWith("https://"))).toBe(true);
});

test("the title is the page's, within bounds", async () => {
	await call("setTitle", "banca");
	await expect(call("setTitle", "x".repeat(201))).rejects.toThrow();
	expect(window.titles).toEqual(["banca"]);
});

test("a file is written where the user says, once its last part is there, and never where the page would like", async () => {
	const path = join(dir, "map.png");
	fake.electron.paths.push(path);
	const bytes = (text: string) => new TextEncoder().encode(text);
	expect(await call("saveFile", { name: "map.png", part: bytes("lost"), first: true, last: false })).toBeNull();
	expect(await call("saveFile", { name: "map.png", part: bytes("one "), first: true, last: false })).toBeNull();
	expect(existsSync(path)).toBe(false);
	expect(await call("saveFile", { name: "map.png", part: bytes("two"), first: false, last: true })).toBe("map.png");
	expect(readFileSync(path, "utf8")).toBe("one two");
	expect(await call("saveFile", { name: "map.png", part: bytes("x"), first: true, last: true })).toBeNull();
	for (const name of ["../map.png", "a/b", "a\\b", ""])
		await expect(call("saveFile", { name, part: bytes("x"), first: true, last: true })).rejects.toThrow();
});

test("what is too large for a file of the product is not gathered", async () => {
	const part = new Uint8Array(768 * 1024);
	for (let at = 0; at < 85; at++) await call("saveFile", { name: "a", part, first: at === 0, last: false });
	await expect(call("saveFile", { name: "a", part, first: false, last: false })).rejects.toThrow("Too long.");
	await expect(call("saveFile", { name: "a", part: new Uint8Array(768 * 1024 + 1), first: true, last: false })).rejects.toThrow();
});
