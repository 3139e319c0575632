import { ADDED, answered, get, isRefused, onward, passed, passedAndClosed, planted, post, refused, type Theme } from "../case.ts";

const old = (lines: string) => `GET /x HTTP/1.0\r\nHost: a\r\n${lines}\r\n`;
const x = `GET /x HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`;
const expecting = "Content-Length: 5\r\nExpect: 100-continue\r\n";
const fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

export const connection: Theme = {
	title: "Connections, pipelining, Expect, Upgrade",
	cases: [
		{
			name: "three requests at once",
			rfc: "9112 9.3.2",
			send: get("", "/1") + get("", "/2") + get("", "/3"),
			expect: passed(onward(get("", "/1")), onward(get("", "/2")), onward(get("", "/3"))),
		},
		{
			name: "a request in pieces that end anywhere",
			rfc: "9112 2.1",
			send: ["G", "ET /x HT", "TP/1.1\r", "\nHost", ":", " a\r\n\r", "\n"],
			expect: passed(x),
		},
		{
			name: "two requests, cut inside the second's head",
			rfc: "9112 9.3.2",
			send: [`${get("", "/1")}GET /2 HTTP/1`, ".1\r\nHost: a\r\n\r\n"],
			expect: passed(onward(get("", "/1")), onward(get("", "/2"))),
		},
		{
			name: "a good request, then a malformed one",
			rfc: "9112 9.3.2",
			send: get() + planted.replace("Host:", "Host :"),
			expect: { kind: "passed", upstream: [x], client: `HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nGET /x{refused 400}`, closes: true },
		},
		{ name: "Connection: close", rfc: "9112 9.6", send: get("Connection: close\r\n"), expect: passedAndClosed(x) },
		{ name: "close among other options", rfc: "9112 9.6", send: get("Connection: x, Close ,y\r\n"), expect: passedAndClosed(x) },
		{
			name: "close in a second line",
			rfc: "9112 9.6",
			send: get("Connection: keep-alive\r\nConnection: close\r\n"),
			expect: passedAndClosed(x),
		},
		{ name: "a request behind one that closes", rfc: "9112 9.6", send: get("Connection: close\r\n") + planted, expect: passedAndClosed(x) },
		{ name: "HTTP/1.0 closes", rfc: "9112 9.3", send: old("") + planted, expect: passedAndClosed(x) },
		{
			name: "HTTP/1.0 with keep-alive",
			rfc: "9112 C.2.2",
			send: old("Connection: Keep-Alive\r\n"),
			expect: {
				kind: "passed",
				upstream: [x],
				client: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: keep-alive\r\n\r\nGET /x",
				closes: false,
			},
		},
		{
			name: "a client that closes its sending half behind a request",
			rfc: "9112 9.6",
			send: get(),
			halfCloses: true,
			expect: passedAndClosed(x),
		},
		{
			name: "a client that closes its sending half behind two",
			rfc: "9112 9.6",
			send: get("", "/1") + get("", "/2"),
			halfCloses: true,
			// That the second is the last is only known when its head has gone on.
			expect: {
				kind: "passed",
				upstream: [onward(get("", "/1")), onward(get("", "/2"))],
				client: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nGET /1HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nGET /2",
				closes: true,
			},
		},
		{
			name: "a client that closes its sending half inside a head",
			rfc: "9112 8",
			send: "GET /x HTTP/1.1\r\nHost: a\r\n",
			halfCloses: true,
			expect: { kind: "left" },
		},
		{
			name: "100-continue, granted by the upstream",
			rfc: "9110 10.1.1",
			send: [post(expecting), "hello"],
			atHead: "HTTP/1.1 100 Continue\r\n\r\n",
			answer: fine,
			expect: {
				kind: "passed",
				upstream: [onward(post(expecting, "hello"))],
				client: `HTTP/1.1 100 Continue\r\n\r\n${fine}`,
				closes: false,
			},
		},
		{
			name: "100-continue, refused by the upstream",
			rfc: "9110 10.1.1",
			send: post(expecting),
			atHead: "HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno",
			expect: { kind: "passed", upstream: [], client: "HTTP/1.1 417 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", closes: true },
		},
		{
			name: "100-continue with the body at once",
			rfc: "9110 10.1.1",
			send: post(expecting, "hello"),
			answer: fine,
			expect: { kind: "passed", upstream: [onward(post(expecting, "hello"))], client: fine, closes: false },
		},
		{ name: "100-continue without a body", rfc: "9110 10.1.1", send: get("Expect: 100-continue\r\n"), expect: passed(x) },
		{
			name: "100-continue in HTTP/1.0",
			rfc: "9110 10.1.1",
			send: `POST /x HTTP/1.0\r\nHost: a\r\n${expecting}\r\nhello`,
			expect: passedAndClosed(`POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n${ADDED}\r\nhello`),
		},
		{
			name: "another expectation",
			rfc: "9110 10.1.1",
			send: get("Expect: 200-ok\r\n"),
			expect: refused(417),
			why: "what is expected cannot be met, and RFC 9110 has a status for it",
		},
		{
			name: "an answer before the end of the body",
			rfc: "9110 7.5",
			send: post("Content-Length: 50\r\n", "hello"),
			atHead: "HTTP/1.1 413 Too Long\r\nContent-Length: 2\r\n\r\nno",
			expect: {
				kind: "passed",
				upstream: [],
				client: "HTTP/1.1 413 Too Long\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
				closes: true,
			},
		},
		{
			name: "a planted request behind an early answer",
			rfc: "9110 7.5",
			send: [post("Content-Length: 100\r\n", "hello"), planted],
			atHead: "HTTP/1.1 413 Too Long\r\nContent-Length: 2\r\n\r\nno",
			expect: {
				kind: "passed",
				upstream: [],
				client: "HTTP/1.1 413 Too Long\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
				closes: true,
			},
		},
		{
			name: "the wish for HTTP/2 is left out",
			rfc: "9110 7.8",
			send: get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
			expect: passed(x),
		},
		{
			name: "the wish for WebSocket that `Connection` does not name is left out",
			rfc: "9110 7.8",
			send: get("Upgrade: websocket\r\n"),
			expect: passed(x),
		},
		{
			name: "the wish for WebSocket by POST is left out",
			rfc: "6455 4.1",
			send: post("Connection: Upgrade\r\nUpgrade: websocket\r\n"),
			expect: passed(onward(post(""))),
		},
		{
			name: "the wish for WebSocket with a body that holds a request",
			rfc: "9110 7.8",
			send: `${get(`Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${planted.length}\r\n`)}${planted}`,
			expect: passed(`GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: ${planted.length}\r\n${ADDED}\r\n${planted}`),
		},
		{
			name: "WebSocket that the upstream refuses, with a request behind it",
			rfc: "6455 4.1",
			send:
				get("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n") +
				planted,
			answer: "HTTP/1.1 426 No\r\nContent-Length: 2\r\n\r\nno",
			expect: {
				kind: "passed",
				upstream: [
					"GET /x HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
				],
				client: "HTTP/1.1 426 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
				closes: true,
			},
		},
		isRefused("an expectation and a folded line", "9112 5.2", post("Expect: 100-continue\r\n x\r\nContent-Length: 5\r\n", "hello")),
		{
			name: "HEAD",
			rfc: "9110 9.3.2",
			send: "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n",
			answer: "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
			expect: answered("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
		},
	],
};
