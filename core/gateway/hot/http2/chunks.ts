const crlf = Buffer.from("\r\n");
const last = Buffer.from("0\r\n");
const noTrailers = Buffer.from("0\r\n\r\n");

/** A piece of a body without a length, as HTTP/1.1 carries it. */
export const frameChunk = (piece: Buffer): Buffer =>
	piece.length === 0 ? piece : Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`, "latin1"), piece, crlf]);

/** Its end. `trailers`: lines with the empty line. */
export const lastChunk = (trailers: Buffer | null): Buffer => (trailers === null ? noTrailers : Buffer.concat([last, trailers]));
