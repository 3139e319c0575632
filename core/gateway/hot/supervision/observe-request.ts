/** Text formats of metrics: Prometheus' own 0.0.4, and OpenMetrics 1.0.0. */
export type ExpositionFormat = "prometheus" | "openmetrics";

export type MetricsAddress = { host: string; port: number };

export type LineFormat = "combined" | "json";

/** `route`: of the plan; null: all. `headers`: of the request, to be shown. `keep`: rotated files beside the current one. */
export type AccessLogOrder = { file: string; format: LineFormat; route: string | null; headers: string[]; maxBytes: number; keep: number };

/** `endpoint`: of an OTLP/HTTP receiver, whole (`http://collector:4318/v1/traces`). `headers`: what it asks of whoever sends. */
export type TracingOrder = { endpoint: string; ratio: number; headers: Record<string, string> };

/** What the supervisor is asked about itself and the traffic, beside the traffic's own verbs. null switches off. */
export type ObserveRequest =
	| { id: number; verb: "metrics"; format: ExpositionFormat }
	| { id: number; verb: "serveMetrics"; address: MetricsAddress | null }
	| { id: number; verb: "setAccessLog"; log: AccessLogOrder | null }
	| { id: number; verb: "setTracing"; tracing: TracingOrder | null };

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isNumber = (value: unknown, from: number, to: number): value is number => typeof value === "number" && value >= from && value <= to;
const isWhole = (value: unknown, from: number, to: number): value is number => Number.isInteger(value) && isNumber(value, from, to);
const isToken = (value: unknown): value is string => isText(value) && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(value);

/** The request, or null where it is none of these. */
export function asObserveRequest(id: number, fields: Fields): ObserveRequest | null {
	switch (fields.verb) {
		case "metrics":
			return fields.format === "prometheus" || fields.format === "openmetrics" ? { id, verb: "metrics", format: fields.format } : null;
		case "serveMetrics":
			return fields.address === null || isAddress(fields.address) ? { id, verb: "serveMetrics", address: fields.address } : null;
		case "setAccessLog":
			return fields.log === null || isAccessLog(fields.log) ? { id, verb: "setAccessLog", log: fields.log } : null;
		case "setTracing":
			return fields.tracing === null || isTracing(fields.tracing) ? { id, verb: "setTracing", tracing: fields.tracing } : null;
		default:
			return null;
	}
}

export function isAddress(value: unknown): value is MetricsAddress {
	return isFields(value) && isText(value.host) && isWhole(value.port, 0, 65_535);
}

function isAccessLog(value: unknown): value is AccessLogOrder {
	if (!isFields(value) || !isText(value.file) || (value.format !== "combined" && value.format !== "json")) return false;
	if (value.route !== null && !isText(value.route)) return false;
	if (!Array.isArray(value.headers) || value.headers.length > 32 || !value.headers.every(isToken)) return false;
	return isWhole(value.maxBytes, 4_096, 2 ** 40) && isWhole(value.keep, 0, 1_000);
}

function isTracing(value: unknown): value is TracingOrder {
	if (!isFields(value) || !isText(value.endpoint) || !isNumber(value.ratio, 0, 1)) return false;
	if (!URL.canParse(value.endpoint) || !/^https?:$/.test(new URL(value.endpoint).protocol)) return false;
	return isFields(value.headers) && Object.entries(value.headers).every(([name, text]) => isToken(name) && typeof text === "string");
}
