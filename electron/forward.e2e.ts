import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { MessagePortMain } from "electron";
import { type ContractClient, contractSuite } from "../core/contract/testing/contract-suite.ts";
import { openLine } from "./core-line.ts";
import { forward } from "./page-line.ts";
import { spawnCore } from "./spawn-core.ts";
import { FakePort } from "./testing/fake-page.ts";
import { until } from "./testing/state-dir.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// The whole way of the desktop but for Chromium: a page's port, the shell that passes frames on, the socket, the real engine.
contractSuite(
	"a message port through the desktop's shell",
	async () => {
		const stateDir = mkdtempSync(join(tmpdir(), "phoenix-forward-"));
		const settings = { root, node: process.execPath, stateDir, sample: false, gatewayPort: null, dev: false, link: null };
		const core = await spawnCore(settings, new AbortController().signal);
		const port = new FakePort();
		void forward(port as unknown as MessagePortMain, async () => (await openLine(core.socket, "page")).line);
		await until(() => port.posted.length === 1);
		const page = {
			postMessage: (message: unknown) => port.say(message),
			on: (event: string, listener: (event?: { data: unknown }) => void) =>
				port.on(event === "message" ? "posted" : event, (data?: unknown) => listener({ data })),
		};
		return {
			client: createORPCClient(new RPCLink({ port: page })) as ContractClient,
			async close() {
				port.close();
				await core.end();
				rmSync(stateDir, { recursive: true, force: true });
			},
		};
	},
	join(root, "sample-monolith/banca"),
);
