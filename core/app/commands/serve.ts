import { serve } from "../../server.ts";
import { type Command, numberOf, stateDir } from "./command.ts";

export const serveCommand: Command = {
	usage: "serve [--port 7460] [--sample] [--gateway-port 7461]",
	about: "The engine with its screen in a browser.",
	options: { port: "string", state: "string", sample: "boolean", "gateway-port": "string" },
	async run(input) {
		const gatewayPort = numberOf(input, "gateway-port");
		const served = await serve({
			dir: stateDir(input),
			port: numberOf(input, "port") ?? 7460,
			sample: input.values.sample === true,
			...(gatewayPort === undefined ? {} : { gatewayPort }),
		});
		const { url, port } = served.server;
		console.log(input.json ? JSON.stringify({ url, port, pid: process.pid }) : `Phoenix is at ${url}`);
		await new Promise<void>((resolve) => {
			for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve());
		});
		await served.end();
		return 0;
	},
};
