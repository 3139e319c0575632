/** One specimen of HTTP/1.1, from a client or (where `answer` is given) from an upstream. All text is latin1: a character is a byte. */
export type Case = {
	name: string;
	/** Number and section, as `9112 6.1`. */
	rfc: string;
	/** What the client sends; several pieces come 25 ms apart. */
	send: string | readonly string[];
	/** The client closes its sending half behind it. */
	halfCloses?: boolean;
	/** What the upstream answers, one request after the other; a plain `200` that repeats method and target where nothing is given. */
	answer?: string | readonly string[];
	/** Sent by the upstream as soon as it has the head. */
	atHead?: string;
	/** The upstream closes the connection behind its answer. */
	answerEnds?: boolean;
	expect: Expectation;
	/** Why the gateway judges otherwise than both peers; must be given then. */
	why?: string;
};

export type Expectation =
	/** `upstream`: what reaches it, byte for byte, with ADDED where the gateway puts its lines. `client`: what it gets; by default the plain answers. */
	| { kind: "passed"; upstream: readonly string[]; client: string | null; closes: boolean }
	/** No byte reaches an upstream; the client is told why and its connection ends. */
	| { kind: "refused"; status: number }
	/** The body turns out malformed: the upstream never gets a whole request, the client is told, its connection ends. */
	| { kind: "broken"; status: number }
	/** The client left in the middle of its request: the upstream never gets a whole one. */
	| { kind: "left" }
	/** The answer is malformed; the client gets 502. */
	| { kind: "badAnswer" }
	/**
	 * The answer turns out malformed behind its head, so the client must never take it for whole: 502 where nothing had been passed on yet,
	 * else the client's connection is reset. `client`: what it may have seen by then.
	 */
	| { kind: "cut"; client: string };

export type Theme = { title: string; cases: readonly Case[] };

/** The lines that the gateway adds to every request. */
export const ADDED = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n";

/** A request of its own that an attacker would like to see carried out. */
export const planted = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
export const plantedSize = planted.length;

/** `lines` with their ends. */
export const get = (lines = "", target = "/x") => `GET ${target} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
export const post = (lines: string, body = "") => `POST /x HTTP/1.1\r\nHost: a\r\n${lines}\r\n${body}`;
export const chunked = (body: string) => post("Transfer-Encoding: chunked\r\n", body);

/** Why no line may end otherwise, in heads, chunks and trailers, of requests and answers. */
export const onlyCrlf = "a line ends with CR LF and nothing else: where servers disagree on it, requests are smuggled";

/** The same request as the upstream gets it: one head, ADDED at its end. */
export const onward = (request: string) => request.replace("\r\n\r\n", `\r\n${ADDED}\r\n`);

export const passed = (...upstream: string[]): Expectation => ({ kind: "passed", upstream, client: null, closes: false });
export const passedAndClosed = (...upstream: string[]): Expectation => ({ kind: "passed", upstream, client: null, closes: true });
export const answered = (request: string, client: string, closes = false): Expectation => ({
	kind: "passed",
	upstream: [onward(request)],
	client,
	closes,
});
export const refused = (status = 400): Expectation => ({ kind: "refused", status });
export const broken = (status = 400): Expectation => ({ kind: "broken", status });
export const badAnswer: Expectation = { kind: "badAnswer" };
export const cut = (client: string): Expectation => ({ kind: "cut", client });

/** A request that goes on as it came. */
export const asItIs = (name: string, rfc: string, request: string, why?: string): Case => ({
	name,
	rfc,
	send: request,
	expect: passed(onward(request)),
	...(why === undefined ? {} : { why }),
});

export const isRefused = (name: string, rfc: string, send: string, status = 400, why?: string): Case => ({
	name,
	rfc,
	send,
	expect: refused(status),
	...(why === undefined ? {} : { why }),
});

export const isBroken = (name: string, rfc: string, body: string, why?: string, status = 400): Case => ({
	name,
	rfc,
	send: chunked(body),
	expect: broken(status),
	...(why === undefined ? {} : { why }),
});
