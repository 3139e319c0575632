import tls, { type PeerCertificate } from "node:tls";
import { Metadata, Server, type ServerDuplexStream, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { Fault, faultOf } from "../../base/fault.ts";
import { nextFreePort, openGatewayControl, portOwner } from "../control/index.ts";
import { bridge } from "./bridge.ts";
import { readTlsFiles, type TlsFiles } from "./credentials.ts";
import { openPressLine } from "./press-line.ts";
import { createRenewableCredentials } from "./renewable-credentials.ts";
import { faultKey, gatewayControl, keepAliveMs, keepAliveTimeoutMs, windowBytes } from "./service.ts";
import type { Message, Nothing, PanicAnswer, PanicRequest, StatsAnswer } from "./wire.ts";

export type AgentOptions = {
	stateDir: string;
	host: string;
	/** 0: any free one. */
	port: number;
	/** `caFile`: of the authority that signs the cores' certificates. */
	tls: TlsFiles;
	/** Names in a core's certificate, of which it must have one; empty: any that is signed by the authority. */
	clients: readonly string[];
	log(text: string): void;
};

export type Agent = {
	readonly port: number;
	/** The certificate files anew, for connections from here on; unusable ones change nothing. Fault CERTIFICATE_UNUSABLE. */
	reload(): void;
	close(): Promise<void>;
};

const streamLimit = 64;
const requestLimit = 8 * 1024 * 1024;
const closeMs = 1_000;

/**
 * Serves the gateway of a state directory to another host. Takes the whole process: from here on none of its connections speaks less than
 * TLS 1.3. It holds no state: when it dies, the gateway goes on, and the core comes back to the next one. Faults: CERTIFICATE_UNUSABLE,
 * PORT_IN_USE.
 */
export async function startAgent({ stateDir, host, port, tls: files, clients, log }: AgentOptions): Promise<Agent> {
	const { credentials, renew } = createRenewableCredentials(readTlsFiles(files));
	tls.DEFAULT_MIN_VERSION = "TLSv1.3";
	const control = openGatewayControl(stateDir);
	const line = openPressLine(stateDir);
	const server = new Server({
		"grpc.max_concurrent_streams": streamLimit,
		"grpc.max_receive_message_length": requestLimit,
		"grpc.max_send_message_length": -1,
		"grpc.keepalive_time_ms": keepAliveMs,
		"grpc.keepalive_timeout_ms": keepAliveTimeoutMs,
		"grpc-node.flow_control_window": windowBytes,
	});

	/** Who the other side is, or null where it may not ask. */
	function clientOf(certificate: PeerCertificate | undefined): string | null {
		const names = namesIn(certificate);
		const [name = null] = clients.length === 0 ? names : names.filter((one) => clients.includes(one));
		return name;
	}

	function unary<Request, Answer>(name: string, carryOut: (request: Request) => Promise<Answer>) {
		return (call: ServerUnaryCall<Request, Answer>, answer: sendUnaryData<Answer>): void => {
			const client = clientOf(call.getAuthContext().sslPeerCertificate);
			if (client === null) {
				answer(stranger);
				return;
			}
			carryOut(call.request).then(
				(value) => {
					if (name !== "stats") log(`${name} by ${client}`);
					answer(null, value);
				},
				(error: unknown) => answer(asStatus(faultOf(error, name))),
			);
		};
	}

	server.addService(gatewayControl, {
		converse(call: ServerDuplexStream<Message, Message>) {
			const client = clientOf(call.getAuthContext().sslPeerCertificate);
			if (client === null) {
				call.emit("error", stranger);
				return;
			}
			log(`${client} is connected`);
			bridge(call, stateDir);
		},
		panic: unary<PanicRequest, PanicAnswer>("panic", ({ reason }) => line.panic(reason)),
		clearPanic: unary<Nothing, Nothing>("clearPanic", async () => {
			await control.clearPanic();
			return {};
		}),
		stats: unary<Nothing, StatsAnswer>("stats", async () => ({ json: JSON.stringify(await control.stats()) })),
	});

	const bound = await new Promise<number>((resolve, reject) => {
		server.bindAsync(`${host.includes(":") ? `[${host}]` : host}:${port}`, credentials, (error, taken) =>
			error ? reject(error) : resolve(taken),
		);
	}).catch(async () => {
		throw new Fault("PORT_IN_USE", { port, owner: portOwner(port), free: await nextFreePort(host, port) });
	});
	return {
		port: bound,
		reload: () => renew(readTlsFiles(files)),
		close: () =>
			new Promise((resolve) => {
				line.close();
				const timer = setTimeout(() => server.forceShutdown(), closeMs);
				server.tryShutdown(() => {
					clearTimeout(timer);
					resolve();
				});
			}),
	};
}

const stranger = { code: status.PERMISSION_DENIED, details: "the certificate names nobody who may control this gateway" };

/** The fault goes along whole, for the other side to tell. */
function asStatus(fault: Fault): { code: status; details: string; metadata: Metadata } {
	const metadata = new Metadata();
	metadata.set(faultKey, encodeURIComponent(JSON.stringify({ code: fault.code, data: fault.data })));
	return { code: status.FAILED_PRECONDITION, details: fault.message, metadata };
}

/** The common name, and what stands beside it. */
function namesIn(certificate: PeerCertificate | undefined): string[] {
	if (certificate === undefined) return [];
	const common = certificate.subject?.CN ?? [];
	const others = [...(certificate.subjectaltname ?? "").matchAll(/(?:DNS|IP Address|URI|email):([^,]+)/g)].map(([, name = ""]) =>
		name.trim(),
	);
	return [...(Array.isArray(common) ? common : [common]), ...others];
}
