import { ADDED, asItIs, isRefused, passed, passedAndClosed, type Theme } from "../case.ts";

const hosted = (lines: string) => `GET /x HTTP/1.1\r\n${lines}\r\n`;

export const host: Theme = {
	title: "Host",
	cases: [
		asItIs("a name with a port", "9110 7.2", hosted("Host: bank.example:8080\r\n")),
		asItIs("an IPv6 address", "9110 7.2", hosted("Host: [::1]:80\r\n")),
		asItIs("an empty Host", "9110 7.2", hosted("Host:\r\n")),
		asItIs("Host as the last line", "9112 3.2", hosted("X: 1\r\nHost: a\r\n")),
		isRefused("no Host", "9112 3.2", hosted("")),
		isRefused("two different Hosts", "9112 3.2", hosted("Host: a\r\nHost: b\r\n")),
		isRefused("two equal Hosts", "9112 3.2", hosted("Host: a\r\nhost: a\r\n")),
		isRefused("a blank inside", "9112 3.2", hosted("Host: a b\r\n"), 400),
		isRefused("a list", "9112 3.2", hosted("Host: a, b\r\n"), 400),
		isRefused("a path", "9112 3.2", hosted("Host: a/b\r\n")),
		isRefused("a user", "9112 3.2", hosted("Host: u@a\r\n"), 400, "the name before the @ has served to deceive"),
		isRefused("a scheme", "9112 3.2", hosted("Host: http://a\r\n"), 400),
		isRefused("bytes beyond ASCII", "9112 3.2", hosted("Host: \xe9\r\n"), 400, "host names are ASCII"),
		isRefused("quotes", "9112 3.2", hosted('Host: "a"\r\n'), 400, "no host name holds one"),
		{
			name: "no Host in HTTP/1.0",
			rfc: "9112 3.2",
			send: "GET /x HTTP/1.0\r\n\r\n",
			expect: passedAndClosed(`GET /x HTTP/1.0\r\n${ADDED}Connection: close\r\n\r\n`),
		},
		{
			name: "HTTP/1.0 with Host",
			rfc: "9112 2.3",
			send: "GET /x HTTP/1.0\r\nHost: a\r\n\r\n",
			expect: passedAndClosed(`GET /x HTTP/1.1\r\nHost: a\r\n${ADDED}\r\n`),
		},
		isRefused("two Hosts in HTTP/1.0", "9112 3.2", "GET /x HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
		{
			name: "Host with blanks around",
			rfc: "9112 5.1",
			send: hosted("Host: \t a \r\n"),
			expect: passed(`GET /x HTTP/1.1\r\nHost: \t a \r\n${ADDED}\r\n`),
		},
	],
};
