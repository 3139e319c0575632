import { join } from "node:path";
import { openGatewayControl } from "../../gateway/control/index.ts";
import { type Command, stateDir, textOf } from "./command.ts";

export const panicCommand: Command = {
	usage: "panic [--reason TEXT]",
	about: "All traffic to legacy, now; works with the engine dead.",
	options: { reason: "string", state: "string" },
	async run(input) {
		const control = openGatewayControl(join(stateDir(input), "gateway"));
		const { ms, way } = await control.panic(textOf(input, "reason") ?? "pressed at the command line");
		const words = way === "none" ? "No gateway runs here; the next one will start with everything on legacy." : `All traffic goes to legacy (${ms.toFixed(1)} ms).`;
		console.log(input.json ? JSON.stringify({ ms, way }) : words);
		return 0;
	},
};
