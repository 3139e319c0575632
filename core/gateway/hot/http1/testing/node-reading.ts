import { createRequire } from "node:module";
import type { Reading, ReadMessage } from "./reading.ts";

// Node's own parser (llhttp, strict), called directly: the same object that node:http feeds from its sockets.

type Parser = {
	initialize(kind: number, resource: object, maxHeaderSize: number, lenient: number): void;
	execute(bytes: Buffer): number | ParseError;
	[callback: number]: unknown;
};
type ParseError = Error & { code: string; reason: string };
type ParserClass = { new (): Parser } & Record<
	"REQUEST" | "RESPONSE" | "kOnMessageBegin" | "kOnHeaders" | "kOnHeadersComplete" | "kOnBody" | "kOnMessageComplete",
	number
>;

process.noDeprecation = true;
const { HTTPParser, methods } = createRequire(import.meta.url)("_http_common") as { HTTPParser: ParserClass; methods: string[] };
process.noDeprecation = false;

/** Of these two node has special parsers, for other protocols. */
const foreign = new Set(["PRI", "SOURCE"]);
export const isNodeMethod = (method: string): boolean => methods.includes(method) && !foreign.has(method);

/** Sizes are the gateway's own business; node shall not be the one to refuse for them. */
const headLimit = 1024 * 1024;
const strict = 0;

const parser = new HTTPParser();
let reading: Reading = { messages: [], end: "open", why: "" };
let current: ReadMessage | null = null;
let early: string[] = [];
let earlyTarget = "";
let answersTo = "";
let isUpgrade = false;

parser[HTTPParser.kOnMessageBegin] = () => {
	early = [];
	earlyTarget = "";
};
// Called for heads of more than 32 lines, and for trailers.
parser[HTTPParser.kOnHeaders] = (pairs: string[], target: string) => {
	if (current !== null && !current.isWhole) current.trailers.push(...pairs);
	else {
		early.push(...pairs);
		earlyTarget += target;
	}
};
parser[HTTPParser.kOnHeadersComplete] = (
	_major: number,
	minor: number,
	pairs: string[] | undefined,
	method: number | undefined,
	target: string | undefined,
	status: number | undefined,
	_words: string | undefined,
	upgrades: boolean,
	isKeepAlive: boolean,
) => {
	const first = method === undefined ? String(status) : `${methods[method]} ${earlyTarget}${target ?? ""}`;
	current = { first, minor, pairs: [...early, ...(pairs ?? [])], isKeepAlive, body: "", trailers: [], isWhole: false };
	reading.messages.push(current);
	isUpgrade = upgrades;
	return status !== undefined && answersTo === "HEAD" ? 1 : 0;
};
parser[HTTPParser.kOnBody] = (bytes: Buffer) => {
	if (current !== null) current.body += bytes.toString("latin1");
};
parser[HTTPParser.kOnMessageComplete] = () => {
	if (current !== null) current.isWhole = true;
	early = [];
	earlyTarget = "";
};

function read(kind: number, bytes: Buffer): Reading {
	reading = { messages: [], end: "open", why: "" };
	current = null;
	early = [];
	earlyTarget = "";
	isUpgrade = false;
	parser.initialize(kind, {}, headLimit, strict);
	const result = parser.execute(bytes);
	if (typeof result !== "number") {
		reading.end = result.code === "HPE_CLOSED_CONNECTION" ? "closed" : "refused";
		reading.why = result.code;
	} else if (isUpgrade) reading.end = "upgraded";
	return reading;
}

export function readRequestsAsNode(bytes: Buffer): Reading {
	return read(HTTPParser.REQUEST, bytes);
}

/** Answers to requests by this method. */
export function readAnswersAsNode(bytes: Buffer, method: string): Reading {
	answersTo = method;
	return read(HTTPParser.RESPONSE, bytes);
}
