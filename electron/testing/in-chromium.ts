// The built preload and the built screen in a real Chromium, as Electron would join them: the protocol's handler answers every
// request, the preload runs before the page, its port ends in this process.
import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { serveScreen } from "../screen-protocol.ts";
import { FakePort, FakeSession } from "./fake-page.ts";

/** Stands for `app://ui/`, a scheme that Chromium alone does not know. */
export const origin = "https://app.local";

export type Joined = { page: Page; problems: string[]; calls: [name: string, payload: unknown][]; choose(command: string): Promise<void> };

type Window = { deliver(id: number, data: unknown): void; hangUp(id: number): void; choose(message: unknown): void };

/** Runs in the page before the preload: as much of `electron` as that requires. */
const shim = `
const ports = new Map();
const listeners = new Map();
globalThis.deliver = (id, data) => ports.get(id)?.postMessage(data);
globalThis.hangUp = (id) => ports.get(id)?.close();
globalThis.choose = (message) => listeners.get("menu")?.({ sender: "of Electron" }, message);
const require = () => ({
	contextBridge: { exposeInMainWorld: (name, api) => { globalThis[name] = api; } },
	ipcRenderer: {
		invoke: (name, payload) => globalThis.nodeInvoke(name, payload),
		on: (name, listener) => listeners.set(name, listener),
		postMessage(name, message, [port]) {
			const id = ports.size;
			ports.set(id, port);
			port.onmessage = ({ data }) => globalThis.nodeSay(id, data);
			port.onclose = () => globalThis.nodeClose(id);
			globalThis.nodeConnect(id);
		},
	},
});
`;

export async function joinInChromium(
	context: BrowserContext,
	options: {
		screenDir: string;
		preload: string;
		answer(name: string, payload: unknown): unknown;
		onPort(port: FakePort): void;
	},
): Promise<Joined> {
	const { screenDir, preload, answer, onPort } = options;
	const session = new FakeSession();
	serveScreen(session.protocol as never, screenDir);
	const page = await context.newPage();
	const problems: string[] = [];
	const calls: Joined["calls"] = [];
	page.on("pageerror", (error) => problems.push(String(error)));
	page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
	await page.route("**/*", async (route) => {
		const url = route.request().url().replace(`${origin}/`, "app://ui/");
		const response = (await session.handlers.get("app")?.(new Request(url))) as Response;
		const body = Buffer.from(await response.arrayBuffer());
		await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
	});
	const ports = new Map<number, FakePort>();
	await page.exposeFunction("nodeInvoke", (name: string, payload: unknown) => {
		calls.push([name, payload]);
		return answer(name, payload);
	});
	await page.exposeFunction("nodeSay", (id: number, data: unknown) => ports.get(id)?.say(data));
	await page.exposeFunction("nodeClose", (id: number) => ports.get(id)?.close());
	await page.exposeFunction("nodeConnect", (id: number) => {
		const port = new FakePort();
		ports.set(id, port);
		const inPage = (act: (name: Window, given: [number, unknown]) => void, data: unknown) =>
			void page.evaluate(`(${act})(globalThis, ${JSON.stringify([id, data])})`).catch(() => {});
		port.on("posted", (data) => inPage((window, [at, message]) => window.deliver(at, message), data));
		port.on("close", () => inPage((window, [at]) => window.hangUp(at), null));
		onPort(port);
	});
	await page.addInitScript(`{\n${shim}\n${readFileSync(preload, "utf8")}\n}`);
	return { page, problems, calls, choose: (command) => page.evaluate(`choose(${JSON.stringify({ command })})`) };
}
