import { join, resolve } from "node:path";
import { compilePlan, openGateway } from "../../../gateway/control/index.ts";
import { readSettings, settingsOf, writeSettings } from "../../mirror-comparison/index.ts";
import { type Command, stateDir, textOf, wrongUsage } from "../command.ts";
import { readGatewayConfig } from "./config.ts";
import { workerCount, workersOf } from "./workers.ts";

export const startCommand: Command = {
	usage: "start --config FILE [--workers N|auto]",
	about:
		"A gateway as the file says (listeners, TLS, routes, streams; core/gateway/CONFIG.md), which goes on serving when this command has ended. Where " +
		"one runs already for --state, it takes the file's routes and streams at once, without losing a request; its listeners and its workers stay.",
	options: { config: "string", workers: "string", state: "string" },
	async run(input) {
		const file = textOf(input, "config");
		if (file === undefined || input.positionals.length > 0) wrongUsage();
		const { listen, listeners, legacy, idempotencyHeader, routes, streams, compare, metrics, workers } = readGatewayConfig(file);
		const gatewayDir = resolve(join(stateDir(input), "gateway"));
		const gateway = await openGateway({
			stateDir: gatewayDir,
			legacy,
			idempotencyHeader,
			host: listen.host,
			port: listen.port,
			listeners,
			workers: workersOf(input, "workers") ?? workerCount(workers),
			...(listen.tls === undefined ? {} : { tls: listen.tls }),
			...(metrics === undefined ? {} : { metrics }),
		});
		try {
			writeSettings(gatewayDir, settingsOf(compare, listeners, gateway.adopted ? readSettings(gatewayDir).listeners : {}));
			await gateway.setPlan(
				compilePlan({
					version: gateway.plan().version + 1,
					legacy,
					idempotencyHeader,
					routes: routes.map(({ id, ...route }) => ({ routeId: id, ...route })),
					streams,
					reason: `phoenix gateway start --config ${file}`,
				}),
			);
			const { version } = gateway.plan();
			const state = { adopted: gateway.adopted, planVersion: version, listeners: gateway.listeners };
			if (input.json) console.log(JSON.stringify(state));
			else {
				console.log(`The gateway ${gateway.adopted ? "has taken" : "serves with"} plan ${version}.`);
				for (const [id, { host, port }] of Object.entries(state.listeners)) console.log(`  ${id}: ${host}:${port}`);
			}
			return 0;
		} finally {
			gateway.detach();
		}
	},
};
