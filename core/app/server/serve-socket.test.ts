import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeFrame, frameLimits } from "../../contract/frames.ts";
import type { HostState, hostApi } from "../../contract/host.ts";
import { greet } from "../../contract/line.ts";
import type { Core } from "../core.ts";
import { createCore } from "../create-core.ts";
import { createRouter } from "../router.ts";
import { type ControlSocket, serveSocket } from "./index.ts";
import { socketPath } from "./socket-path.ts";

type HostClient = ContractRouterClient<typeof hostApi>;

let dir: string;
let core: Core;
let server: ControlSocket;
let asked: number;
beforeEach(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-socket-"));
	core = await createCore({ dir });
	asked = 0;
	server = await serveSocket(core, { router: createRouter(core), onEnd: () => asked++ });
});
afterEach(async () => {
	await server.close();
	await core.close();
	rmSync(dir, { recursive: true, force: true });
});

const closed = (socket: Socket) => once(socket.resume(), "close");
const said = (text: string) => encodeFrame(text, frameLimits.down);

async function openHost(): Promise<HostClient> {
	const { line } = await greet(connect(server.path), "host");
	return createORPCClient(new RPCLink({ port: line }));
}

test("[S13] the socket stands in a directory that only its user may enter, whatever was there before", async () => {
	expect(statSync(dirname(server.path)).mode & 0o777).toBe(0o700);
	expect(statSync(server.path).mode & 0o077).toBe(0);
	await server.close();
	chmodSync(dirname(server.path), 0o777);
	expect(statSync(dirname(socketPath(dir))).mode & 0o777).toBe(0o700);
});

test("[S13] a directory that is only a link to somewhere is refused", () => {
	const other = mkdtempSync(join(tmpdir(), "phoenix-other-"));
	mkdirSync(join(other, "elsewhere"));
	symlinkSync(join(other, "elsewhere"), join(other, "control"));
	expect(() => socketPath(other)).toThrow("belongs to somebody else");
	rmSync(other, { recursive: true });
});

test("a state directory with a long name has its socket in a short one", () => {
	const path = socketPath(join(dir, "x".repeat(120)));
	expect(Buffer.byteLength(path)).toBeLessThan(101);
	expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
	rmSync(dirname(path), { recursive: true });
});

test("the core says who it is: this process, the version of the package", async () => {
	const { welcome, line } = await greet(connect(server.path), "page");
	const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string };
	expect(welcome).toEqual({ version, pid: process.pid });
	line.close();
});

test("whoever does not say whose line it is, is cut off", async () => {
	for (const first of ["{}", "nonsense", '{"line":"admin"}']) {
		const socket = connect(server.path);
		socket.write(said(first));
		await closed(socket);
	}
	const silent = connect(server.path);
	const since = performance.now();
	await closed(silent);
	expect(performance.now() - since).toBeLessThan(5_000);
});

test("a message beyond the limit cuts the line before it is held in memory", async () => {
	const socket = connect(server.path);
	socket.write(said('{"line":"page"}'));
	await once(socket, "data");
	const head = Buffer.alloc(4);
	head.writeUInt32BE(frameLimits.up + 2);
	socket.write(head);
	await closed(socket);
	const { line } = await greet(connect(server.path), "page");
	const gone = new Promise<void>((resolve) => line.on("close", () => resolve()));
	line.postMessage("x".repeat(frameLimits.up + 1));
	await gone;
});

test("something else than a core on the socket is no welcome", async () => {
	await server.close();
	await expect(greet(connect(server.path), "page")).rejects.toThrow();
	expect(existsSync(server.path)).toBe(false);
});

test("a host hears the state in words, and each change of it", async () => {
	const host = await openHost();
	const heard: HostState[] = [];
	for await (const state of await host.watch({})) {
		heard.push(state);
		if (heard.length === 2) break;
		await core.open(join(import.meta.dirname, "../../../sample-monolith/banca"));
	}
	const quiet = { run: "none", openRequests: 0, draining: false };
	expect(heard).toEqual([
		{ words: "No project is open", ...quiet },
		{ words: "banca: no traffic yet", ...quiet },
	]);
});

test("a host may ask for the end once everything is written", async () => {
	const host = await openHost();
	await host.end({ panic: "a test" });
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(asked).toBe(1);
});

test("[S14] a host hands the key over and hears of the one that is entered; nobody reads more than four characters back", async () => {
	const host = await openHost();
	await host.putKey({ key: "sk-ant-kept-by-the-desktop-1111" });
	expect(core.modelKey.state()).toEqual({ lastFour: "1111", source: "desktop" });
	const feed = await host.keys({});
	const first = feed.next();
	await new Promise((resolve) => setTimeout(resolve, 50));
	core.modelKey.put("sk-ant-entered-on-the-screen-2222", "entered");
	expect((await first).value).toEqual({ key: "sk-ant-entered-on-the-screen-2222" });
	await feed.return?.(undefined);
	// The page's contract has no verb that returns a key.
	const { line } = await greet(connect(server.path), "page");
	const page = createORPCClient(new RPCLink({ port: line })) as HostClient;
	await expect(page.keys({})).rejects.toMatchObject({ code: "NOT_FOUND" });
});
