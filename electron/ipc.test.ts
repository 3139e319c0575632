import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type * as Fake from "./testing/fake-electron.ts";

let fake: typeof Fake;
let window: Fake.BrowserWindow;
let calls: unknown[];
const screenFrame = { parent: null, url: "app://ui/#/map" };

beforeEach(async () => {
	vi.resetModules();
	fake = await import("./testing/fake-electron.ts");
	vi.doMock("electron", () => fake);
	window = new fake.BrowserWindow({ webPreferences: {} });
	calls = [];
	const { createGate } = await import("./ipc.ts");
	const gate = createGate(window.webContents as never);
	gate.handle("say", z.string().max(10), 3, (text) => calls.push(text));
	gate.handle("take", z.instanceof(Uint8Array), 3, ({ byteLength }) => calls.push(byteLength));
	gate.onPort("connect", 2, (port) => calls.push(port));
});

test("[S7] a call of the screen's main frame arrives with what its shape lets through", async () => {
	await fake.invoke("say", window.webContents.ownEvent(), "hello");
	expect(calls).toEqual(["hello"]);
});

test("[S7] another page, another window, a frame within the page and a frame that is gone are refused", async () => {
	const other = new fake.BrowserWindow({ webPreferences: {} }).webContents;
	const sender = window.webContents;
	for (const event of [
		{ sender: other, senderFrame: screenFrame },
		{ sender, senderFrame: { ...screenFrame, url: "https://example.com/" } },
		{ sender, senderFrame: { ...screenFrame, url: "app://ui.example/" } },
		{ sender, senderFrame: { ...screenFrame, url: "file:///app://ui/" } },
		{ sender, senderFrame: { ...screenFrame, parent: screenFrame } },
		{ sender, senderFrame: null },
	]) {
		await expect(fake.invoke("say", event, "hello")).rejects.toThrow("Not from here.");
		const port = new fake.FakePort();
		fake.emitIpc("connect", { ...event, ports: [port] });
		expect(port.closed).toBe(true);
	}
	expect(calls).toEqual([]);
});

test("[S7] a payload of another shape, or above a mebibyte, is refused", async () => {
	const own = window.webContents.ownEvent();
	await expect(fake.invoke("say", own, "x".repeat(11))).rejects.toThrow();
	await expect(fake.invoke("say", own, { text: "x" })).rejects.toThrow();
	await expect(fake.invoke("take", own, new Uint8Array(1024 * 1024))).rejects.toThrow("Too long.");
	await fake.invoke("take", own, new Uint8Array(1024 * 1024 - 100));
	expect(calls).toEqual([1024 * 1024 - 100]);
});

test("[S7] whoever calls too often waits until the next second", async () => {
	const own = window.webContents.ownEvent();
	for (let turn = 0; turn < 3; turn++) await fake.invoke("say", own, "a");
	await expect(fake.invoke("say", own, "a")).rejects.toThrow("Too often.");
	await new Promise((resolve) => setTimeout(resolve, 400));
	await fake.invoke("say", own, "b");
	expect(calls).toEqual(["a", "a", "a", "b"]);
	const ports = [new fake.FakePort(), new fake.FakePort(), new fake.FakePort()];
	for (const port of ports) fake.emitIpc("connect", window.webContents.ownEvent([port]));
	expect(ports.map(({ closed }) => closed)).toEqual([false, false, true]);
});

test("[S8] a connection without a port is none", () => {
	fake.emitIpc("connect", window.webContents.ownEvent());
	expect(calls).toEqual([]);
});
