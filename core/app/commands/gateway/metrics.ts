import { join } from "node:path";
import { openGatewayObserver } from "../../../gateway/control/index.ts";
import { type Command, stateDir, textOf, wrongUsage } from "../command.ts";
import { addressOf } from "./words.ts";

export const metricsCommand: Command = {
	usage: "metrics [--openmetrics | --listen HOST:PORT | --unlisten]",
	about:
		"All metrics as Prometheus' text, or as OpenMetrics; with --listen over HTTP too, at http://HOST:PORT/metrics, until --unlisten or the " +
		"gateway's end.",
	options: { openmetrics: "boolean", listen: "string", unlisten: "boolean", state: "string" },
	async run(input) {
		const observer = openGatewayObserver(join(stateDir(input), "gateway"));
		const listen = textOf(input, "listen");
		if (input.positionals.length > 0) wrongUsage();
		if (listen === undefined && input.values.unlisten !== true) {
			const text = await observer.metrics(input.values.openmetrics === true ? "openmetrics" : "prometheus");
			if (input.json) console.log(JSON.stringify({ text }));
			else process.stdout.write(text);
			return 0;
		}
		const served = await observer.serveMetrics(listen === undefined ? null : (addressOf(listen) ?? wrongUsage()));
		const words = served === null ? "Metrics are served no more." : `Metrics are at http://${served.host}:${served.port}/metrics`;
		console.log(input.json ? JSON.stringify(served) : words);
		return 0;
	},
};
