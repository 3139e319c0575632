import { Duplex } from "node:stream";
import { createSecureContext } from "node:tls";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { Fault, type FaultCode, faults } from "../../base/fault.ts";
import type { Dial } from "../control/index.ts";
import { readTlsFiles, type TlsFiles, type TlsMaterial } from "./credentials.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { absent, faultKey, gatewayControl, keepAliveMs, keepAliveTimeoutMs, messageLimit, windowBytes } from "./service.ts";
import type { Message } from "./wire.ts";

export type AgentAddress = {
	/** `host:port`. */
	address: string;
	/** `caFile`: of the authority that signs the agents' certificates. */
	tls: TlsFiles;
	/** The name in the agent's certificate, where it is not the host's. */
	serverName?: string;
};

/** The ways to one agent. Rejections are Faults. */
export type AgentLine = {
	/** A conversation as over the control socket. */
	dial: Dial;
	/** On a connection of its own: nothing that is under way in a conversation holds it up. */
	panic(reason: string): Promise<{ at: number; ms: number }>;
	close(): void;
};

/** `upAt`: when a conversation last began. */
type Line = { address: string; material: TlsMaterial; serverName: string | undefined; upAt: number };

const answerMs = 5_000;
const dialMs = 5_000;
const explainMs = 10_000;

/** Fault CERTIFICATE_UNUSABLE; whether anybody is there shows when it is used. */
export function openAgentLine({ address, tls, serverName }: AgentAddress): AgentLine {
	const material = readTlsFiles(tls);
	const { cert, key, ca } = material;
	const line: Line = { address, material, serverName, upAt: Number.NEGATIVE_INFINITY };
	const options = {
		"grpc.max_receive_message_length": messageLimit,
		"grpc.max_send_message_length": -1,
		"grpc.keepalive_time_ms": keepAliveMs,
		"grpc.keepalive_timeout_ms": keepAliveTimeoutMs,
		"grpc.initial_reconnect_backoff_ms": 50,
		"grpc.max_reconnect_backoff_ms": 2_000,
		"grpc.enable_retries": 0,
		"grpc.enable_http_proxy": 0,
		// Two clients, two connections.
		"grpc.use_local_subchannel_pool": 1,
		"grpc-node.flow_control_window": windowBytes,
		...(serverName === undefined ? {} : { "grpc.ssl_target_name_override": serverName, "grpc.default_authority": serverName }),
	};
	const identity = credentials.createFromSecureContext(createSecureContext({ cert, key, ca, minVersion: "TLSv1.3" }));
	const talking = new Client(address, identity, options);
	const pressing = new Client(address, identity, { ...options, "grpc.keepalive_permit_without_calls": 1 });
	// The way to the kill switch is there before it is needed.
	pressing.getChannel().getConnectivityState(true);

	return {
		dial: () => converse(talking, line),
		panic(reason) {
			const { path, requestSerialize, responseDeserialize } = gatewayControl.panic;
			return new Promise((resolve, reject) => {
				const deadline = Date.now() + answerMs;
				pressing.makeUnaryRequest(
					path,
					requestSerialize,
					responseDeserialize,
					{ reason },
					new Metadata(),
					{ deadline },
					(error, answer) => {
						if (error) faultIn(error, line).then(reject, reject);
						else if (answer) resolve(answer);
					},
				);
			});
		},
		close() {
			talking.close();
			pressing.close();
		},
	};
}

/** The bytes of the control socket, out of messages and into them. */
function converse(client: Client, line: Line): Promise<Duplex> {
	const { path, requestSerialize, responseDeserialize } = gatewayControl.converse;
	const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => call.cancel(), dialMs);
		const stream = new Duplex({
			decodeStrings: false,
			read: () => call.resume(),
			write(chunk: string | Buffer, _encoding, done) {
				// The conversation writes a line at a time.
				call.write({ line: chunk.toString().trimEnd() }, () => done());
			},
			final(done) {
				call.end();
				done();
			},
			destroy(error, done) {
				call.cancel();
				done(error);
			},
		});
		call.on("metadata", () => {
			clearTimeout(timer);
			line.upAt = performance.now();
			resolve(stream);
		});
		call.on("data", (message: Message) => {
			if (!stream.push("line" in message ? Buffer.from(`${message.line}\n`) : message.batch)) call.pause();
		});
		call.on("error", (error: ServiceError) => {
			clearTimeout(timer);
			faultIn(error, line).then(reject, reject);
			stream.destroy();
		});
		call.on("end", () => stream.destroy());
	});
}

/** The gateway's own fault where it sent one; else what is wrong with the way to it. */
async function faultIn(error: ServiceError, { address, material, serverName, upAt }: Line): Promise<Fault> {
	const [carried] = error.metadata?.get(faultKey) ?? [];
	if (typeof carried === "string") {
		const { code, data } = JSON.parse(decodeURIComponent(carried)) as { code: FaultCode; data: Record<string, string> };
		if (code in faults) return new Fault(code, data);
	}
	// A line that was just there is opened again first, and explained when that goes on failing.
	const isSilent = error.code === status.UNAVAILABLE && error.details !== absent && performance.now() - upAt > explainMs;
	const explained = isSilent ? await explainRefusal(address, material, serverName) : null;
	return new Fault("AGENT_UNREACHED", { address, reason: explained ?? (error.details || error.message) }, { cause: error });
}
