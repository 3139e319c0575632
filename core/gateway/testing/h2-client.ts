import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";

export type StreamAnswer = {
	status: number;
	headers: IncomingHttpHeaders;
	raw: string[];
	body: Buffer;
	trailers: IncomingHttpHeaders;
	interim: number[];
	/** null: the stream ended as it should. */
	code: number | null;
};

/** One request on a stream of its own, whole answer. */
export function askStream(
	session: ClientHttp2Session,
	headers: OutgoingHttpHeaders,
	body: Buffer | string | null = null,
): Promise<StreamAnswer> {
	return readStream(session.request(headers, { endStream: body === null }), body);
}

export function readStream(stream: ClientHttp2Stream, body: Buffer | string | null = null): Promise<StreamAnswer> {
	return new Promise((resolve) => {
		const answer: StreamAnswer = { status: 0, headers: {}, raw: [], body: Buffer.alloc(0), trailers: {}, interim: [], code: null };
		const chunks: Buffer[] = [];
		stream.on("headers", (interim) => answer.interim.push(Number(interim[":status"])));
		stream.on("response", (headers, _flags, raw: string[]) =>
			Object.assign(answer, { headers, raw: raw.slice(2), status: headers[":status"] }),
		);
		stream.on("trailers", (trailers) => {
			answer.trailers = trailers;
		});
		stream.on("data", (chunk: Buffer) => chunks.push(chunk));
		stream.on("error", () => {});
		stream.on("close", () => resolve({ ...answer, body: Buffer.concat(chunks), code: stream.rstCode === 0 ? null : stream.rstCode }));
		if (body !== null) stream.end(body);
	});
}
