import type { Socket } from "node:net";
import { Fault, type FaultCode } from "../../../base/fault.ts";

/** An answer that the gateway itself gives: JSON with code, what happened, what is safe, what to do. */
export type CodedAnswer = { status: number; head: Buffer; body: Buffer };

const statusTexts: Record<number, string> = {
	400: "Bad Request",
	404: "Not Found",
	408: "Request Timeout",
	414: "URI Too Long",
	417: "Expectation Failed",
	431: "Request Header Fields Too Large",
	501: "Not Implemented",
	502: "Bad Gateway",
	504: "Gateway Timeout",
	505: "HTTP Version Not Supported",
};

/** `connection`: `Connection` lines for the client, whole; may be empty. */
export function codedAnswer(
	status: number,
	code: FaultCode,
	data: Record<string, string>,
	connection = "Connection: close\r\n",
): CodedAnswer {
	const { what, safe, todo } = new Fault(code, data).toJSON();
	const body = Buffer.from(`${JSON.stringify({ code, what, safe, todo })}\n`);
	const lines = `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n${connection}`;
	return { status, head: Buffer.from(`HTTP/1.1 ${status} ${statusTexts[status] ?? "Error"}\r\n${lines}\r\n`, "latin1"), body };
}

/** On a connection that ends with it. */
export function writeCoded(socket: Socket, answer: CodedAnswer): void {
	if (!socket.writable) {
		socket.destroy();
		return;
	}
	socket.end(Buffer.concat([answer.head, answer.body]), () => socket.destroy());
}
