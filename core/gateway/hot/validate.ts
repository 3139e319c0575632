import type { RouteMode, RoutePlan, Upstream } from "../../contract/traffic.ts";
import type { ControlRequest } from "./protocol.ts";
import { asObserveRequest } from "./supervision/observe-request.ts";

// Written by hand because the supervisor takes no package along. Control validates the same values with zod before it sends them.

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isPercent = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 100;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function isUpstream(value: unknown): value is Upstream {
	if (!isFields(value) || !isText(value.host) || value.host === "") return false;
	if (!isCount(value.port) || value.port < 1 || value.port > 65_535) return false;
	const isProtocol = value.protocol === undefined || value.protocol === "http/1.1" || value.protocol === "h2";
	return isProtocol && isAbsentOr(value.tls, isClientTls) && isAbsentOr(value.lenient, isFlag);
}

function isClientTls(value: unknown): boolean {
	if (!isFields(value) || !isAbsentOr(value.unverified, isFlag)) return false;
	return [value.serverName, value.caFile, value.certFile, value.keyFile].every((text) => isAbsentOr(text, isText));
}

const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isSticky = (value: unknown): boolean => value === undefined || (isText(value) && /^(header|cookie):./.test(value));
const isAbsentOr = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value);
const isTexts = (value: unknown): boolean => isFields(value) && Object.values(value).every(isText);

function isRoute(value: unknown): boolean {
	if (!isFields(value) || !isText(value.id) || !isText(value.method) || !isText(value.path)) return false;
	return isAbsentOr(value.host, isText) && isAbsentOr(value.headers, isTexts) && isMode(value.mode);
}

const isMirror = (value: unknown): boolean =>
	isFields(value) &&
	isUpstream(value.upstream) &&
	isAbsentOr(value.timeoutMs, (ms) => isCount(ms) && ms > 0) &&
	isAbsentOr(value.inFlight, (most) => isCount(most) && most > 0) &&
	isAbsentOr(value.orderBy, (by) => isText(by) && /^(header|cookie):[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(by));

function isMode(value: unknown): value is RouteMode {
	if (!isFields(value)) return false;
	const isMirrored = isAbsentOr(value.mirror, isMirror);
	const isFailover = value.failover === "unsent" || value.failover === "keyed" || value.failover === "always";
	switch (value.kind) {
		case "legacy":
			return true;
		case "shadow":
			return isPercent(value.percent) && isMirrored;
		case "canary":
			return isPercent(value.weight) && isUpstream(value.upstream) && isFailover && isSticky(value.sticky) && isMirrored;
		case "modern":
			return isUpstream(value.upstream) && isFailover && isMirrored;
		default:
			return false;
	}
}

/** Of a TCP listener: no share of the requests and no second try, only whole connections. */
function isStreamRoute(value: unknown): boolean {
	if (!isFields(value) || !isText(value.id) || !isText(value.listener) || !isUpstream(value.legacy) || !isFields(value.mode)) return false;
	const { mode } = value;
	switch (mode.kind) {
		case "legacy":
			return true;
		case "shadow":
			return isAbsentOr(mode.mirror, isMirror);
		case "canary":
			return isPercent(mode.weight) && isUpstream(mode.upstream);
		case "modern":
			return isUpstream(mode.upstream);
		default:
			return false;
	}
}

export function isPlan(value: unknown): value is RoutePlan {
	if (!isFields(value) || !isCount(value.version) || !isText(value.idempotencyHeader) || !isText(value.reason)) return false;
	if (value.legacy !== null && !isUpstream(value.legacy)) return false;
	if (!Array.isArray(value.routes)) return false;
	if (value.streams !== undefined && !(Array.isArray(value.streams) && value.streams.every(isStreamRoute))) return false;
	return value.routes.every(isRoute);
}

/** The request, or null where it is none that this supervisor knows. */
export function asControlRequest(value: unknown): ControlRequest | null {
	if (!isFields(value) || !isCount(value.id)) return null;
	const { id } = value;
	switch (value.verb) {
		case "hello":
		case "clearPanic":
		case "reloadCertificates":
		case "stats":
		case "subscribe":
			return { id, verb: value.verb };
		case "setPlan":
			return isPlan(value.plan) ? { id, verb: "setPlan", plan: value.plan } : null;
		case "panic":
			return isText(value.reason) ? { id, verb: "panic", reason: value.reason } : null;
		case "ack":
			return isCount(value.batch) ? { id, verb: "ack", batch: value.batch } : null;
		case "stop":
			return isCount(value.drainMs) ? { id, verb: "stop", drainMs: value.drainMs } : null;
		default:
			return asObserveRequest(id, value);
	}
}
