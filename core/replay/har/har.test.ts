import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { HeaderLines, Recorded } from "../recording/recorded.ts";
import { createFolder, recorded } from "../testing/recorded.ts";
import { harEntryOf } from "./export-har.ts";
import { importHar, recordsOfHar } from "./import-har.ts";

const harOf = (entries: object[], creator = "test") =>
	JSON.stringify({ log: { version: "1.2", creator: { name: creator, version: "1" }, entries } });
const entryOf = (request: object, response: object, rest: object = {}) => ({
	startedDateTime: "2026-11-23T10:00:00.123Z",
	time: 12.5,
	request: { method: "GET", url: "http://bank.example/", httpVersion: "HTTP/1.1", headers: [], cookies: [], queryString: [], ...request },
	response: { status: 200, statusText: "OK", headers: [], cookies: [], content: { size: 0, mimeType: "" }, ...response },
	cache: {},
	timings: { send: 0, wait: 12.5, receive: 0 },
	...rest,
});
const only = (entry: object): Recorded => {
	const { records, skipped } = recordsOfHar(harOf([entry]), "x.har");
	expect(skipped).toEqual({});
	return records[0] as Recorded;
};

test("[H1] out and in again: an exchange without a coding comes back as it was", () => {
	const value = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/);
	const name = fc.stringMatching(/^X-[A-Za-z0-9]{1,8}$/);
	const headers = fc.array(fc.tuple(name, value), { maxLength: 4 });
	const body = fc.oneof(
		fc.string({ unit: "grapheme" }).map((text) => Buffer.from(text)),
		fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
	);
	const target = fc.stringMatching(/^\/[A-Za-z0-9/._~%!$&'()*+,;=:@-]{0,30}(\?[A-Za-z0-9=&%+.-]{0,30})?$/);
	fc.assert(
		fc.property(
			target,
			headers,
			headers,
			body,
			body,
			fc.integer({ min: 200, max: 599 }),
			fc.nat(1_000_000),
			(path, asked, answered, sent, got, status, ms) => {
				fc.pre(status !== 204 && status !== 304);
				const isText = Buffer.from(sent.toString("utf8")).equals(sent);
				const record = recorded({
					target: path,
					method: isText && sent.length > 0 ? "POST" : "GET",
					headers: [["Host", "bank.example"], ["Content-Type", "text/plain"], ...(asked as HeaderLines)],
					body: isText ? sent : "",
					answer: got,
					answerHeaders: [["Content-Type", "text/plain"], ...(answered as HeaderLines)],
					status,
					startedAt: 1_790_000_000_000 + ms / 1_000,
					ms: 7.25,
				});
				const back = only(JSON.parse(JSON.stringify(harEntryOf(record))) as object);
				expect(back.startedAt).toBeCloseTo(record.startedAt, 2);
				expect(back.endedAt - back.startedAt).toBeCloseTo(7.25, 2);
				const { startedAt: _s, endedAt: _e, timings: _t, ...rest } = back;
				const { startedAt: _s2, endedAt: _e2, ...expected } = record;
				expect(rest).toEqual(expected);
			},
		),
	);
});

test("[H2] a browser's HTTP/2 entry: names with a colon are dropped, the decoded body has its own length", () => {
	const { request, response } = only(
		entryOf(
			{
				url: "https://bank.example/api/cards?id=7#top",
				httpVersion: "h2",
				headers: [
					{ name: ":authority", value: "bank.example" },
					{ name: ":method", value: "GET" },
					{ name: "accept", value: "*/*" },
					{ name: "cookie", value: "sid=1; lang=it" },
				],
			},
			{
				headers: [
					{ name: "content-encoding", value: "br" },
					{ name: "content-length", value: "11" },
					{ name: "set-cookie", value: "a=1\nb=2" },
				],
				content: { size: 9, mimeType: "application/json", text: Buffer.from('{"a":"é"}').toString("base64"), encoding: "base64" },
			},
		),
	);
	expect(request).toMatchObject({ scheme: "https", target: "/api/cards?id=7" });
	expect(request.headers).toEqual([
		["Host", "bank.example"],
		["accept", "*/*"],
		["cookie", "sid=1; lang=it"],
	]);
	expect(response.headers).toEqual([
		["content-length", "10"],
		["set-cookie", "a=1"],
		["set-cookie", "b=2"],
	]);
	expect(response.body.toString()).toBe('{"a":"é"}');
});

test("[H2] forms come as text or as parameters, cookies also without their line", () => {
	const asText = only(entryOf({ method: "POST", postData: { mimeType: "application/x-www-form-urlencoded", text: "a=1&b=x+y" } }, {}));
	expect(asText.request.body.toString()).toBe("a=1&b=x+y");
	const params = [
		{ name: "a", value: "1" },
		{ name: "b", value: "x y" },
		{ name: "c", value: "%C3%A8" },
	];
	const asParams = only(entryOf({ method: "POST", postData: { mimeType: "application/x-www-form-urlencoded", params } }, {}));
	expect(asParams.request.body.toString()).toBe("a=1&b=x+y&c=%C3%A8");
	expect(asParams.request.headers).toContainEqual(["Content-Type", "application/x-www-form-urlencoded"]);
	const upload = only(
		entryOf({ method: "POST", postData: { mimeType: "multipart/form-data; boundary=x", params: [{ name: "f", fileName: "a.pdf" }] } }, {}),
	);
	expect(upload.request.state).toBe("absent");
	const cookies = only(entryOf({ cookies: [{ name: "sid", value: "1" }] }, {}));
	expect(cookies.request.headers).toContainEqual(["Cookie", "sid=1"]);
});

test("[H2] a body that is not there is absent, not empty", () => {
	const answered = (content: object) => only(entryOf({}, { content })).response.state;
	expect(answered({ size: 1_000, mimeType: "text/html" })).toBe("absent");
	expect(answered({ size: 0, mimeType: "text/html" })).toBe("whole");
	expect(answered({ size: 3, mimeType: "text/html", text: "abc" })).toBe("whole");
	expect(only(entryOf({ method: "POST", headers: [{ name: "Content-Length", value: "12" }] }, {})).request.state).toBe("absent");
});

test("[H3] what is no exchange of HTTP is counted with its reason, and the rest is in the order of time", () => {
	const { records, skipped } = recordsOfHar(
		harOf([
			entryOf({ url: "data:text/plain,x" }, {}),
			entryOf({ url: "chrome-extension://abc/x.js" }, {}),
			entryOf({ url: "wss://bank.example/feed" }, { status: 101 }),
			entryOf({ url: "https://bank.example/feed" }, { status: 101 }),
			entryOf({}, {}, { startedDateTime: "yesterday" }),
			{ comment: "nothing else" },
			entryOf({ url: "http://bank.example/2" }, {}, { startedDateTime: "2026-11-23T10:00:02+01:00" }),
			entryOf(
				{ url: "http://bank.example/1" },
				{ status: 0, _error: "net::ERR_ABORTED" },
				{ startedDateTime: "2026-11-23T09:00:01.000250Z" },
			),
		]),
		"x.har",
	);
	expect(skipped).toEqual({ "not a URL of HTTP": 3, "a WebSocket": 1, "no time of its start": 1, "not an entry of HAR 1.2": 1 });
	expect(records.map(({ request }) => request.target)).toEqual(["/1", "/2"]);
	expect(records.find(({ request }) => request.target === "/1")).toMatchObject({
		error: "net::ERR_ABORTED",
		startedAt: Date.UTC(2026, 10, 23, 9, 0, 1) + 0.25,
	});
});

test.each([
	["mitmproxy", "mitmproxy.har"],
	["a browser driven by Playwright", "playwright-chromium.har"],
])("[H2] a file as %s wrote it", async (_, name) => {
	const { records, skipped } = await importHar(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)));
	expect(skipped).toEqual({});
	const seen = records.map(({ request, response }) => [
		request.method,
		request.target,
		response.status,
		response.state,
		response.body.toString("latin1").slice(0, 40),
	]);
	await expect(`${JSON.stringify(seen, null, "\t")}\n`).toMatchFileSnapshot(`./fixtures/${name}.expected.json`);
	const posted = records.find(({ request }) => request.method === "POST" && request.target === "/transfer");
	expect(posted?.request.body.toString()).toBe("from=1&to=2&amount=10.50&note=caff%C3%A8");
	const zipped = records.find(({ request }) => request.target === "/zipped");
	expect(zipped?.response.body.toString()).toBe("x".repeat(500));
	const picture = records.find(({ request }) => request.target === "/picture.png");
	expect(picture?.response.body.subarray(0, 4)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
});

test("what is no HAR is refused by name", async () => {
	const folder = createFolder();
	const file = folder.file("x.har");
	writeFileSync(file, "{}");
	await expect(importHar(file)).rejects.toMatchObject({ code: "INPUT_INVALID" });
	writeFileSync(file, "not json");
	await expect(importHar(file)).rejects.toMatchObject({ code: "INPUT_INVALID" });
	await expect(importHar(folder.file("none"))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	expect(readFileSync(file, "utf8")).toBe("not json");
	folder.end();
});
