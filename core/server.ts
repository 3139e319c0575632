import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AttachTarget, announceCore, type Core, createCore, createRouter } from "./app/index.ts";
import { type ControlSocket, type CoreServer, serveCore, serveSocket } from "./app/server/index.ts";

const uiDir = join(dirname(fileURLToPath(import.meta.url)), "../dist/renderer");

/** `server`: null without HTTP. `asked` resolves when a host asks for the end. */
export type Served = { core: Core; server: CoreServer | null; socket: ControlSocket; asked: Promise<void>; end(): Promise<void> };

export type ServeOptions = {
	/** State directory. */
	dir: string;
	/** Of the screen for browsers; 0: any free one; null: none, for a desktop, whose line is the control socket. */
	port: number | null;
	/** Opens the sample bank, seeded and running, unless the state directory holds a project already; the screen does not wait for it. */
	sample?: boolean;
	/** Code base to open, and the running system to stand in front of. */
	project?: string;
	system?: Omit<AttachTarget, "port">;
	gatewayPort?: number;
	/** Processes of a gateway that is started, not of one that is taken over. */
	gatewayWorkers?: number;
	/** What a legacy system that runs by itself writes; Phoenix reads it along. */
	legacyLog?: string;
};

/**
 * A core with its screen. In front of one's own system the gateway goes on when this ends: clients depend on it. The sample
 * bank ends with its core.
 */
export async function serve(options: ServeOptions): Promise<Served> {
	const { dir, gatewayPort, gatewayWorkers } = options;
	const core = await createCore({
		dir,
		...(gatewayPort === undefined ? {} : { gatewayPort }),
		...(gatewayWorkers === undefined ? {} : { gatewayWorkers }),
	});
	let server: CoreServer | null = null;
	let socket: ControlSocket | null = null;
	const asked = Promise.withResolvers<void>();
	let opening: Promise<unknown> = Promise.resolve();
	const end = async (reason: string) => {
		await Promise.all([server?.close(), socket?.close()]);
		await opening;
		await core.close({ keepTraffic: core.bank === null && core.system !== null, reason });
	};
	try {
		const router = createRouter(core);
		socket = await serveSocket(core, { router, onEnd: asked.resolve });
		if (options.port !== null) server = await serveCore(core, { port: options.port, uiDir, router });
		announceCore(core.dir, { socket: socket.path, url: server?.url ?? null, token: server?.token ?? null });
		const { project, system, sample } = options;
		if (options.legacyLog !== undefined) core.watch.followLegacyLog(options.legacyLog);
		if (project !== undefined && core.project === null) await core.open(project);
		if (system && core.system === null) await core.attach({ ...system, port: gatewayPort ?? 7461 });
		if (sample && core.project === null) opening = core.openSample().catch((error) => core.alert(error));
		return { core, server, socket, asked: asked.promise, end: () => end("the server ended") };
	} catch (error) {
		await end("the server could not start");
		throw error;
	}
}
