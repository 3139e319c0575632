import { refusals } from "../refusal.ts";
import type { Parting } from "./judge.ts";
import { isNodeMethod } from "./node-reading.ts";
import type { ReadMessage } from "./reading.ts";

/** A class of inputs of which the gateway and node judge differently, and why that is right. What fits none of them is a fault. */
export type KnownDifference = { reason: string; holds(parting: Parting): boolean };

/** Values of one header, as they were read. */
function valuesOf(message: ReadMessage | null, lower: string): string[] {
	const values: string[] = [];
	const pairs = message?.pairs ?? [];
	for (let index = 0; index < pairs.length; index += 2) if (pairs[index]?.toLowerCase() === lower) values.push(pairs[index + 1] ?? "");
	return values;
}

const methodOf = (message: ReadMessage | null) => message?.first.slice(0, message.first.indexOf(" ")) ?? "";
const targetOf = (message: ReadMessage | null) => message?.first.slice(message.first.indexOf(" ") + 1) ?? "";
const text = ({ bytes }: Parting) => bytes.toString("latin1");
/** From where the gateway began to read the head that it refused. */
const refusedHead = ({ bytes, own }: Parting) => bytes.toString("latin1", own.lastHead);
/** Its first line. */
const firstLine = (parting: Parting) => /^(?:\r\n)*([^\r\n]*)/.exec(refusedHead(parting))?.[1] ?? "";

/** The gateway refuses a head that node accepts, for this reason; `isSo` looks at what node read. */
function stricterHead(
	refusal: { reason: string },
	reason: string,
	isSo: (message: ReadMessage, parting: Parting) => boolean,
): KnownDifference {
	return {
		reason: `${refusal.reason}: ${reason}`,
		holds: (parting) =>
			parting.stopped === "gateway" &&
			parting.part === "head" &&
			parting.why === refusal.reason &&
			parting.message !== null &&
			isSo(parting.message, parting),
	};
}

/** The same of a body. */
function stricterBody(refusal: { reason: string }, reason: string, isSo: (parting: Parting) => boolean): KnownDifference {
	return {
		reason: `${refusal.reason}: ${reason}`,
		holds: (parting) => parting.stopped === "gateway" && parting.part !== "head" && parting.why === refusal.reason && isSo(parting),
	};
}

const framingInTrailer =
	/\n0+(;[^\r\n]*)?\r\n([^\r\n]+\r\n)*(connection|keep-alive|proxy-connection|te|upgrade|content-length|transfer-encoding|host|expect|x-forwarded-for|x-forwarded-proto):/i;

const limits = new Set<string>(
	[refusals.headSize, refusals.targetSize, refusals.answerHeadSize, refusals.trailerSize].map(({ reason }) => reason),
);

const gatewayIsStricter: KnownDifference[] = [
	stricterHead(
		refusals.hostMissing,
		"node leaves it to its server object",
		(message) => message.minor > 0 && valuesOf(message, "host").length === 0,
	),
	stricterHead(refusals.hosts, "node takes the first", (message) => valuesOf(message, "host").length > 1),
	stricterHead(refusals.host, "node does not look into it", (message) =>
		valuesOf(message, "host").some((host) => /[^\w\-.~!$&'()*+;=%[\]:]/.test(host)),
	),
	stricterHead(
		refusals.targetForm,
		"node only checks characters",
		(message) => !/^(\/|https?:\/\/[\w\-.~!$&'()*+;=%[\]:]+([/?]|$))/i.test(targetOf(message)),
	),
	stricterHead(
		refusals.authority,
		"node compares nothing",
		(message) => /^https?:\/\/([^/?]*)/i.exec(targetOf(message))?.[1]?.toLowerCase() !== valuesOf(message, "host")[0]?.toLowerCase(),
	),
	stricterHead(refusals.target, "a fragment, or a tab as a blank", (_message, parting) => /[#\t\f]/.test(firstLine(parting))),
	stricterHead(refusals.connect, "the gateway opens no tunnels", (message) => methodOf(message) === "CONNECT"),
	stricterHead(refusals.expectation, "node's server object answers 417 itself", (message) =>
		valuesOf(message, "expect").some((value) => value.toLowerCase() !== "100-continue"),
	),
	stricterHead(
		refusals.oldCoding,
		"RFC 9112, 6.1: the framing is to be taken as faulty",
		(message) => message.minor === 0 && valuesOf(message, "transfer-encoding").length > 0,
	),
	stricterHead(refusals.coding, "one coding is understood by everyone, lists are not", (message) =>
		valuesOf(message, "transfer-encoding").some((value) => value.toLowerCase() !== "chunked"),
	),
	stricterHead(refusals.codings, "two lines are a list", (message) => valuesOf(message, "transfer-encoding").length > 1),
	stricterHead(refusals.framingTab, "read differently by parsers in use", (_message, parting) =>
		/\r\n(content-length|transfer-encoding):[^\r\n]*\t/i.test(refusedHead(parting)),
	),
	stricterHead(refusals.length, "more than 15 digits are no length", (message) =>
		valuesOf(message, "content-length").some((value) => value.length > 15),
	),
	stricterHead(refusals.version, "node knows 0.9 and 2.0, too", (_message, parting) => /HTTP\/(0\.9|2\.0)$/.test(firstLine(parting))),
	stricterHead(
		refusals.requestLine,
		"exactly one blank stands between its parts, and a version at its end",
		(_message, parting) => !/^[^ ]+ [^ ]+ HTTP\/\d\.\d$/.test(firstLine(parting)),
	),
	stricterHead(refusals.method, "node skips single carriage returns before a request", (_message, parting) =>
		/^(\r\n)*\r(?!\n)/.test(refusedHead(parting)),
	),
	stricterHead(refusals.bareLf, "node skips single line feeds before a request", (_message, parting) =>
		/^(\r\n)*\n/.test(refusedHead(parting)),
	),
	stricterHead(
		refusals.statusLine,
		"empty lines are skipped before a request only (RFC 9112, 2.2), by node before an answer, too",
		(_message, parting) => /^[\r\n]+HTTP\//.test(refusedHead(parting)),
	),
	stricterHead(
		refusals.statusLine,
		"control characters, impossible numbers and other protocols in it",
		(_message, parting) => !/^HTTP\/1\.[01] [1-9]\d\d( [\t\x20-\x7e\x80-\xff]*)?$/.test(firstLine(parting)),
	),
	stricterHead(refusals.framedInterim, "RFC 9110, 15.2: it has none", (message) => Number(message.first) < 200),
	{
		reason: "the gateway limits heads and trailers to 16 KiB, heads of answers to 64; node was told not to",
		holds: ({ stopped, why, bytes }) => stopped === "gateway" && limits.has(why) && bytes.length > 16 * 1024,
	},
	stricterHead(refusals.headLines, "a limit", (message) => message.pairs.length > 400),
	stricterBody(
		refusals.trailerName,
		"RFC 9110, 6.5.1: such a field has no place there",
		(parting) => parting.own.messages.at(-1)?.isWhole === false && framingInTrailer.test(refusedHead(parting)),
	),
	stricterBody(refusals.chunkExtension, "a limit of 1,024 bytes", (parting) => /;[^\r\n]{1025}/.test(text(parting))),
	stricterBody(refusals.chunkSize, "more than 12 digits are no size", (parting) => /[0-9a-f]{13}/i.test(text(parting))),
];

const nodeIsStricter: KnownDifference[] = [
	{
		reason: "methods that node does not know are passed: the upstream decides",
		holds: ({ stopped, part, message, why }) =>
			stopped === "node" && part === "head" && !isNodeMethod(methodOf(message)) && /METHOD|CONSTANT|VERSION/.test(why),
	},
	{
		reason: "bytes above ASCII in a target are passed: systems of these years send and read them raw",
		holds: ({ stopped, part, message, why }) =>
			stopped === "node" && part === "head" && why === "HPE_INVALID_URL" && /[\x80-\xff]/.test(targetOf(message)),
	},
	{
		reason: "the authority of an absolute target is compared with Host, not taken apart",
		holds: ({ stopped, part, message, why }) =>
			stopped === "node" && part === "head" && why === "HPE_INVALID_URL" && /^https?:\/\//i.test(targetOf(message)),
	},
	{
		reason: "a chunk's extension may hold what its grammar does not: it is left out, so nobody behind the gateway reads it",
		holds: (parting) =>
			parting.stopped === "node" && parting.part !== "head" && parting.end === "refused" && /[0-9a-f];/i.test(text(parting)),
	},
];

const isUnfinished = ({ own, node }: Parting) =>
	own.messages.length === node.messages.length && own.messages.every(({ isWhole }) => isWhole);

const eachItsOwnWay: KnownDifference[] = [
	{
		reason: "the gateway judges a head once it is whole, node as it comes; nothing of it has been passed on",
		holds: (parting) =>
			parting.stopped === "node" &&
			parting.part === "rest" &&
			parting.own.end === "open" &&
			parting.end === "refused" &&
			isUnfinished(parting),
	},
	{
		reason: "the gateway judges a trailer once it is whole, node as it comes; nothing of it has been passed on",
		holds: ({ stopped, part, own, end, node }) =>
			stopped === "node" &&
			part === "rest" &&
			own.end === "open" &&
			end === "refused" &&
			valuesOf(node.messages.at(-1) ?? null, "transfer-encoding").length > 0,
	},
	{
		reason: "the gateway has seen what it refuses, node has not yet seen the end of the head",
		holds: (parting) =>
			parting.stopped === "gateway" && parting.part === "rest" && parting.node.end === "open" && parting.end === "refused",
	},
	{
		reason:
			"node stops reading after a request that asks for another protocol; the gateway passes on only WebSocket's, of the others it leaves the wish out",
		holds: ({ node, own }) =>
			node.end === "upgraded" &&
			node.messages.length <= own.messages.length &&
			valuesOf(node.messages.at(-1) ?? null, "upgrade").length > 0,
	},
	{
		reason: "node closes for `Proxy-Connection: close`, which means nothing to the gateway",
		holds: ({ node }) => node.end === "closed" && valuesOf(node.messages.at(-1) ?? null, "proxy-connection").length > 0,
	},
	{
		reason: "an interim answer ends nothing, whatever it says of the connection (RFC 9110, 15.2)",
		holds: ({ node }) => node.end === "closed" && Number(node.messages.at(-1)?.first) < 200,
	},
];

export const knownDifferences: readonly KnownDifference[] = [...gatewayIsStricter, ...nodeIsStricter, ...eachItsOwnWay];
