import { join, resolve } from "node:path";
import { Fault } from "../../base/index.ts";
import { isProcess, readLease, stateFiles } from "../../gateway/hot/index.ts";
import { createProcessRuntime } from "../../operator/index.ts";
import { readCoreLease } from "../core-lease.ts";
import { type Command, type CommandInput, numberOf, stateDir, textOf, wrongUsage } from "./command.ts";
import { workersOf } from "./gateway/workers.ts";
import { tellProgress } from "./progress-line.ts";

export const serveCommand: Command = {
	usage:
		"serve [DIR --legacy HOST:PORT --database FILE [--triggers] [--replica COMMAND] [--legacy-log FILE] | --sample | --end] [--port 7460 | --no-http] [--gateway-port 7461] [--gateway-workers N|auto]",
	about:
		"The engine with its screen in a browser. --replica: a command that starts legacy a second time, on 127.0.0.1:{port} and a copy of its database at {database}, for generated requests. --end takes away a gateway that was left serving.",
	options: {
		port: "string",
		"no-http": "boolean",
		state: "string",
		sample: "boolean",
		end: "boolean",
		legacy: "string",
		database: "string",
		triggers: "boolean",
		replica: "string",
		"legacy-log": "string",
		"gateway-port": "string",
		"gateway-workers": "string",
	},
	async run(input) {
		if (input.values.end === true) return endGateway(input);
		const { serve } = await import("../../server.ts");
		const gatewayPort = numberOf(input, "gateway-port");
		const gatewayWorkers = workersOf(input, "gateway-workers");
		const legacyLog = textOf(input, "legacy-log");
		const [project] = input.positionals;
		const served = await serve({
			dir: stateDir(input),
			port: input.values["no-http"] === true ? null : (numberOf(input, "port") ?? 7460),
			sample: input.values.sample === true,
			...(project === undefined ? {} : { project }),
			...systemOf(input),
			...(gatewayPort === undefined ? {} : { gatewayPort }),
			...(gatewayWorkers === undefined ? {} : { gatewayWorkers }),
			...(legacyLog === undefined ? {} : { legacyLog }),
		});
		const { url, port } = served.server ?? { url: null, port: null };
		const socket = served.socket.path;
		const endTelling = tellProgress(served.core);
		console.log(input.json ? JSON.stringify({ url, port, pid: process.pid, socket }) : `Phoenix is at ${url ?? socket}`);
		// A second signal does not break off the ending: services and bank would be left behind.
		await new Promise<void>((resolve) => {
			for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => resolve());
			void served.asked.then(resolve);
		});
		endTelling();
		await served.end();
		return 0;
	},
};

function systemOf(input: CommandInput) {
	const [legacy, database] = [textOf(input, "legacy"), textOf(input, "database")];
	if (legacy === undefined && database === undefined) return {};
	const address = /^(\[[\da-f:]+\]|[\w.-]+):(\d+)$/.exec(legacy ?? "");
	if (address === null || database === undefined) wrongUsage();
	const triggers = input.values.triggers === true;
	const line = textOf(input, "replica");
	if (line !== undefined && !(line.includes("{port}") && line.includes("{database}")))
		throw new Fault("INPUT_INVALID", { subject: "The command of --replica", reason: "it must say where {port} and {database} go" });
	const replica = line === undefined ? null : { line, cwd: process.cwd() };
	return { system: { legacy: { host: address[1] ?? "", port: Number(address[2]) }, database, triggers, replica } };
}

/** The gateway in front of one's own system outlives the engine, because clients depend on it; this ends it, open requests first, and the services behind it. */
async function endGateway(input: CommandInput): Promise<number> {
	const dir = resolve(stateDir(input));
	const core = readCoreLease(dir);
	if (core !== null) throw new Fault("CORE_RUNNING", { pid: core.pid, dir });
	const gateway = join(dir, "gateway");
	const pid = readLease(stateFiles(gateway).lease)?.pid ?? 0;
	const isThere = isProcess(pid, ["supervisor", gateway]);
	if (isThere) process.kill(pid, "SIGTERM");
	while (isThere && isProcess(pid, ["supervisor", gateway])) await new Promise((done) => setTimeout(done, 20));
	await createProcessRuntime({ dir: join(dir, "processes") }).sweep([]);
	console.log(
		input.json
			? JSON.stringify({ ended: isThere })
			: isThere
				? "The gateway has ended; clients must ask legacy itself."
				: "No gateway runs here.",
	);
	return 0;
}
