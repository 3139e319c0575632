import type { RoutePlan } from "../../../contract/traffic.ts";
import { createPathMask } from "../access-log/log-line.ts";
import type { Attempt, TraceRecord } from "./trace.ts";

// OTLP/HTTP in JSON: ids as hex, enumerations as numbers, 64-bit numbers as strings (opentelemetry.io/docs/specs/otlp, JSON Protobuf).

type Value = { stringValue: string } | { boolValue: boolean } | { intValue: string };
type Attribute = { key: string; value: Value };
type Span = {
	traceId: string;
	spanId: string;
	parentSpanId?: string;
	flags: number;
	name: string;
	kind: number;
	startTimeUnixNano: string;
	endTimeUnixNano: string;
	attributes: Attribute[];
	status: { code?: number; message?: string };
};
export type TracesRequest = {
	resourceSpans: {
		resource: { attributes: Attribute[] };
		scopeSpans: { scope: { name: string; version: string }; spans: Span[] }[];
	}[];
};

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
/** Sampled; and that it is known whether the parent is in another process, and that it is. */
const SAMPLED = 0x01;
const LOCAL_PARENT = 0x100;
const REMOTE_PARENT = 0x300;

/** Server span and client spans of each record. Nothing in them that a client may have meant as data: paths are masked as in the access log. */
export function tracesRequest(records: readonly TraceRecord[], plan: RoutePlan, instance: string): TracesRequest {
	const pathFor = createPathMask(plan);
	const templates = new Map(plan.routes.map(({ id, path }) => [id, path]));
	const spans = records.flatMap((record) => {
		const template = record.route === null ? undefined : templates.get(record.route);
		return [serverSpan(record, template, pathFor(record)), ...record.attempts.map((attempt) => clientSpan(record, attempt))];
	});
	const attributes = attributesOf({ "service.name": "phoenix-gateway", "service.instance.id": instance });
	return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "phoenix.gateway", version: "1" }, spans }] }] };
}

function serverSpan(record: TraceRecord, template: string | undefined, path: string): Span {
	const { method, status, error, isClientError } = record;
	const hasFailed = isClientError || status === 0 || status >= 500;
	return {
		traceId: record.traceId,
		spanId: record.spanId,
		...(record.parentId === null ? {} : { parentSpanId: record.parentId }),
		flags: SAMPLED | (record.parentId === null ? LOCAL_PARENT : REMOTE_PARENT),
		name: template === undefined ? method : `${method} ${template}`,
		kind: SERVER,
		startTimeUnixNano: nanoseconds(record.startedAt),
		endTimeUnixNano: nanoseconds(record.endedAt),
		attributes: attributesOf({
			"http.request.method": method,
			"http.route": template,
			"http.response.status_code": status || undefined,
			"url.path": path.split("?")[0],
			"network.protocol.version": record.protocol,
			"client.address": record.client,
			"error.type": hasFailed ? errorType(status, error) : undefined,
			"phoenix.route": record.route ?? undefined,
			"phoenix.arm": record.arm,
			"phoenix.decision": record.decision,
			"phoenix.plan.version": record.planVersion,
			"phoenix.mirrored": record.mirrored,
			"phoenix.failover": record.arm === "failover",
		}),
		status: hasFailed ? { code: ERROR, message: error ?? `status ${status}` } : {},
	};
}

function clientSpan({ traceId, spanId, method }: TraceRecord, attempt: Attempt): Span {
	const { status, error } = attempt;
	const hasFailed = error !== null || status === 0 || status >= 400;
	return {
		traceId,
		spanId: attempt.spanId,
		parentSpanId: spanId,
		flags: SAMPLED | LOCAL_PARENT,
		name: method,
		kind: CLIENT,
		startTimeUnixNano: nanoseconds(attempt.startedAt),
		endTimeUnixNano: nanoseconds(attempt.endedAt),
		attributes: attributesOf({
			"http.request.method": method,
			"http.response.status_code": status || undefined,
			"server.address": attempt.host,
			"server.port": attempt.port,
			"network.protocol.version": attempt.protocol,
			"error.type": hasFailed ? errorType(status, error) : undefined,
			"phoenix.arm": attempt.arm,
		}),
		status: hasFailed ? { code: ERROR, message: error ?? `status ${status}` } : {},
	};
}

/** Few values: the words behind them stand in the status. */
const errorType = (status: number, error: string | null): string =>
	status >= 400 ? String(status) : error === null ? "_OTHER" : "no_answer";

function attributesOf(values: Record<string, string | number | boolean | undefined>): Attribute[] {
	return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: anyValue(value) }]));
}

function anyValue(value: string | number | boolean): Value {
	if (typeof value === "string") return { stringValue: value };
	return typeof value === "boolean" ? { boolValue: value } : { intValue: String(value) };
}

/** Milliseconds with fractions hold microseconds. */
const nanoseconds = (ms: number): string => `${Math.round(ms * 1_000)}000`;
