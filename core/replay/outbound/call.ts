import type { IncomingMessage } from "node:http";
import type { Recorded } from "../recording/recorded.ts";
import { endToEnd } from "../send/request-headers.ts";
import { pairsOf } from "../send/send-request.ts";

/** The address called, and the target there as it was written. */
export type Call = { host: string; port: number; authority: string; target: string };

/** null: it names no whole address of plain HTTP. */
export function callOf({ url = "" }: IncomingMessage): Call | null {
	const parts = /^http:\/\/((?:\[[\da-f:.]+\]|[^/?#:@[\]]+)(?::(\d{1,5}))?)([/?].*)?$/i.exec(url);
	if (parts === null) return null;
	const [, authority = "", portText, rest = "/"] = parts;
	const port = Number(portText ?? 80);
	if (port < 1 || port > 65_535) return null;
	const host = authority.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
	return { host, port, authority, target: rest.startsWith("/") ? rest : `/${rest}` };
}

/** RFC 9112, 3.2.2: the address called counts, whatever the Host line says. */
export function requestOf(
	{ authority, target }: Call,
	{ method = "GET", rawHeaders }: IncomingMessage,
): Omit<Recorded["request"], "body" | "state"> {
	const rest = endToEnd(pairsOf(rawHeaders)).filter(([name]) => name.toLowerCase() !== "host");
	return { method, scheme: "http", target, headers: [["Host", authority], ...rest] };
}
