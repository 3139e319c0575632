import { join, resolve } from "node:path";
import { Fault } from "../../../base/index.ts";
import { openGateway, openGatewayControl } from "../../../gateway/control/index.ts";
import { readCoreLease } from "../../core-lease.ts";
import { compareMirrors } from "../../mirror-comparison/index.ts";
import { type Command, stateDir, wrongUsage } from "../command.ts";
import { tableOf } from "./comparisons.ts";

export const compareCommand: Command = {
	usage: "compare",
	about:
		"Compares what the gateway mirrors itself until it is interrupted, where no engine runs that does so (an engine on this directory takes over). " +
		"The gateway serves on without it.",
	options: { state: "string" },
	async run(input) {
		if (input.positionals.length > 0) wrongUsage();
		const dir = resolve(stateDir(input));
		const gatewayDir = join(dir, "gateway");
		const core = readCoreLease(dir);
		if (core !== null) throw new Fault("CORE_RUNNING", { pid: core.pid, dir });
		// Refuses where none runs: this command must not start one.
		await openGatewayControl(gatewayDir).stats();
		const gateway = await openGateway({ stateDir: gatewayDir, port: 0, legacy: null });
		const comparison = compareMirrors({ gateway, gatewayDir, onTrouble: (error) => console.error(String(error)) });
		// Answered behind the subscription: from here on nothing is missed.
		await gateway.stats();
		console.log(input.json ? JSON.stringify({ pid: process.pid }) : "Comparing. `phoenix gateway comparisons` shows what was found.");
		const isReplaced = await new Promise<boolean>((done) => {
			for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => done(false));
			gateway.onLost(({ kind }) => kind === "replaced" && done(true));
		});
		comparison.close();
		gateway.detach();
		const report = comparison.report();
		if (!input.json) for (const line of tableOf(report.routes)) console.log(line);
		if (isReplaced) console.error("Another engine compares from here on.");
		return 0;
	},
};
