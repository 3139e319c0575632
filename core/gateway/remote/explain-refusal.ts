import { connect } from "node:tls";
import type { TlsMaterial } from "./credentials.ts";

const answerMs = 2_000;
/** Under TLS 1.3 the other side's refusal comes after the handshake seems to be done. */
const refusalMs = 300;

/** Why no connection comes about: gRPC itself only says that it failed. null: one does come about now. */
export function explainRefusal(address: string, { cert, key, ca }: TlsMaterial, serverName?: string): Promise<string | null> {
	const { hostname, port } = new URL(`https://${address}`);
	const host = hostname.replace(/^\[|\]$/g, "");
	return new Promise((resolve) => {
		const name = serverName ?? host;
		const socket = connect({
			...{ host, port: Number(port), cert, key, ca, minVersion: "TLSv1.3", ALPNProtocols: ["h2"] },
			...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
		});
		const end = (reason: string | null) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(reason);
		};
		let timer = setTimeout(() => end(`no answer within ${answerMs} ms`), answerMs);
		socket.once("error", (error: NodeJS.ErrnoException & { reason?: string }) => end(error.reason ?? error.message));
		socket.once("close", () => end("it closed the connection"));
		socket.once("data", () => end(null));
		socket.once("secureConnect", () => {
			clearTimeout(timer);
			timer = setTimeout(() => end(null), refusalMs);
		});
	});
}
