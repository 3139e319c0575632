import { isIP, Socket } from "node:net";
import { checkServerIdentity, connect, type SecureContext } from "node:tls";
import type { Fault } from "../../../base/fault.ts";
import type { ClientTls } from "../../../contract/listeners.ts";
import type { Upstream } from "../../../contract/traffic.ts";
import { ciphers, contextOf } from "./certificates.ts";
import { type ReadPem, readPem } from "./pem-files.ts";

/** The secure side of upstream connections: contexts read once, sessions kept for the next handshake. One for a whole process. */
export type UpstreamTls = {
	/**
	 * Connects and verifies; a failure is the socket's. Nothing that is written leaves before the upstream has proved itself. `protocol` null:
	 * none is named, and either side may end before the other.
	 */
	open(upstream: Upstream, tls: ClientTls, protocol: "h2" | "http/1.1" | null): Socket;
	/** Makes ready for these upstreams, so that no request has to wait for it. The fault of the first whose files are of no use. */
	prepare(upstreams: Iterable<Upstream>, read?: ReadPem): Fault | null;
	/** From now on these files; sessions are forgotten, and connections that are open go on. */
	reload(read: ReadPem): void;
};

const sessionLimit = 1_024;

export function createUpstreamTls(read: ReadPem = readPem): UpstreamTls {
	let readFile = read;
	const contexts = new Map<string, SecureContext>();
	const sessions = new Map<string, Buffer>();

	function contextFor(tls: ClientTls): SecureContext {
		const key = JSON.stringify(tls);
		const known = contexts.get(key);
		if (known !== undefined) return known;
		const { caFile, certFile, keyFile } = tls;
		const context = contextOf(certFile ?? caFile ?? "(none)", {
			ciphers,
			minVersion: "TLSv1.2",
			...(caFile === undefined ? {} : { ca: readFile(caFile) }),
			...(certFile === undefined ? {} : { cert: readFile(certFile), key: readFile(keyFile ?? certFile) }),
		});
		contexts.set(key, context);
		return context;
	}

	return {
		open({ host, port }, tls, protocol) {
			const key = `${protocol} ${host}:${port} ${JSON.stringify(tls)}`;
			const name = tls.serverName ?? host;
			let secureContext: SecureContext;
			try {
				secureContext = contextFor(tls);
			} catch (error) {
				return new Socket().destroy(error as Error);
			}
			const socket = connect({
				host,
				port,
				// Of an address no name is sent (RFC 6066, 3); it is verified all the same.
				servername: isIP(name) === 0 ? name : "",
				checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
				secureContext,
				...(protocol === null ? { allowHalfOpen: true } : { ALPNProtocols: [protocol] }),
				rejectUnauthorized: tls.unverified !== true,
				session: sessions.get(key),
			});
			socket.setNoDelay(true);
			socket.cork();
			socket.once("secureConnect", () => socket.uncork());
			socket.on("session", (session: Buffer) => {
				if (sessions.size >= sessionLimit) sessions.clear();
				sessions.set(key, session);
			});
			// A session that the other side no longer takes is not offered again.
			socket.once("error", () => sessions.delete(key));
			return socket;
		},
		prepare(upstreams, next = readFile) {
			readFile = next;
			let first: Fault | null = null;
			for (const { tls } of upstreams) {
				try {
					if (tls !== undefined) contextFor(tls);
				} catch (error) {
					first ??= error as Fault;
				}
			}
			return first;
		},
		reload(next) {
			readFile = next;
			contexts.clear();
			sessions.clear();
		},
	};
}

/** When bytes may leave: under TLS not before the other side has proved itself. */
export const readyEvent = (socket: Socket): "secureConnect" | "connect" => ("encrypted" in socket ? "secureConnect" : "connect");

/** The error of a connection whose other side is not who it should be, or cannot show it. */
export function isDistrust(error: NodeJS.ErrnoException): boolean {
	const { code = "" } = error;
	return code === "ERR_TLS_CERT_ALTNAME_INVALID" || distrust.has(code);
}

/** OpenSSL's words for a chain that does not hold (`X509_V_ERR_...`), as node names them. */
const distrust = new Set([
	"UNABLE_TO_GET_ISSUER_CERT",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"SELF_SIGNED_CERT_IN_CHAIN",
	"CERT_HAS_EXPIRED",
	"CERT_NOT_YET_VALID",
	"CERT_SIGNATURE_FAILURE",
	"CERT_REVOKED",
	"CERT_UNTRUSTED",
	"CERT_REJECTED",
	"CERT_CHAIN_TOO_LONG",
	"INVALID_CA",
	"INVALID_PURPOSE",
	"HOSTNAME_MISMATCH",
]);
