import fc from "fast-check";

// Whole streams of requests or answers as text (latin1), mostly right and here and there wrong in the ways that attackers and old systems
// are: what comes out of here is then mutated byte by byte.

type Text = fc.Arbitrary<string>;

const oneOf = (...values: string[]): Text => fc.constantFrom(...values);
/** Nearly always the first. */
const mostly = (usual: Text, odd: Text, weight = 12): Text => fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

const method = mostly(
	oneOf("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"),
	oneOf("get", "FOO", "G(T", "CONNECT", "PRI", "", "M-SEARCH", "SOURCE"),
	20,
);
const target = mostly(
	oneOf("/", "/a", "/a/b?c=d", "//x/../y%2f", "*", "http://a/b", "http://a"),
	oneOf(
		"a",
		"",
		"/a b",
		"/#x",
		"/\x7f",
		"/\xe9",
		"/\0",
		"https://a:443/",
		"http://b/",
		"http://",
		"http://u@a/",
		"/\t",
		'/"<>\\^`{|}',
		"HTTP://A/x",
		"a:443",
	),
);
const version = mostly(
	oneOf("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"),
	oneOf("HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", "Http/1.1", "HTTP/11", "HTTP/1.10", "HTTP /1.1", "ICE/1.0", ""),
	30,
);
const lineEnd = mostly(fc.constant("\r\n"), oneOf("\n", "\r", "\r\r\n", "\n\r", ""), 200);
const hostLine = mostly(
	oneOf("Host: a", "Host: a", "host:a", "HOST: a:80"),
	oneOf("", "Host: a b", "Host: a/b", "Host: u@a", "Host:", "Host : a", "Host: a,b", "Host: [::1]:80", "Host: a\r\nHost: a", "Host: \xe9"),
);

const odd = oneOf(
	"Content-Length: +3",
	"Content-Length: -0",
	"Content-Length: 0x3",
	"Content-Length: 3, 3",
	"Content-Length: 3 3",
	"Content-Length:",
	"Content-Length: 03",
	"Content-Length: 3\r\nContent-Length: 3",
	"Content-Length: 3\r\nContent-Length: 4",
	"Content-Length : 3",
	"Content-Length: 9999999999999999999",
	"Content-Length:\t3",
	"Content-Length: 3\t",
	"Content-Length: 3 ",
	"Content_Length: 3",
	"Content-Length\0: 3",
	"Transfer-Encoding: chunked",
	"Transfer-Encoding: chunked ",
	"Transfer-Encoding:\tchunked",
	"Transfer-Encoding: chunked\t",
	"Transfer-Encoding: xchunked",
	"Transfer-Encoding: identity",
	"Transfer-Encoding: gzip, chunked",
	"Transfer-Encoding: chunked, gzip",
	"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
	"Transfer-Encoding: chunked, chunked",
	'Transfer-Encoding: "chunked"',
	"Transfer-Encoding:\r\n chunked",
	"Transfer-Encoding : chunked",
	"Transfer-Encoding: \x0bchunked",
	"Transfer-Encoding: CHUNKED",
	"Transfer_Encoding: chunked",
	"X: a\rTransfer-Encoding: chunked",
	"X: a\nTransfer-Encoding: chunked",
	" Transfer-Encoding: chunked",
	"Transfer-Encoding: chunked;a=b",
	"Transfer-Encoding: ,chunked",
	"Transfer-Encoding:",
	"Transfer-Encoding: chunke",
	"X: a\r\n b",
	"X: a\r\n\tb",
	":",
	": a",
	"X",
	"X\xe9: a",
	"X: \0",
	"X: \x7f",
	"X: \x01",
	"(: a",
);
const connection = oneOf(
	"Connection: close",
	"Connection: keep-alive",
	"Connection: keep-alive, close",
	"connection:  Close ",
	"Connection: X-A, close",
	"Connection: upgrade",
	"Connection: ,",
	"Connection: Upgrade\r\nUpgrade: websocket",
	"Upgrade: h2c",
	"Keep-Alive: 5",
	"TE: trailers",
	"Proxy-Connection: close",
	"Connection: close\r\nConnection: keep-alive",
	"Connection: Content-Length, Host",
	"Connection: closed",
	"Connection:",
	"Connection: Transfer-Encoding",
	"Connection: x-forwarded-for",
);
const plain = oneOf(
	"X-A: 1",
	"x-b:  two words  ",
	"X-C:",
	"Cookie: a=1; b=\xe9",
	"X-Forwarded-For: 10.0.0.1",
	"X-Forwarded-For:",
	"X-Forwarded-Proto: https",
	"Accept: */*",
	"Trailer: X-T",
	"X-D: \t x \t",
	"Expect: 100-continue",
	"Expect: more",
	"Content-Type: text/plain",
	"Content-Length-X: 5",
	"!#$%&'*+-.^_`|~: 1",
	"Idempotency-Key: k",
	"Set-Cookie: a",
	"Set-Cookie: b",
);
const lines = fc.array(fc.oneof({ weight: 12, arbitrary: plain }, { weight: 4, arbitrary: connection }, { weight: 1, arbitrary: odd }), {
	maxLength: 5,
});

const size = mostly(
	oneOf("1", "3", "a", "0A", "10"),
	oneOf("", "g", "-1", "+1", "0x1", " 1", "1 ", "1\t", "FFFFFFFFFFFFFFFFF", "000000000001", "0000000000001", "1;", "1_0"),
	25,
);
const extension = mostly(
	fc.constant(""),
	oneOf(";", ";a", ";a=b", ';a="b"', " ;a=b", ";a\nb", ";a\rb", ";\0", ";\xff", "; a = b", `;${"x".repeat(40)}`),
	8,
);
const data = oneOf("", "x", "abc", "y".repeat(300), "0\r\n\r\n", "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
const chunk = fc
	.tuple(mostly(fc.constant(""), size, 6), extension, data, lineEnd, lineEnd)
	.map(([told, extra, content, first, last]) =>
		content === "" ? "" : `${told === "" ? content.length.toString(16) : told}${extra}${first}${content}${last}`,
	);
const trailers = mostly(
	fc.constant(""),
	fc.oneof(plain, odd, connection).map((line) => `${line}\r\n`),
	4,
);
const chunks = fc
	.tuple(fc.array(chunk, { maxLength: 4 }), mostly(oneOf("0", "00"), fc.constant("")), extension, trailers, lineEnd)
	.map(([all, last, extra, fields, end]) => `${all.join("")}${last}${extra}\r\n${fields}${end}`);

/** Framing lines and what they frame. */
const body = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(["", ""] as const) },
	{ weight: 3, arbitrary: data.map((content) => [`Content-Length: ${content.length}`, content] as const) },
	{
		weight: 3,
		arbitrary: fc.tuple(oneOf("Transfer-Encoding: chunked", "transfer-encoding:chunked", "Transfer-Encoding: Chunked"), chunks),
	},
	{ weight: 1, arbitrary: fc.tuple(odd, fc.oneof(chunks, data)) },
);

function message(first: Text): Text {
	return fc
		.tuple(first, lineEnd, hostLine, lines, body, lineEnd, fc.nat(6))
		.map(([start, end, host, others, [framing, content], last, place]) => {
			const all = [host, ...others].filter((line) => line !== "");
			if (framing !== "") all.splice(place, 0, framing);
			return `${start}${end}${all.map((line) => `${line}\r\n`).join("")}${last}${content}`;
		});
}

const requestLine = fc
	.tuple(method, target, version, mostly(fc.constant(" "), oneOf("  ", "\t", ""), 60))
	.map(([verb, where, protocol, gap]) => `${verb} ${where}${gap}${protocol}`);
const status = mostly(
	oneOf("200", "200", "404", "500", "204", "304", "301"),
	oneOf("100", "103", "101", "199", "099", "20", "2000", "+20", "999"),
	6,
);
const reason = mostly(oneOf(" OK", " ", "", " Not \xe9 Found"), oneOf("  ", "\t", " \0", " a\x7f", " \x01"), 20);
const statusLine = fc.tuple(version, status, reason).map(([protocol, code, words]) => `${protocol} ${code}${words}`);

const before = mostly(fc.constant(""), oneOf("\r\n", "\r\n\r\n", "\n", "\r", " "), 20);

/** One to three requests, one behind the other. */
export const requestStreams: Text = fc
	.tuple(before, fc.array(message(requestLine), { minLength: 1, maxLength: 3 }))
	.map(([empty, all]) => empty + all.join(""));

/** An answer, at times with interim ones before it or something behind it. */
export const answerStreams: Text = fc.array(message(statusLine), { minLength: 1, maxLength: 2 }).map((all) => all.join(""));
