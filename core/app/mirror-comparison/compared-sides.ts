import { isUtf8 } from "node:buffer";
import type { ComparedProtocol, ComparisonSettings } from "../../contract/comparison.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { headerOf } from "../../replay/index.ts";

export type Side = Exchange["response"];

export function protocolOf({ request }: Pick<Exchange, "request">): ComparedProtocol {
	if (request.method === "TCP") return "tcp";
	if (request.method === "WEBSOCKET") return "websocket";
	return headerOf(request.headers, "content-type").startsWith("application/grpc") ? "grpc" : "http";
}

export const bytesOf = (side: Pick<Side, "body">): Buffer => Buffer.from(side.body, "base64");

export const textOf = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");

/** The messages of a WebSocket's side, told apart by `WebSocket-Messages: text 12, binary 40`; null where that does not fit the body. */
export function messagesOf(side: Side): { kind: string; bytes: Buffer }[] | null {
	const told = headerOf(side.headers, "websocket-messages");
	const body = bytesOf(side);
	if (told === "") return body.length === 0 ? [] : null;
	let at = 0;
	const messages = told.split(",").map((word) => {
		const [, kind = "", size = ""] = /^\s*(\w+) (\d+)\s*$/.exec(word) ?? [];
		const bytes = body.subarray(at, at + Number(size));
		at += Number(size);
		return { kind, bytes };
	});
	return at === body.length ? messages : null;
}

type TcpListener = ComparisonSettings["listeners"][string];

/** Bytes before the content, and behind it, that belong to the frame. */
export function frameOf({ framing }: TcpListener): { head: number; tail: number } {
	if (framing.kind === "length") return { head: framing.at + framing.size, tail: 0 };
	return { head: 0, tail: framing.kind === "delimiter" ? framing.hex.length / 2 : 0 };
}
