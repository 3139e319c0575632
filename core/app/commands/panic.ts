import { join } from "node:path";
import { openGatewayControl } from "../../gateway/control/index.ts";
import { type Command, stateDir, textOf } from "./command.ts";

export const panicCommand: Command = {
	usage: "panic [--reason TEXT]",
	about: "All traffic to legacy, now; works with the engine dead.",
	options: { reason: "string", state: "string" },
	async run(input) {
		const control = await openGatewayControl(join(stateDir(input), "gateway"));
		const { ms } = await control.panic(textOf(input, "reason") ?? "pressed at the command line");
		console.log(input.json ? JSON.stringify({ ms }) : `All traffic goes to legacy (${ms.toFixed(1)} ms).`);
		return 0;
	},
};
