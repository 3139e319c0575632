import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink as HttpLink } from "@orpc/client/fetch";
import { RPCLink as PortLink } from "@orpc/client/message-port";
import { RPCLink as SocketLink } from "@orpc/client/websocket";
import { createRouterClient } from "@orpc/server";
import { WebSocket } from "ws";
import { greet } from "../../contract/line.ts";
import { type ContractClient, contractSuite, type Opened } from "../../contract/testing/contract-suite.ts";
import type { Core } from "../core.ts";
import { createCore } from "../create-core.ts";
import { createRouter, type Router } from "../router.ts";
import { serveCore, serveSocket } from "./index.ts";

const source = fileURLToPath(new URL("../../../sample-monolith/banca", import.meta.url));

type Served = { core: Core; router: Router };
type Way = { client: ContractClient; close(): void | Promise<void> };

/** A core in a directory of its own, and what `reach` makes of it. */
const over = (reach: (served: Served) => Promise<Way>) => async (): Promise<Opened> => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-transport-"));
	const core = await createCore({ dir });
	const { client, close } = await reach({ core, router: createRouter(core) });
	return {
		client,
		async close() {
			await close();
			await core.close();
			rmSync(dir, { recursive: true, force: true });
		},
	};
};

contractSuite(
	"memory",
	over(async ({ router }) => ({ client: createRouterClient(router) as ContractClient, close() {} })),
	source,
);

contractSuite(
	"WebSocket",
	over(async ({ core, router }) => {
		const server = await serveCore(core, { port: 0, uiDir: core.dir, router });
		const websocket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: { authorization: `Bearer ${server.token}` } });
		await new Promise((resolve, reject) => websocket.once("open", resolve).once("error", reject));
		return { client: createORPCClient(new SocketLink({ websocket: websocket as never })), close: () => server.close() };
	}),
	source,
);

contractSuite(
	"HTTP",
	over(async ({ core, router }) => {
		const server = await serveCore(core, { port: 0, uiDir: core.dir, router });
		const url = `http://127.0.0.1:${server.port}/rpc`;
		const link = new HttpLink({ url, headers: { authorization: `Bearer ${server.token}` } });
		return { client: createORPCClient(link), close: () => server.close() };
	}),
	source,
);

contractSuite(
	"the control socket",
	over(async ({ core, router }) => {
		const server = await serveSocket(core, { router, onEnd() {} });
		const { line } = await greet(connect(server.path), "page");
		return { client: createORPCClient(new PortLink({ port: line })), close: () => server.close() };
	}),
	source,
);
