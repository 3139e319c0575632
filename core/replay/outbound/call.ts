import type { IncomingMessage } from "node:http";
import type { Recorded } from "../recording/recorded.ts";
import { endToEnd } from "../send/request-headers.ts";
import { pairsOf } from "../send/send-request.ts";

/** The address called, and the target there as it was written. */
export type Call = { host: string; port: number; authority: string; target: string };

/** `tunnelled`: the address of the tunnel it came through. null: nobody can tell which address is called by plain HTTP. */
export function callOf({ url = "" }: IncomingMessage, tunnelled: string | null): Call | null {
	const address = url.startsWith("/") && tunnelled !== null ? `http://${tunnelled.replace(/:80$/, "")}${url}` : url;
	const parts = /^http:\/\/((?:\[[\da-f:.]+\]|[^/?#:@[\]]+)(?::(\d{1,5}))?)([/?].*)?$/i.exec(address);
	if (parts === null) return null;
	const [, authority = "", portText, rest = "/"] = parts;
	const port = Number(portText ?? 80);
	if (port < 1 || port > 65_535) return null;
	const host = authority.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
	return { host, port, authority, target: rest.startsWith("/") ? rest : `/${rest}` };
}

/** RFC 9112, 3.2.2: the address called counts, whatever the Host line says. */
export function requestOf({ authority, target }: Call, message: IncomingMessage): Omit<Recorded["request"], "body" | "state"> {
	const rest = endToEnd(pairsOf(message.rawHeaders)).filter(([name]) => name.toLowerCase() !== "host");
	return { method: message.method ?? "GET", scheme: "http", target, headers: [["Host", authority], ...rest] };
}
