import type { IncomingMessage } from "node:http";
import type { BodyTap } from "./body-tap.ts";
import type { RequestBody } from "./forward.ts";

export function hasBody(request: IncomingMessage): boolean {
	const length = request.headers["content-length"];
	return request.headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/**
 * Reads the body until it ends or passes `cap`. Above it the rest stays in the connection and the body is a stream,
 * which can be sent once only. null: the client left before the end.
 */
export function keepBody(request: IncomingMessage, tap: BodyTap, cap: number): Promise<RequestBody | null> {
	if (!hasBody(request)) {
		request.resume();
		return Promise.resolve({ kind: "none" });
	}
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const settle = (body: RequestBody | null) => {
			request.off("data", onData).off("end", onEnd).off("close", onCut).off("error", onCut);
			resolve(body);
		};
		const onData = (chunk: Buffer) => {
			chunks.push(chunk);
			tap.push(chunk);
			size += chunk.length;
			if (size <= cap) return;
			request.pause();
			settle({ kind: "stream", source: request, tap, head: Buffer.concat(chunks) });
		};
		const onEnd = () => settle({ kind: "whole", bytes: Buffer.concat(chunks) });
		const onCut = () => settle(null);
		request.on("data", onData).on("end", onEnd).on("close", onCut).on("error", onCut);
	});
}
