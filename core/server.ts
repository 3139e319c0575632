import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { announceCore, type Core, createCore } from "./app/index.ts";
import type { Upstream } from "./contract/traffic.ts";
import { type CoreServer, serveCore } from "./app/server/index.ts";

const uiDir = join(dirname(fileURLToPath(import.meta.url)), "../dist/renderer");

export type Served = { core: Core; server: CoreServer; end(): Promise<void> };

export type ServeOptions = {
	/** State directory. */
	dir: string;
	/** Of the screen; 0: any free one. */
	port: number;
	/** Opens the sample bank, seeded and running, unless the state directory holds a project already. */
	sample?: boolean;
	/** Code base to open, and the running system to stand in front of. */
	project?: string;
	system?: { legacy: Upstream; database: string };
	gatewayPort?: number;
};

/** A core with its screen. Gateway and services outlive it when it is killed; ended, it takes down what serves no client. */
export async function serve(options: ServeOptions): Promise<Served> {
	const core = await createCore({ dir: options.dir });
	try {
		const server = await serveCore(core, { port: options.port, uiDir });
		announceCore(core.dir, server.url, server.token);
		const { project, system, sample, gatewayPort } = options;
		if (project !== undefined && core.project === null) await core.open(project);
		if (system && core.system === null) await core.attach({ ...system, port: gatewayPort ?? 7461 });
		if (sample && core.project === null) await core.openSample(gatewayPort === undefined ? {} : { gatewayPort }).catch((error) => core.alert(error));
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
