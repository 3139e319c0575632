import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import { Fault, type FaultCode } from "../../base/index.ts";
import type { api } from "../../contract/api.ts";
import { readCoreLease } from "../core-lease.ts";
import { type Command, type CommandInput, stateDir, textOf, wrongUsage } from "./command.ts";

type Client = ContractRouterClient<typeof api>;

export const runCommand: Command = {
	usage: "run start|status|pause|resume|cancel|seal [--functions a,b] [--policy demo|default] [--auto]",
	about: "Migrations of a running engine (`phoenix serve`).",
	options: { functions: "string", policy: "string", auto: "boolean", state: "string" },
	async run(input) {
		const [verb = ""] = input.positionals;
		const client = connect(input);
		try {
			return await perform(verb, client, input);
		} catch (error) {
			throw asFault(error);
		}
	},
};

async function perform(verb: string, client: Client, input: CommandInput): Promise<number> {
	const functions = textOf(input, "functions")?.split(",") ?? [];
	const [only] = functions;
	switch (verb) {
		case "start": {
			const policy = textOf(input, "policy") ?? "default";
			if (functions.length === 0 || (policy !== "demo" && policy !== "default")) wrongUsage();
			const started = await client.run.start({ functions, policy, ...(input.values.auto === true ? { autoAccept: true } : {}) });
			console.log(input.json ? JSON.stringify(started) : `started ${started.run}`);
			return 0;
		}
		case "status": {
			const snapshot = await client.state.snapshot({});
			if (input.json) console.log(JSON.stringify(snapshot));
			else
				for (const state of snapshot.migrations)
					console.log(
						`${state.function.padEnd(28)} ${state.stage.padEnd(11)} v${state.version}  clean ${state.evidence.clean}  mismatch rate <= ${(state.evidence.bound * 100).toFixed(2)} %  ${state.reason}`,
					);
			return 0;
		}
		case "pause":
		case "resume":
		case "cancel":
			await client.run[verb](only === undefined ? {} : { function: only });
			console.log(input.json ? "{}" : "done");
			return 0;
		case "seal": {
			const sealed = await client.run.seal({});
			console.log(input.json ? JSON.stringify(sealed) : `sealed in ${sealed.capsule}`);
			return 0;
		}
		default:
			return wrongUsage();
	}
}

function connect(input: CommandInput): Client {
	const dir = stateDir(input);
	const lease = readCoreLease(dir);
	if (lease === null) throw new Fault("CORE_ABSENT", { address: dir });
	return createORPCClient(new RPCLink({ url: new URL("/rpc", lease.url).href, headers: { authorization: `Bearer ${lease.token}` } }));
}

/** What the engine refused arrives as its own fault. */
function asFault(error: unknown): unknown {
	const data = (error as { data?: { code?: FaultCode; data?: Record<string, string> } }).data;
	return data?.code === undefined ? error : new Fault(data.code, data.data ?? {});
}
