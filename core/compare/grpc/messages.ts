/** One message of a gRPC call as it was on the wire. */
export type GrpcMessage = { isCompressed: boolean; bytes: Uint8Array };

/** `rest`: bytes behind the last whole message; 0 unless the body was cut. */
export type GrpcBody = { messages: GrpcMessage[]; rest: number };

const PREFIX = 5;

/** Splits the body of one direction: each message has one byte of flags and four of length (big endian) before it. */
export function splitMessages(body: Uint8Array): GrpcBody {
	const messages: GrpcMessage[] = [];
	const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
	let at = 0;
	while (body.length - at >= PREFIX) {
		const end = at + PREFIX + view.getUint32(at + 1);
		if (end > body.length) break;
		messages.push({ isCompressed: body[at] === 1, bytes: body.subarray(at + PREFIX, end) });
		at = end;
	}
	return { messages, rest: body.length - at };
}

/** `/bank.Ledger/Post`; null where the target of the request is none of a call. */
export function methodOf(target: string): { service: string; method: string } | null {
	const parts = /^\/([^/?]+)\/([^/?]+)$/.exec(target);
	return parts === null ? null : { service: parts[1] ?? "", method: parts[2] ?? "" };
}
