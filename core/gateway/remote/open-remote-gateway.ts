import { Fault } from "../../base/fault.ts";
import { connectControl, type Gateway, openSession } from "../control/index.ts";
import { type AgentAddress, openAgentLine } from "./dial-agent.ts";
import { absent } from "./service.ts";

export type RemoteGatewayOptions = AgentAddress & { log?: (text: string) => void };

/**
 * The gateway behind an agent on another host, as `openGateway` gives one on this. It must run already: nobody can be started over there.
 * A line that breaks is opened again for as long as it takes; what was not acknowledged comes again. Faults: AGENT_UNREACHED,
 * CERTIFICATE_UNUSABLE, GATEWAY_LOST.
 */
export async function openRemoteGateway({ log = () => {}, ...agent }: RemoteGatewayOptions): Promise<Gateway> {
	const { address } = agent;
	const line = openAgentLine(agent);
	const logFile = `of the agent at ${address}`;
	try {
		return await openSession({
			reach: (listeners) => connectControl(line.dial, logFile, listeners),
			async start() {
				throw new Fault("AGENT_UNREACHED", { address, reason: absent });
			},
			press: line.panic,
			onDetached: line.close,
			isEndless: true,
			logFile,
			log,
		});
	} catch (error) {
		line.close();
		throw error;
	}
}
