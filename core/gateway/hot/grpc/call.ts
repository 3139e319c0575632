import { createMessageCounter, type MessageCounter } from "./message-counter.ts";

/** A gRPC call on its way: what HTTP alone does not tell of it. */
export type Call = {
	readonly requestMessages: MessageCounter;
	answerMessages: MessageCounter;
	/** When the client stops waiting (`grpc-timeout`), or infinite. */
	readonly latest: number;
};

export function createCall(timeout: string | null, at: number): Call {
	const ms = timeout === null ? null : timeoutMs(timeout);
	return {
		requestMessages: createMessageCounter(),
		answerMessages: createMessageCounter(),
		latest: ms === null ? Number.POSITIVE_INFINITY : at + ms,
	};
}

/** `application/grpc`, with or without `+proto` or parameters; gRPC-Web is another protocol. */
export const isGrpc = (contentType: string | null): boolean => contentType !== null && /^application\/grpc(?:$|[+;\s])/i.test(contentType);

const units: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000_001 };

/** `grpc-timeout` in milliseconds, or null where it is none. */
export function timeoutMs(text: string): number | null {
	const parts = /^(\d{1,8})([HMSmun])$/.exec(text);
	return parts === null ? null : Number(parts[1]) * (units[parts[2] ?? ""] ?? 0);
}

/** Codes that say of a service what a status of 500 or more says in HTTP (google.rpc.Code): it failed, whatever was asked. */
const failures = new Set(["2", "4", "12", "13", "14", "15"]);

export const isFailure = (grpcStatus: string | null): boolean => grpcStatus !== null && failures.has(grpcStatus);

/**
 * When the upstream must have answered. The client's own deadline is legacy's limit; the new service has the gateway's as well. Who still
 * sends messages is not hurried: the other side may be waiting for them.
 */
export function deadlineOf({ latest }: Call, at: number, limitMs: number, isModern: boolean, isRequestWhole: boolean): number {
	const own = isRequestWhole ? at + limitMs : Number.POSITIVE_INFINITY;
	return isModern ? Math.min(latest, own) : Number.isFinite(latest) ? latest : own;
}

/** The answer can no longer be that of a unary call, which is held back until it is whole: a second message, or one before its time. */
export function isPastUnary({ answerMessages }: Call, isRequestWhole: boolean): boolean {
	if (!isRequestWhole) return true;
	return answerMessages.count() > 1 || (answerMessages.count() === 1 && answerMessages.isOpen());
}

/** The same of an answer that has begun and stands still. */
export const isStream = ({ answerMessages }: Call, isRequestWhole: boolean): boolean => !isRequestWhole || answerMessages.count() > 0;

/** `grpc-status` among trailer lines, or null. */
export function statusIn(lines: Buffer): string | null {
	return /^grpc-status:[ \t]*(\d+)[ \t]*\r?$/im.exec(lines.toString("latin1"))?.[1] ?? null;
}

/** The code for what the gateway answers itself with this HTTP status. */
export function grpcStatusFor(status: number, isClientDeadline: boolean): number {
	if (status === 504) return isClientDeadline ? 4 : 14;
	if (status === 404) return 12;
	if (status === 408) return 4;
	if (status === 414 || status === 431) return 8;
	return status >= 500 && status !== 501 && status !== 505 ? 14 : status === 501 || status === 505 ? 12 : 13;
}

/** `grpc-message`: percent-encoded UTF-8, visible ASCII left as it is. */
export function grpcMessage(text: string): string {
	let encoded = "";
	for (const byte of Buffer.from(text, "utf8")) {
		const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
		encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
	}
	return encoded;
}
