import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Recorded } from "../recording/recorded.ts";
import { createFolder, type Folder } from "../testing/recorded.ts";
import { importLog, type LogCounts } from "./import-log.ts";

let folder: Folder;
beforeEach(() => {
	folder = createFolder();
});
afterEach(() => folder.end());

async function read(lines: string[], format: string): Promise<{ records: Recorded[]; counts: LogCounts }> {
	const file = folder.file("access.log");
	writeFileSync(file, `${lines.join("\n")}\n`);
	const counts: LogCounts = { lines: 0, records: 0, skipped: {} };
	const records: Recorded[] = [];
	for await (const record of importLog(file, { format, host: "bank.example" }, counts)) records.push(record);
	return { records, counts };
}

const at = Date.UTC(2026, 10, 23, 9, 0, 0);
const stamp = "[23/Nov/2026:10:00:00 +0100]";

test("[L1] combined, of nginx as of Apache", async () => {
	const line = `127.0.0.1 - joe ${stamp} "GET /cards?id=7 HTTP/1.1" 200 512 "https://bank.example/" "curl/8 \\"odd\\""`;
	for (const format of ["combined", "apache-combined"]) {
		const { records, counts } = await read([line], format);
		expect(counts).toEqual({ lines: 1, records: 1, skipped: {} });
		expect(records[0]).toMatchObject({
			startedAt: at,
			request: { method: "GET", target: "/cards?id=7", state: "whole" },
			response: { status: 200, state: "absent" },
		});
		expect(records[0]?.request.headers).toEqual([
			["Host", "bank.example"],
			["Referer", "https://bank.example/"],
			["User-Agent", 'curl/8 "odd"'],
		]);
	}
});

test("[L1] common, and the virtual host's variant", async () => {
	expect((await read([`::1 - - ${stamp} "HEAD / HTTP/1.0" 304 -`], "common")).records[0]?.response).toMatchObject({
		status: 304,
		state: "whole",
	});
	const { records } = await read([`shop.example:443 ::1 - - ${stamp} "GET /a HTTP/1.1" 200 7 "-" "-"`], "apache-vhost");
	expect(records[0]?.request.headers).toEqual([["Host", "shop.example"]]);
});

test("[L1] a log_format of one's own: time of the end and duration give the start, to the millisecond", async () => {
	const format = '$msec $request_time $host "$request_method $scheme://$host$request_uri" $status "$http_x_session" [$request_body]';
	const { records } = await read(
		['1795420800.500 0.250 pay.example "POST https://pay.example/pay?x=1" 201 "s-1" [{\\x22amount\\x22:1}]'],
		format,
	);
	expect(records[0]).toMatchObject({
		startedAt: 1_795_420_800_250,
		endedAt: 1_795_420_800_500,
		request: { method: "POST", scheme: "https", target: "/pay?x=1" },
		response: { status: 201 },
	});
	expect(records[0]?.request.body.toString()).toBe('{"amount":1}');
	expect(records[0]?.request.headers).toContainEqual(["X-Session", "s-1"]);
});

test("[L1] a LogFormat of one's own: Apache's time is that of the start, its duration in microseconds", async () => {
	const { records } = await read([`${stamp} GET "/a" "?b=1" 200 1500`], '%t %m \\"%U\\" \\"%q\\" %>s %D');
	expect(records[0]).toMatchObject({ startedAt: at, endedAt: at + 1.5, request: { target: "/a?b=1" } });
});

test("[L2] JSON lines of nginx, Caddy, Traefik and ECS", async () => {
	const { records, counts } = await read(
		[
			'{"time_iso8601":"2026-11-23T10:00:00+01:00","request_method":"GET","request_uri":"/n","host":"n.example","status":"200","request_time":"0.000","http_user_agent":"x"}',
			'{"ts":1795424400.25,"request":{"method":"GET","host":"c.example","uri":"/c","headers":{"Accept":["*/*"]}},"status":200,"duration":0.25}',
			'{"StartUTC":"2026-11-23T09:00:00.5Z","RequestMethod":"GET","RequestPath":"/t","RequestHost":"t.example","DownstreamStatus":204,"Duration":1000000}',
			'{"@timestamp":"2026-11-23T09:00:00.125Z","http":{"request":{"method":"DELETE"},"response":{"status_code":404}},"url":{"original":"/e","domain":"e.example"},"event":{"duration":2000000}}',
			"not json",
		],
		"json",
	);
	expect(counts).toEqual({ lines: 5, records: 4, skipped: { "not of this format": 1 } });
	expect(
		records.map(({ startedAt, endedAt, request, response }) => [
			startedAt - at,
			endedAt - startedAt,
			request.method,
			request.target,
			request.headers[0]?.[1],
			response.status,
		]),
	).toEqual([
		[0, 0, "GET", "/n", "n.example", 200],
		[0, 250, "GET", "/c", "c.example", 200],
		[500, 1, "GET", "/t", "t.example", 204],
		[125, 2, "DELETE", "/e", "e.example", 404],
	]);
	expect(records[1]?.request.headers).toContainEqual(["Accept", "*/*"]);
});

test("[L3] what cannot be sent again is counted with its reason", async () => {
	const line = (request: string, status = 200) => `::1 - - ${stamp} "${request}" ${status} 1 "-" "-"`;
	const { counts, records } = await read(
		[
			line("GET / HTTP/1.1"),
			line("POST /pay HTTP/1.1"),
			line("PUT /pay HTTP/1.1"),
			line("CONNECT a:443 HTTP/1.1"),
			line("\\x16\\x03\\x01"),
			line("-", 400),
			line("GET a HTTP/1.1"),
			line("GET /a b HTTP/1.1"),
			line("GET http://other.example/x HTTP/1.1"),
			'::1 - - [no time] "GET / HTTP/1.1" 200 1 "-" "-"',
			"something else",
		],
		"combined",
	);
	expect(counts).toEqual({
		lines: 11,
		records: 2,
		skipped: {
			"a body that the log does not hold": 2,
			"a tunnel": 1,
			"no request line": 2,
			"no path": 1,
			"a path that cannot be sent": 1,
			"no time": 1,
			"not of this format": 1,
		},
	});
	expect(records[1]?.request).toMatchObject({ target: "/x", headers: [["Host", "other.example"]] });
});

test("[L4] requests of one second are spread over it, in their order", async () => {
	const lines = Array.from({ length: 4 }, (_, n) => `::1 - - ${stamp} "GET /${n} HTTP/1.1" 200 1`);
	const { records } = await read([...lines, `::1 - - [23/Nov/2026:10:00:01 +0100] "GET /4 HTTP/1.1" 200 1`], "common");
	expect(records.map(({ startedAt, request }) => [startedAt - at, request.target])).toEqual([
		[0, "/0"],
		[250, "/1"],
		[500, "/2"],
		[750, "/3"],
		[1_000, "/4"],
	]);
});

test("a format without a request is refused, a packed log is read, a missing one is said", async () => {
	await expect(read(["x"], "$remote_addr")).rejects.toMatchObject({ code: "INPUT_INVALID" });
	const counts: LogCounts = { lines: 0, records: 0, skipped: {} };
	writeFileSync(folder.file("a.log.gz"), gzipSync(`::1 - - ${stamp} "GET /z HTTP/1.1" 200 1\n`));
	for await (const { request } of importLog(folder.file("a.log.gz"), { format: "common", host: "h" }, counts))
		expect(request.target).toBe("/z");
	expect(counts.records).toBe(1);
	const missing = importLog(folder.file("none.log"), { format: "common", host: "h" }, counts);
	await expect(missing.next()).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
});

test("[L1] values side by side are read where that can be done, else the format is refused", async () => {
	const { records } = await read(
		["GET bank.example/a?b=1 1795424400.000", "GET bank.example 1795424400.000"],
		"$request_method $host$uri$is_args$args $msec",
	);
	expect(records.map(({ request }) => [request.target, request.headers[0]?.[1]])).toEqual([
		["/a?b=1", "bank.example"],
		["/", "bank.example"],
	]);
	expect((await read([`${stamp} GET /a?b=1`], "%t %m %U%q")).records[0]?.request.target).toBe("/a?b=1");
	await expect(read(["x"], "$request $status$body_bytes_sent")).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
