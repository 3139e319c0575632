import { join } from "node:path";
import { Fault } from "../../../base/fault.ts";
import { openGatewayControl } from "../../../gateway/control/index.ts";
import { type Command, stateDir, wrongUsage } from "../command.ts";
import { durationOf } from "../traffic-words.ts";

export const stopCommand: Command = {
	usage: "stop [--drain 5s]",
	about:
		"Takes no new connections, lets open requests end within --drain, and ends the gateway. Clients must have somewhere else to go by then.",
	options: { drain: "string", state: "string" },
	async run(input) {
		if (input.positionals.length > 0) wrongUsage();
		const dir = join(stateDir(input), "gateway");
		const stopped = await openGatewayControl(dir).stop(durationOf(input, "drain") ?? 5_000);
		if (!stopped) throw new Fault("GATEWAY_LOST", { reason: "nobody listens", log: join(dir, "gateway.log") });
		console.log(input.json ? JSON.stringify({ stopped }) : "The gateway has ended.");
		return 0;
	},
};
