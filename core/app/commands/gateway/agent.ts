import { join } from "node:path";
import { faultOf } from "../../../base/fault.ts";
import { type Command, stateDir, textOf, wrongUsage } from "../command.ts";
import { listOf } from "../traffic-words.ts";
import { addressOf } from "./words.ts";

export const agentCommand: Command = {
	usage: "agent --listen HOST:PORT --cert FILE --key FILE --client-ca FILE [--client NAME,...]",
	about:
		"Serves this host's gateway to a core on another, over gRPC with TLS 1.3 and certificates on both sides, until it is stopped. --client: names, " +
		"one of which a core's certificate must hold; without it, every one that is signed by --client-ca may control the gateway. SIGHUP: reads the " +
		"certificate files anew; open connections go on.",
	options: { listen: "string", cert: "string", key: "string", "client-ca": "string", client: "string", state: "string" },
	async run(input) {
		const address = addressOf(textOf(input, "listen") ?? "");
		const [certFile, keyFile, caFile] = [textOf(input, "cert"), textOf(input, "key"), textOf(input, "client-ca")];
		if (address === null || certFile === undefined || keyFile === undefined || caFile === undefined) wrongUsage();
		if (input.positionals.length > 0) wrongUsage();
		// Loaded here: no other command needs gRPC.
		const { startAgent } = await import("../../../gateway/remote/index.ts");
		const log = (text: string) => console.error(`${new Date().toISOString()} ${text}`);
		const agent = await startAgent({
			...address,
			stateDir: join(stateDir(input), "gateway"),
			tls: { certFile, keyFile, caFile },
			clients: listOf(input, "client"),
			log,
		});
		process.on("SIGHUP", () => {
			try {
				agent.reload();
				log("the certificate files were read anew");
			} catch (error) {
				log(`the certificates stay as they were: ${faultOf(error, "reload").message}`);
			}
		});
		const { host } = address;
		console.log(input.json ? JSON.stringify({ host, port: agent.port, pid: process.pid }) : `The agent listens on ${host}:${agent.port}.`);
		await new Promise<void>((resolve) => {
			for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
		});
		await agent.close();
		return 0;
	},
};
