import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, stateDir, textOf } from "./command.ts";

export const panicCommand: Command = {
	usage: "panic [--reason TEXT | --clear]",
	about: "All traffic to legacy, now; works with the engine dead. With --clear the engine may move traffic again.",
	options: { reason: "string", clear: "boolean", state: "string" },
	async run(input) {
		if (input.values.clear === true) {
			const { withEngine } = await import("./connect.ts");
			await withEngine(input, (client) => client.system.clearPanic({}));
			console.log(input.json ? "{}" : "The kill switch is cleared; what moves next is the run's own.");
			return 0;
		}
		const dir = join(stateDir(input), "gateway");
		const reason = (textOf(input, "reason") ?? "pressed at the command line").split("\n")[0] as string;
		// The supervisor sees the file at once; what confirms it takes longer to load than the switch takes to act.
		if (existsSync(dir)) writeFileSync(join(dir, "PANIC"), `${reason}\n`, { mode: 0o600 });
		const { openGatewayControl } = await import("../../gateway/control/index.ts");
		const { ms, way } = await openGatewayControl(dir).panic(reason);
		const words =
			way === "none"
				? "No gateway runs here; the next one will start with everything on legacy."
				: `All traffic goes to legacy (${ms.toFixed(1)} ms).`;
		console.log(input.json ? JSON.stringify({ ms, way }) : words);
		return 0;
	},
};
