import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../../base/index.ts";
import { openGatewayObserver } from "../../../gateway/control/index.ts";
import { type Command, numberOf, stateDir, textOf, wrongUsage } from "../command.ts";
import { countsText } from "../traffic-words.ts";

export const tracingCommand: Command = {
	usage: "tracing on --endpoint URL [--ratio 0.01] [--headers FILE] | off",
	about:
		"Spans of requests and of the upstreams asked for them, to an OTLP/HTTP receiver (http://HOST:4318/v1/traces). Who comes with a traceparent " +
		"has chosen already; of the others this share is traced. --headers: lines NAME: VALUE that the receiver asks for.",
	options: { endpoint: "string", ratio: "string", headers: "string", state: "string" },
	async run(input) {
		const observer = openGatewayObserver(join(stateDir(input), "gateway"));
		const [turn, ...rest] = input.positionals;
		if (rest.length > 0 || (turn !== "on" && turn !== "off")) wrongUsage();
		if (turn === "off") {
			const ended = await observer.setTracing(null);
			if (input.json) console.log(JSON.stringify(ended));
			else if (ended === null) console.log("No request was traced.");
			else
				console.log(`${ended.endpoint}: ${ended.exported} requests${countsText(ended.dropped) && `; lost: ${countsText(ended.dropped)}`}`);
			if (ended?.failure) console.error(ended.failure);
			return ended?.failure ? 1 : 0;
		}
		const endpoint = textOf(input, "endpoint") ?? wrongUsage();
		const ratio = numberOf(input, "ratio") ?? 0.01;
		if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint) || ratio < 0 || ratio > 1) wrongUsage();
		await observer.setTracing({ endpoint, ratio, headers: headersOf(textOf(input, "headers")) });
		console.log(input.json ? JSON.stringify({ endpoint, ratio }) : `Requests are traced to ${endpoint}.`);
		return 0;
	},
};

/** From a file: they hold keys, which a command line would show to every user of the machine. */
function headersOf(file: string | undefined): Record<string, string> {
	if (file === undefined) return {};
	const headers: Record<string, string> = {};
	for (const line of readText(file).split("\n")) {
		if (line.trim() === "") continue;
		const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*?)\s*$/.exec(line) ?? [];
		if (name === undefined || value === undefined) throw new Fault("INPUT_INVALID", { subject: file, reason: "a line is not NAME: VALUE" });
		headers[name] = value;
	}
	return headers;
}

function readText(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file, reason: error instanceof Error ? error.message : String(error) });
	}
}
