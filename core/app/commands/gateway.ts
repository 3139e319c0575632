import type { Command } from "./command.ts";
import { wrongUsage } from "./command.ts";
import { accessLogCommand } from "./gateway/access-log.ts";
import { agentCommand } from "./gateway/agent.ts";
import { compareCommand } from "./gateway/compare.ts";
import { comparisonsCommand } from "./gateway/comparisons.ts";
import { metricsCommand } from "./gateway/metrics.ts";
import { reloadCommand } from "./gateway/reload.ts";
import { startCommand } from "./gateway/start.ts";
import { statusCommand } from "./gateway/status.ts";
import { stopCommand } from "./gateway/stop.ts";
import { tracingCommand } from "./gateway/tracing.ts";

/** Each reads its words behind its own name, and talks to the gateway itself: none of them needs the engine. */
const subcommands: Record<string, Command> = {
	start: startCommand,
	status: statusCommand,
	stop: stopCommand,
	reload: reloadCommand,
	metrics: metricsCommand,
	"access-log": accessLogCommand,
	tracing: tracingCommand,
	compare: compareCommand,
	comparisons: comparisonsCommand,
	agent: agentCommand,
};

export const gatewayCommand: Command = {
	usage: `gateway ${Object.values(subcommands)
		.map(({ usage }) => usage)
		.join(" | ")}`,
	about: `The gateway that runs for --state. ${Object.values(subcommands)
		.map(({ about }) => about)
		.join(" ")}`,
	options: Object.assign({}, ...Object.values(subcommands).map(({ options }) => options)),
	help([name = ""]) {
		const named = subcommands[name];
		const shown = named === undefined ? Object.values(subcommands) : [named];
		return shown.map(({ usage, about }) => `usage: phoenix gateway ${usage}\n${about}`).join("\n\n");
	},
	async run({ positionals: [name = "", ...positionals], values, json }) {
		const command = subcommands[name] ?? wrongUsage();
		// Every subcommand's options are known to the parser; one that is not its own is a mistake.
		if (Object.keys(values).some((option) => option !== "json" && !(option in command.options))) wrongUsage();
		return command.run({ positionals, values, json });
	},
};
