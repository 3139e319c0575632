import { serve } from "../../server.ts";
import { type Command, type CommandInput, numberOf, stateDir, textOf, wrongUsage } from "./command.ts";

export const serveCommand: Command = {
	usage: "serve [DIR --legacy HOST:PORT --database FILE | --sample] [--port 7460] [--gateway-port 7461]",
	about: "The engine with its screen in a browser, before one's own system or the sample bank.",
	options: { port: "string", state: "string", sample: "boolean", legacy: "string", database: "string", "gateway-port": "string" },
	async run(input) {
		const gatewayPort = numberOf(input, "gateway-port");
		const [project] = input.positionals;
		const served = await serve({
			dir: stateDir(input),
			port: numberOf(input, "port") ?? 7460,
			sample: input.values.sample === true,
			...(project === undefined ? {} : { project }),
			...systemOf(input),
			...(gatewayPort === undefined ? {} : { gatewayPort }),
		});
		const { url, port } = served.server;
		console.log(input.json ? JSON.stringify({ url, port, pid: process.pid }) : `Phoenix is at ${url}`);
		// A second signal does not break off the ending: services and bank would be left behind.
		await new Promise<void>((resolve) => {
			for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => resolve());
		});
		await served.end();
		return 0;
	},
};

function systemOf(input: CommandInput) {
	const [legacy, database] = [textOf(input, "legacy"), textOf(input, "database")];
	if (legacy === undefined && database === undefined) return {};
	const address = /^(\[[\da-f:]+\]|[\w.-]+):(\d+)$/.exec(legacy ?? "");
	if (address === null || database === undefined) wrongUsage();
	return { system: { legacy: { host: address[1] ?? "", port: Number(address[2]) }, database } };
}
