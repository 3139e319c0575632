import { Agent, request } from "node:http";
import type { Exchange } from "../../contract/traffic.ts";

/** `branches`: those that the request took, as numbers of the blueprint's list; null when the service does not say. */
export type ShadowAnswer = { status: number; contentType: string; body: string; error: string | null; branches: number[] | null };

const TIMEOUT_MS = 5_000;
/** Answered again from the start by each hop, so never passed on. */
const HOP_BY_HOP = new Set([
	"connection",
	"keep-alive",
	"proxy-connection",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
	"host",
	"content-length",
	"expect",
]);
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** What a shadow service is asked, and between which times legacy answered it. */
export type Asked = Pick<Exchange, "request" | "startedAt" | "endedAt">;

/** Sends a recorded request to a shadow service. Never throws: whatever goes wrong is the answer's `error`. */
export function askService(port: number, exchange: Asked): Promise<ShadowAnswer> {
	return new Promise((resolve) => {
		const body = Buffer.from(exchange.request.body, "base64");
		const headers = exchange.request.headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())).flat();
		headers.push("Host", `127.0.0.1:${port}`, "X-Phoenix-Shadow", "1", "X-Phoenix-Clock", String(clockOf(exchange)));
		// A body of no bytes is another thing than none, to some programs.
		const hasLength = exchange.request.headers.some(([name]) => name.toLowerCase() === "content-length");
		if (body.length > 0 || hasLength) headers.push("Content-Length", String(body.length));
		const fail = (reason: string) => resolve({ status: 0, contentType: "", body: "", error: reason, branches: null });
		const sent = request(
			{ host: "127.0.0.1", port, method: exchange.request.method, path: exchange.request.target, headers, agent, timeout: TIMEOUT_MS },
			(answer) => {
				const parts: Buffer[] = [];
				answer.on("data", (part: Buffer) => parts.push(part));
				answer.on("error", (error) => fail(error.message));
				answer.on("end", () => {
					const status = answer.statusCode ?? 0;
					const text = Buffer.concat(parts).toString("utf8");
					const error = status >= 502 && status <= 504 ? `the service answered ${status}: ${text.slice(0, 200)}` : null;
					const branches = branchesOf(answer.headers["x-phoenix-branches"]);
					resolve({ status, contentType: answer.headers["content-type"] ?? "", body: text, error, branches });
				});
			},
		);
		sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
		sent.on("error", (error) => fail(error.message));
		sent.end(body);
	});
}

function branchesOf(header: string | string[] | undefined): number[] | null {
	if (typeof header !== "string") return null;
	const numbers = header === "" ? [] : header.split(",").map(Number);
	return numbers.every((number) => Number.isInteger(number) && number >= 0) ? numbers : null;
}

export function bodyText(base64: string): string {
	return Buffer.from(base64, "base64").toString("utf8");
}

/** Legacy read its clock somewhere between the two ends; the new service gets the middle. */
export function clockOf(exchange: Asked): number {
	return (exchange.startedAt + exchange.endedAt) / 2;
}
