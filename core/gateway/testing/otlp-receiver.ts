import { createServer, type IncomingHttpHeaders } from "node:http";
import { listen } from "./listen.ts";
import { bodyOf } from "./upstream.ts";

export type ReceivedSpan = {
	traceId: string;
	spanId: string;
	parentSpanId: string;
	name: string;
	kind: number;
	start: bigint;
	end: bigint;
	attributes: Record<string, string | number | boolean>;
	status: number;
	message: string;
};

export type OtlpReceiver = {
	endpoint: string;
	spans: ReceivedSpan[];
	/** What was wrong with requests, by the published mapping; empty when nothing was. */
	mistakes: string[];
	headers: IncomingHttpHeaders[];
	/** How the next requests are answered; null: not at all. */
	answer: { status: number; body?: string; headers?: Record<string, string> } | null;
	requests: () => number;
	close(): Promise<void>;
};

/**
 * A receiver of OTLP/HTTP in JSON that takes nothing which opentelemetry-proto's mapping does not know: lowerCamelCase names, ids in
 * hexadecimal, 64-bit numbers as decimal strings, enumerations as numbers, exactly one kind of value in each attribute.
 */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
	let requests = 0;
	const server = createServer(async (request, response) => {
		requests++;
		const body = (await bodyOf(request)).toString("utf8");
		receiver.headers.push(request.headers);
		const { answer } = receiver;
		if (answer === null) return;
		if (request.method !== "POST" || request.url !== "/v1/traces") receiver.mistakes.push(`${request.method} ${request.url}`);
		if (request.headers["content-type"] !== "application/json") receiver.mistakes.push(`type ${request.headers["content-type"]}`);
		if (answer.status === 200) {
			try {
				receiver.spans.push(...readTraces(JSON.parse(body)));
			} catch (error) {
				receiver.mistakes.push(error instanceof Error ? error.message : String(error));
			}
		}
		response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers }).end(answer.body ?? "{}");
	});
	const port = await listen(server);
	const receiver: OtlpReceiver = {
		endpoint: `http://127.0.0.1:${port}/v1/traces`,
		spans: [],
		mistakes: [],
		headers: [],
		answer: { status: 200 },
		requests: () => requests,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return receiver;
}

type Fields = Record<string, unknown>;

/** The fields of an object that must all be known; `required` must be there. */
function fieldsOf(value: unknown, where: string, required: string[], optional: string[] = []): Fields {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${where} is no object`);
	for (const name of required) if (!(name in value)) throw new Error(`${where} has no ${name}`);
	for (const name of Object.keys(value)) if (![...required, ...optional].includes(name)) throw new Error(`${where} has ${name}`);
	return value as Fields;
}

function listOf(value: unknown, where: string): unknown[] {
	if (!Array.isArray(value) || value.length === 0) throw new Error(`${where} is no list`);
	return value;
}

function matching(value: unknown, pattern: RegExp, where: string): string {
	if (typeof value !== "string" || !pattern.test(value)) throw new Error(`${where} is ${JSON.stringify(value)}`);
	return value;
}

function readTraces(request: unknown): ReceivedSpan[] {
	const { resourceSpans } = fieldsOf(request, "the request", ["resourceSpans"]);
	return listOf(resourceSpans, "resourceSpans").flatMap((one) => {
		const { resource, scopeSpans } = fieldsOf(one, "resourceSpans", ["resource", "scopeSpans"], ["schemaUrl"]);
		const attributes = readAttributes(fieldsOf(resource, "resource", ["attributes"], ["droppedAttributesCount"]).attributes);
		if (typeof attributes["service.name"] !== "string") throw new Error("the resource has no service.name");
		return listOf(scopeSpans, "scopeSpans").flatMap((scoped) => {
			const { scope, spans } = fieldsOf(scoped, "scopeSpans", ["scope", "spans"], ["schemaUrl"]);
			fieldsOf(scope, "scope", ["name"], ["version", "attributes", "droppedAttributesCount"]);
			return listOf(spans, "spans").map(readSpan);
		});
	});
}

function readSpan(value: unknown): ReceivedSpan {
	const times = ["startTimeUnixNano", "endTimeUnixNano"];
	const dropped = ["droppedAttributesCount", "events", "droppedEventsCount", "links", "droppedLinksCount"];
	const required = ["traceId", "spanId", "name", "kind", ...times, "attributes"];
	const span = fieldsOf(value, "a span", required, ["parentSpanId", "traceState", "flags", "status", ...dropped]);
	const { kind, name, flags, status } = span;
	if (typeof name !== "string" || name === "") throw new Error("a span has no name");
	if (typeof kind !== "number" || kind < 1 || kind > 5) throw new Error(`a span's kind is ${JSON.stringify(kind)}`);
	if (flags !== undefined && (!Number.isInteger(flags) || Number(flags) < 0 || Number(flags) > 0xffffffff))
		throw new Error(`flags ${flags}`);
	const { code = 0, message = "" } = fieldsOf(status ?? {}, "status", [], ["code", "message"]);
	if (code !== 0 && code !== 1 && code !== 2) throw new Error(`a status code is ${JSON.stringify(code)}`);
	const [start, end] = times.map((time) => BigInt(matching(span[time], /^\d{18,20}$/, time))) as [bigint, bigint];
	if (end < start) throw new Error("a span ends before it begins");
	return {
		traceId: matching(span.traceId, /^(?!0+$)[0-9a-f]{32}$/, "traceId"),
		spanId: matching(span.spanId, /^(?!0+$)[0-9a-f]{16}$/, "spanId"),
		parentSpanId: span.parentSpanId === undefined ? "" : matching(span.parentSpanId, /^(?!0+$)[0-9a-f]{16}$/, "parentSpanId"),
		...{ name, kind, start, end, attributes: readAttributes(span.attributes), status: code, message: String(message) },
	};
}

function readAttributes(value: unknown): ReceivedSpan["attributes"] {
	const read: ReceivedSpan["attributes"] = {};
	for (const one of listOf(value, "attributes")) {
		const { key, value: any } = fieldsOf(one, "an attribute", ["key", "value"]);
		if (typeof key !== "string" || key === "" || key in read) throw new Error(`an attribute's key is ${JSON.stringify(key)}`);
		const [kind, ...others] = Object.keys(any as object);
		const given = (any as Fields)[kind ?? ""];
		if (others.length > 0) throw new Error(`${key} has several values`);
		if (kind === "stringValue" && typeof given === "string") read[key] = given;
		else if (kind === "boolValue" && typeof given === "boolean") read[key] = given;
		else if (kind === "intValue") read[key] = Number(matching(given, /^-?\d+$/, key));
		else if (kind === "doubleValue" && typeof given === "number") read[key] = given;
		else throw new Error(`${key} is ${JSON.stringify(any)}`);
	}
	return read;
}
