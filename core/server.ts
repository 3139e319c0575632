import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { announceCore, type Core, createCore } from "./app/index.ts";
import { type CoreServer, serveCore } from "./app/server/index.ts";

const uiDir = join(dirname(fileURLToPath(import.meta.url)), "../dist/renderer");

export type Served = { core: Core; server: CoreServer; end(): Promise<void> };

/** A core with its screen. The gateway and the services outlive it when it is killed, not when it is ended. */
export async function serve(options: { dir: string; port: number; sample?: boolean; gatewayPort?: number }): Promise<Served> {
	const core = await createCore({ dir: options.dir });
	try {
		const server = await serveCore(core, { port: options.port, uiDir });
		announceCore(core.dir, server.url, server.token);
		if (options.sample && core.project === null) {
			await core.openSample(options.gatewayPort === undefined ? {} : { gatewayPort: options.gatewayPort }).catch((error) => core.alert(error));
		}
		return {
			core,
			server,
			async end() {
				await server.close();
				const isServing = core.migrations?.states().some((state) => (state.canary?.weight ?? 0) > 0 || state.stage === "promoted") ?? false;
				await core.close({ keepTraffic: isServing && core.bank === null, reason: "the server ended" });
			},
		};
	} catch (error) {
		await core.close({ reason: "the server could not start" });
		throw error;
	}
}
