import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { ServerTls } from "../../../contract/listeners.ts";
import { carry } from "../client/reset-socket.ts";
import { readServerContexts } from "./certificates.ts";
import { clientCertificateLines } from "./client-certificate.ts";
import type { TlsKeys } from "./pem-files.ts";

/** A handshake that has taken longer is no honest one. */
const handshakeMs = 10_000;
/** Handshakes under way at once; who comes above it is turned away before any arithmetic is done for it. */
const handshakeLimit = 1_024;

/** What became of handshakes, by reason; a handshake that failed is no request. */
export type TlsCounts = { done: number; resumed: number; failed: Record<string, number> };

export type TlsFront = {
	/** An accepted connection, of which nothing has been read. */
	take(socket: Socket): void;
	/** Reads the files anew; connections that are open keep what they began with. Fault CERTIFICATE_UNUSABLE, and nothing has changed. */
	reload(keys: TlsKeys): void;
	readonly counts: TlsCounts;
};

/** `handshakeMs`: for one; `handshakes`: under way at once. */
export type HandshakeLimits = { handshakeMs?: number; handshakes?: number };

type TlsFrontDeps = {
	/** The listener's. */
	id: string;
	tls: ServerTls;
	keys: TlsKeys;
	/** Empty: the listener carries no HTTP. */
	protocols: readonly ("h2" | "http/1.1")[];
	/** `clientLines`: what the client has proved to be, as header lines; may be empty. */
	onSecure(socket: TLSSocket, protocol: "h2" | "http/1.1", clientLines: string): void;
	limits?: HandshakeLimits;
};

/** TLS for the connections of one listener. Fault CERTIFICATE_UNUSABLE. */
export function createTlsFront({ id, tls, keys, protocols, onSecure, limits }: TlsFrontDeps): TlsFront {
	let contexts = readServerContexts(id, tls, keys);
	const asksClient = tls.clientCertificate === "optional" || tls.clientCertificate === "required";
	const counts: TlsCounts = { done: 0, resumed: 0, failed: {} };
	const most = limits?.handshakes ?? handshakeLimit;
	/** Handshakes, by the connection: node tells of them by another socket than the one it was given. */
	const underWay = new Map<string, Socket>();
	const server = createServer({
		...contexts.fallback,
		SNICallback: (name, done) => done(null, contexts.contextFor(name)),
		...(protocols.length > 0 ? { ALPNProtocols: [...protocols] } : {}),
		requestCert: asksClient,
		rejectUnauthorized: tls.clientCertificate === "required",
		handshakeTimeout: limits?.handshakeMs ?? handshakeMs,
		// Who proves itself by a certificate does so on every connection, so that one who was struck off does not come back by a ticket.
		secureOptions: constants.SSL_OP_NO_RENEGOTIATION | (asksClient ? constants.SSL_OP_NO_TICKET : 0),
		allowHalfOpen: true,
		noDelay: true,
	});

	function fail(reason: string): void {
		counts.failed[reason] = (counts.failed[reason] ?? 0) + 1;
	}

	server.on("secureConnection", (socket) => {
		const key = keyOf(socket);
		const carrier = underWay.get(key);
		underWay.delete(key);
		if (carrier !== undefined) carry(socket, carrier);
		socket.on("error", () => socket.destroy());
		if (socket.getPeerCertificate()?.raw !== undefined && !socket.authorized) {
			fail("client certificate not trusted");
			socket.destroy();
			return;
		}
		const lines = asksClient ? clientCertificateLines(socket, contexts.authorities) : "";
		if (lines === null) {
			fail("client certificate too long");
			socket.destroy();
			return;
		}
		counts.done++;
		if (socket.isSessionReused()) counts.resumed++;
		onSecure(socket, socket.alpnProtocol === "h2" ? "h2" : "http/1.1", lines);
	});
	server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
		fail(reasonOf(error, socket));
		socket.destroy();
	});

	return {
		take(socket) {
			if (underWay.size >= most) {
				fail("too many handshakes");
				socket.destroy();
				return;
			}
			const key = keyOf(socket);
			underWay.set(key, socket);
			socket.once("close", () => {
				if (underWay.get(key) === socket) underWay.delete(key);
			});
			socket.on("error", () => socket.destroy());
			server.emit("connection", socket);
		},
		reload(next) {
			const read = readServerContexts(id, tls, next);
			server.setSecureContext(read.fallback);
			contexts = read;
		},
		counts,
	};
}

/** No two open connections have the same ends. */
const keyOf = ({ localAddress, localPort, remoteAddress, remotePort }: Socket): string =>
	`${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;

/** One of a few words: what a client sends must not make new counters. */
function reasonOf({ code = "" }: NodeJS.ErrnoException, { authorizationError }: TLSSocket): string {
	if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "handshake timeout";
	if (code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE") return "client certificate missing";
	if (code === "ERR_SSL_HTTP_REQUEST") return "plain HTTP";
	if (code.startsWith("ERR_SSL_")) return "handshake refused";
	return authorizationError ? "client certificate not trusted" : "client left";
}
