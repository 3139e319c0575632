import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Fault, type FaultCode } from "../../base/fault.ts";

/** An answer that the gateway itself gives: JSON with code, what happened, what is safe, what to do. */
export type CodedAnswer = { status: number; headers: [string, string][]; body: Buffer };

export function codedAnswer(status: number, code: FaultCode, data: Record<string, string>): CodedAnswer {
	const { what, safe, todo } = new Fault(code, data).toJSON();
	const body = Buffer.from(`${JSON.stringify({ code, what, safe, todo })}\n`);
	return {
		status,
		headers: [
			["Content-Type", "application/json; charset=utf-8"],
			["Content-Length", String(body.length)],
		],
		body,
	};
}

export function sendCoded(response: ServerResponse, answer: CodedAnswer, close: boolean): void {
	response.writeHead(answer.status, [...answer.headers, ...(close ? ([["Connection", "close"]] as const) : [])].flat());
	response.end(answer.body);
}

const statusTexts: Record<number, string> = {
	400: "Bad Request",
	408: "Request Timeout",
	431: "Request Header Fields Too Large",
	501: "Not Implemented",
	502: "Bad Gateway",
};

/** On a bare connection, where there is no response object; the connection ends with it. */
export function writeCoded(socket: Socket, answer: CodedAnswer): void {
	if (!socket.writable) {
		socket.destroy();
		return;
	}
	const lines = answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
	const head = `HTTP/1.1 ${answer.status} ${statusTexts[answer.status] ?? "Error"}\r\n${lines}Connection: close\r\n\r\n`;
	socket.end(Buffer.concat([Buffer.from(head), answer.body]), () => socket.destroy());
}
