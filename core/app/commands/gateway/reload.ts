import { join } from "node:path";
import { openGatewayControl } from "../../../gateway/control/index.ts";
import { type Command, stateDir, wrongUsage } from "../command.ts";

export const reloadCommand: Command = {
	usage: "reload",
	about:
		"Reads certificates, keys and authorities of all listeners and upstreams anew. Open connections keep what they began with; a file that " +
		"cannot be used is named, and then nothing has changed.",
	options: { state: "string" },
	async run(input) {
		if (input.positionals.length > 0) wrongUsage();
		await openGatewayControl(join(stateDir(input), "gateway")).reloadCertificates();
		console.log(input.json ? JSON.stringify({ reloaded: true }) : "The certificates have been read anew.");
		return 0;
	},
};
