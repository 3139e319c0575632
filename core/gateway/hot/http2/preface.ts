const preface = Buffer.from("PRI * HTTP/2.0\r\n");

/** The first bytes of a connection say HTTP/2 by prior knowledge (RFC 9113, 3.3). What follows is for the session to check. */
export const isPreface = (bytes: Buffer): boolean =>
	bytes.length >= preface.length && bytes.compare(preface, 0, preface.length, 0, preface.length) === 0;
