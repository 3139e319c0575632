import { connect } from "node:net";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { Fault, type FaultCode } from "../../base/index.ts";
import type { api } from "../../contract/api.ts";
import { greet } from "../../contract/line.ts";
import { readCoreLease } from "../core-lease.ts";
import { type CommandInput, stateDir } from "./command.ts";

export type Client = ContractRouterClient<typeof api>;

const answerLimitMs = 5_000;

/** Asks the engine that works on this state directory; what it refuses arrives as its own fault. */
export async function withEngine<T>(input: CommandInput, ask: (client: Client) => Promise<T>): Promise<T> {
	const dir = stateDir(input);
	const lease = readCoreLease(dir);
	if (lease === null) throw new Fault("CORE_ABSENT", { address: dir });
	const socket = connect(lease.socket);
	const late = setTimeout(() => socket.destroy(), answerLimitMs);
	try {
		const { line } = await greet(socket, "page").catch(() => {
			throw new Fault("CORE_ABSENT", { address: dir });
		});
		clearTimeout(late);
		return await ask(createORPCClient(new RPCLink({ port: line })));
	} catch (error) {
		const data = (error as { data?: { code?: FaultCode; data?: Record<string, string> } }).data;
		throw data?.code === undefined ? error : new Fault(data.code, data.data ?? {});
	} finally {
		clearTimeout(late);
		socket.destroy();
	}
}
