import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { announceCore, type Core, createCore } from "./app/index.ts";
import { type CoreServer, serveCore } from "./app/server/index.ts";
import type { Upstream } from "./contract/traffic.ts";

const uiDir = join(dirname(fileURLToPath(import.meta.url)), "../dist/renderer");

export type Served = { core: Core; server: CoreServer; end(): Promise<void> };

export type ServeOptions = {
	/** State directory. */
	dir: string;
	/** Of the screen; 0: any free one. */
	port: number;
	/** Opens the sample bank, seeded and running, unless the state directory holds a project already; the screen does not wait for it. */
	sample?: boolean;
	/** Code base to open, and the running system to stand in front of. */
	project?: string;
	system?: { legacy: Upstream; database: string };
	gatewayPort?: number;
	/** What a legacy system that runs by itself writes; Phoenix reads it along. */
	legacyLog?: string;
};

/**
 * A core with its screen. In front of one's own system the gateway goes on when this ends: clients depend on it. The sample
 * bank ends with its core.
 */
export async function serve(options: ServeOptions): Promise<Served> {
	const { dir, gatewayPort } = options;
	const core = await createCore({ dir, ...(gatewayPort === undefined ? {} : { gatewayPort }) });
	let server: CoreServer | null = null;
	let opening: Promise<unknown> = Promise.resolve();
	const end = async (reason: string) => {
		await server?.close();
		await opening;
		await core.close({ keepTraffic: core.bank === null && core.system !== null, reason });
	};
	try {
		server = await serveCore(core, { port: options.port, uiDir });
		announceCore(core.dir, server.url, server.token);
		const { project, system, sample } = options;
		if (options.legacyLog !== undefined) core.watch.followLegacyLog(options.legacyLog);
		if (project !== undefined && core.project === null) await core.open(project);
		if (system && core.system === null) await core.attach({ ...system, port: gatewayPort ?? 7461 });
		if (sample && core.project === null)
			opening = core.openSample().catch((error) => core.alert(error));
		return { core, server, end: () => end("the server ended") };
	} catch (error) {
		await end("the server could not start");
		throw error;
	}
}
