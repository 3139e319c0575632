import type { Socket } from "node:net";
import type { Listener } from "../../../contract/listeners.ts";
import type { TcpListener } from "../stream/conversation.ts";
import type { TlsKeys } from "../tls/pem-files.ts";
import { createTlsFront, type HandshakeLimits, type TlsCounts } from "../tls/tls-front.ts";

/** Takes accepted connections, of which nothing has been read, for one listener. */
export type Front = {
	take(socket: Socket): void;
	/** Reads the certificates anew. Fault CERTIFICATE_UNUSABLE, and nothing has changed. */
	reload(keys: TlsKeys): void;
	/** null: it speaks no TLS. */
	readonly tls: TlsCounts | null;
};

export type HttpListener = Extract<Listener, { kind: "http" }>;

type HttpDeps = {
	listener: HttpListener;
	keys: TlsKeys;
	handshakes?: HandshakeLimits;
	serveHttp1(socket: Socket, clientLines: string): void;
	serveHttp2(socket: Socket, bytes: Buffer, clientLines: string): void;
};

const noBytes = Buffer.alloc(0);

/** Which protocol a connection speaks: by ALPN under TLS; without, HTTP/1.1 until its first bytes say otherwise. Fault CERTIFICATE_UNUSABLE. */
export function createHttpFront({ listener, keys, handshakes, serveHttp1, serveHttp2 }: HttpDeps): Front {
	if (listener.tls === undefined) return { take: (socket) => serveHttp1(socket, ""), reload() {}, tls: null };
	const front = createTlsFront({
		id: listener.id,
		tls: listener.tls,
		keys,
		limits: handshakes,
		protocols: ["h2", "http/1.1"],
		onSecure(socket, protocol, clientLines) {
			if (protocol === "h2") serveHttp2(socket, noBytes, clientLines);
			else serveHttp1(socket, clientLines);
		},
	});
	return { take: front.take, reload: front.reload, tls: front.counts };
}

type StreamDeps = {
	listener: TcpListener;
	keys: TlsKeys;
	handshakes?: HandshakeLimits;
	serve(socket: Socket, listener: TcpListener): void;
};

/** Any protocol, inside TLS where the listener has it. Fault CERTIFICATE_UNUSABLE. */
export function createStreamFront({ listener, keys, handshakes, serve }: StreamDeps): Front {
	if (listener.tls === undefined) return { take: (socket) => serve(socket, listener), reload() {}, tls: null };
	const front = createTlsFront({
		id: listener.id,
		tls: listener.tls,
		keys,
		limits: handshakes,
		protocols: [],
		onSecure: (socket) => serve(socket, listener),
	});
	return { take: front.take, reload: front.reload, tls: front.counts };
}
