import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import { Fault, type FaultCode } from "../../base/index.ts";
import type { api } from "../../contract/api.ts";
import { readCoreLease } from "../core-lease.ts";
import { type CommandInput, stateDir } from "./command.ts";

export type Client = ContractRouterClient<typeof api>;

/** Asks the engine that works on this state directory; what it refuses arrives as its own fault. */
export async function withEngine<T>(input: CommandInput, ask: (client: Client) => Promise<T>): Promise<T> {
	const dir = stateDir(input);
	const lease = readCoreLease(dir);
	if (lease === null) throw new Fault("CORE_ABSENT", { address: dir });
	const link = new RPCLink({ url: new URL("/rpc", lease.url).href, headers: { authorization: `Bearer ${lease.token}` } });
	try {
		return await ask(createORPCClient(link));
	} catch (error) {
		const data = (error as { data?: { code?: FaultCode; data?: Record<string, string> } }).data;
		throw data?.code === undefined ? error : new Fault(data.code, data.data ?? {});
	}
}
