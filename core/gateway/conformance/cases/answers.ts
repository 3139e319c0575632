import { ADDED, answered, badAnswer, type Case, cut, get, onlyCrlf, type Theme } from "../case.ts";

const head = (lines: string, status = "200 OK") => `HTTP/1.1 ${status}\r\n${lines}\r\n`;
const length = (body: string) => `Content-Length: ${body.length}\r\n`;
const coding = "Transfer-Encoding: chunked\r\n";
const plain = head(length("ok"));
const plantedAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted";

/** To a GET; `client` is what it gets, by default the answer as it came. */
const fine = (name: string, rfc: string, answer: string, client = answer, more: Partial<Case> = {}): Case => ({
	name,
	rfc,
	send: get(),
	answer,
	expect: answered(get(), client),
	...more,
});
const bad = (name: string, rfc: string, answer: string, why?: string): Case => ({
	name,
	rfc,
	send: get(),
	answer,
	expect: badAnswer,
	...(why === undefined ? {} : { why }),
});
/** Malformed behind its head. */
const breaks = (name: string, rfc: string, answer: string, client: string, more: Partial<Case> = {}): Case => ({
	name,
	rfc,
	send: get(),
	answer,
	expect: cut(client),
	...more,
});
const ends = { answerEnds: true };
const twoReadings = "two readers could find two different ends";
const lenience = "`lenient` in the plan allows it for an upstream that is known for it";
const noStatusLine = "what does not begin as an answer cannot be trusted to end as one";
const clean = "a header that one reader sees and another does not";

export const answers: Theme = {
	title: "Answers",
	cases: [
		fine("a length", "9112 6.2", `${plain}ok`),
		fine("chunks", "9112 7.1", `${head(coding)}2\r\nok\r\n0\r\n\r\n`),
		fine("chunks with a trailer", "9112 7.1.2", `${head(`${coding}Trailer: X\r\n`)}2\r\nok\r\n0\r\nX: y\r\n\r\n`),
		fine("chunk extensions are left out", "9112 7.1.1", `${head(coding)}2;a=b\r\nok\r\n0;c\r\n\r\n`, `${head(coding)}2\r\nok\r\n0\r\n\r\n`),
		fine("up to the connection's end", "9112 6.3", `${head("")}ok`, `${head(coding)}2\r\nok\r\n0\r\n\r\n`, ends),
		fine("up to the end of an HTTP/1.0 connection", "9112 6.3", "HTTP/1.0 200 OK\r\n\r\nok", `${head(coding)}2\r\nok\r\n0\r\n\r\n`, ends),
		fine("HTTP/1.0 with a length", "9112 2.3", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", `${plain}ok`),
		fine("no body at all, up to the end", "9112 6.3", head(""), `${head(coding)}0\r\n\r\n`, ends),
		fine("204", "9110 15.3.5", head("X: y\r\n", "204 No Content")),
		fine(
			"204 with a length, which is left out",
			"9110 8.6",
			head("Content-Length: 5\r\nX: y\r\n", "204 No Content"),
			head("X: y\r\n", "204 No Content"),
		),
		fine(
			"204 with a body, which is no second answer",
			"9110 8.6",
			`${head(length(plantedAnswer), "204 No Content")}${plantedAnswer}`,
			head("", "204 No Content"),
		),
		fine("204 with a coding, which is left out", "9112 6.1", `${head(coding, "204 No Content")}0\r\n\r\n`, head("", "204 No Content")),
		fine("304 with a length", "9110 15.4.5", head("Content-Length: 500\r\n", "304 Not Modified")),
		fine("103, then the answer", "9110 15.2", `${head("Link: x\r\n", "103 Early Hints")}${plain}ok`),
		fine("100 that nobody waits for", "9110 15.2.1", `${head("", "100 Continue")}${plain}ok`, `${plain}ok`),
		fine(
			"lines in order, case and number",
			"9110 5.3",
			`${head(`sET-cookie: a\r\nX: 1\r\nSet-Cookie: b\r\n${length("ok")}x: \xe9\r\n`)}ok`,
		),
		fine(
			"lines for that hop only",
			"9110 7.6.1",
			`${head(`Keep-Alive: 5\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\n${length("ok")}`)}ok`,
			`${plain}ok`,
		),
		fine("no words behind the status", "9112 4", `HTTP/1.1 200 \r\n${length("ok")}\r\nok`),
		fine("no blank behind the status", "9112 4", `HTTP/1.1 200\r\n${length("ok")}\r\nok`, `HTTP/1.1 200 \r\n${length("ok")}\r\nok`),
		fine("words beyond ASCII", "9112 4", `HTTP/1.1 200 Tr\xe8s bien\r\n${length("ok")}\r\nok`),
		fine("a status that nobody knows", "9110 15", `${head(length("ok"), "599 Odd")}ok`),
		fine("a Location with an odd byte", "9110 5.5", `${head(`Location: /\xe9\r\n${length("ok")}`, "302 Found")}ok`),
		{
			name: "a second answer behind the first is for nobody",
			rfc: "9112 9.2",
			send: [get("", "/1"), get("", "/2")],
			answer: [`${plain}ok${plantedAnswer}`, `${plain}2!`],
			expect: {
				kind: "passed",
				upstream: [`GET /1 HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`, `GET /2 HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`],
				client: `${plain}ok${plain}2!`,
				closes: false,
			},
		},
		{
			name: "HEAD answered with a body is for nobody",
			rfc: "9110 9.3.2",
			send: ["HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n", get("", "/2")],
			answer: [`${head(length(plantedAnswer))}${plantedAnswer}`, `${plain}2!`],
			expect: {
				kind: "passed",
				upstream: [`HEAD /1 HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`, `GET /2 HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`],
				client: `${head(length(plantedAnswer))}${plain}2!`,
				closes: false,
			},
		},
		{
			name: "chunks for an HTTP/1.0 client",
			rfc: "9112 6.1",
			send: "GET /x HTTP/1.0\r\nHost: a\r\n\r\n",
			answer: `${head(coding)}2\r\nok\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n`,
			expect: {
				kind: "passed",
				upstream: [`GET /x HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`],
				client: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok!",
				closes: true,
			},
		},
		{
			name: "103 for an HTTP/1.0 client is left out",
			rfc: "9110 15.2",
			send: "GET /x HTTP/1.0\r\nHost: a\r\n\r\n",
			answer: `${head("", "103 Early Hints")}${plain}ok`,
			expect: {
				kind: "passed",
				upstream: [`GET /x HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`],
				client: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
				closes: true,
			},
		},
		bad("101 that nobody asked for", "9110 15.2.2", head("Connection: Upgrade\r\nUpgrade: x\r\n", "101 Switching Protocols")),
		bad("an interim answer with a body", "9110 15.2", `${head(length("ok"), "103 Early Hints")}ok${plain}ok`, twoReadings),
		bad("two different lengths", "9112 6.3", `${head("Content-Length: 2\r\nContent-Length: 3\r\n")}ok`),
		bad("two equal lengths", "9112 6.3", `${head("Content-Length: 2\r\nContent-Length: 2\r\n")}ok`, lenience),
		bad("a list of lengths", "9112 6.3", `${head("Content-Length: 2, 2\r\n")}ok`),
		bad("a length with a plus", "9112 6.3", `${head("Content-Length: +2\r\n")}ok`),
		bad("a negative length", "9112 6.3", `${head("Content-Length: -2\r\n")}ok`),
		bad("an empty length", "9112 6.3", `${head("Content-Length:\r\n")}ok`),
		bad("a length of 20 digits", "9112 6.3", `${head("Content-Length: 18446744073709551618\r\n")}ok`),
		bad("a length and a coding", "9112 6.3", `${head(`Content-Length: 2\r\n${coding}`)}2\r\nok\r\n0\r\n\r\n`, twoReadings),
		bad(
			"gzip, chunked",
			"9112 6.3",
			`${head("Transfer-Encoding: gzip, chunked\r\n")}2\r\nok\r\n0\r\n\r\n`,
			"of codings only plain `chunked` is understood by everyone",
		),
		bad("an unknown coding", "9112 6.3", `${head("Transfer-Encoding: x\r\n")}ok`),
		bad("chunked twice", "9112 6.3", `${head(coding + coding)}2\r\nok\r\n0\r\n\r\n`, twoReadings),
		bad(
			"a tab behind chunked",
			"9112 6.1",
			`${head("Transfer-Encoding: chunked\t\r\n")}2\r\nok\r\n0\r\n\r\n`,
			"node's client reads such an answer up to the connection's end",
		),
		bad("a coding in HTTP/1.0", "9112 6.1", `HTTP/1.0 200 OK\r\n${coding}\r\n2\r\nok\r\n0\r\n\r\n`, twoReadings),
		bad("a blank before a colon", "9112 5.1", `${head("Content-Length : 2\r\n")}ok`),
		bad("a folded line", "9112 5.2", `${head("X: a\r\n b\r\nContent-Length: 2\r\n")}ok`, "RFC 9112 allows 502"),
		bad("lines that end with LF", "9112 2.2", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", lenience),
		bad("a line that ends with CR", "9112 2.2", `${head("X: a\rSet-Cookie: b\r\nContent-Length: 2\r\n")}ok`, clean),
		bad("NUL in a value", "9110 5.5", `${head("X: a\0b\r\nContent-Length: 2\r\n")}ok`),
		bad("a control character in a value", "9110 5.5", `${head("X: a\x01b\r\nContent-Length: 2\r\n")}ok`, lenience),
		bad("a line without a colon", "9112 5", `${head("X\r\nContent-Length: 2\r\n")}ok`),
		bad("a name with a blank", "9112 5", `${head("X Y: 1\r\nContent-Length: 2\r\n")}ok`),
		bad("no status line (HTTP/0.9)", "9112 4", "<html>hello</html>"),
		bad("a status of two digits", "9112 4", `${head(length("ok"), "20 OK")}ok`),
		bad("a status of four digits", "9112 4", `${head(length("ok"), "2000 OK")}ok`, noStatusLine),
		bad("a status below 100", "9110 15", `${head(length("ok"), "099 OK")}ok`),
		bad("a status of letters", "9112 4", `${head(length("ok"), "abc OK")}ok`),
		bad("HTTP/2.0", "9112 4", `HTTP/2.0 200 OK\r\n${length("ok")}\r\nok`, noStatusLine),
		bad("a protocol in small letters", "9112 2.3", `http/1.1 200 OK\r\n${length("ok")}\r\nok`),
		bad("two blanks before the status", "9112 4", `HTTP/1.1  200 OK\r\n${length("ok")}\r\nok`, noStatusLine),
		bad("an empty line before the status line", "9112 4", `\r\n${plain}ok`),
		bad("a head of 80 KiB", "9110 5.4", `${head(`X: ${"x".repeat(80_000)}\r\n${length("ok")}`)}ok`),
		bad("250 lines", "9110 5.4", `${head(`${"X: y\r\n".repeat(250)}${length("ok")}`)}ok`, "a limit"),
		{ ...bad("a head that breaks off", "9112 8", "HTTP/1.1 200 OK\r\nContent-Le"), ...ends },
		{ ...bad("no answer at all", "9112 8", ""), ...ends },
		breaks("a body shorter than its length", "9112 8", `${head("Content-Length: 5\r\n")}ok`, `${head("Content-Length: 5\r\n")}ok`, ends),
		breaks("chunks that break off", "9112 8", `${head(coding)}2\r\nok\r\n`, `${head(coding)}2\r\nok\r\n`, ends),
		breaks("chunks without the last empty line", "9112 8", `${head(coding)}2\r\nok\r\n0\r\n`, `${head(coding)}2\r\nok\r\n0\r\n`, ends),
		breaks("a chunk's size that is no number", "9112 7.1", `${head(coding)}2\r\nok\r\nxyz\r\n`, head(coding)),
		breaks("a chunk longer than its size", "9112 7.1", `${head(coding)}1\r\nok\r\n0\r\n\r\n`, head(coding)),
		breaks("a chunk's size that ends with LF", "9112 7.1", `${head(coding)}2\nok\r\n0\r\n\r\n`, head(coding), {
			why: onlyCrlf,
		}),
		breaks("a malformed trailer", "9112 7.1.2", `${head(coding)}2\r\nok\r\n0\r\nX : y\r\n\r\n`, `${head(coding)}2\r\nok\r\n0\r\n`),
		breaks(
			"a length in the trailer",
			"9110 6.5.1",
			`${head(coding)}2\r\nok\r\n0\r\nContent-Length: 5\r\n\r\n`,
			`${head(coding)}2\r\nok\r\n0\r\n`,
			{ why: "what frames or routes has no place in a trailer" },
		),
	],
};
