import { createHmac as nodeHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeExchange } from "../recording/codec.ts";
import { encodeFrame } from "../recording/frames.ts";
import { recorded } from "../testing/recorded.ts";
import { createMasker } from "./create-masker.ts";
import { walkForm } from "./fields/form.ts";
import { walkJson } from "./fields/json.ts";
import { walkXml } from "./fields/xml.ts";
import { createHmac } from "./hmac.ts";
import { card, luhnDigit } from "./kinds/card.ts";
import { email } from "./kinds/email.ts";
import { checkDigits, iban } from "./kinds/iban.ts";
import { phone } from "./kinds/phone.ts";
import { createPermute } from "./permute.ts";
import { defaultRules } from "./rules.ts";
import { maskValue } from "./value-mask.ts";

const key = Buffer.alloc(32, 7);
const permute = createPermute(key);

const digits = (from: number, to: number) => fc.array(fc.nat(9), { minLength: from, maxLength: to }).map((all) => all.join(""));
const upper = (length: number) =>
	fc.array(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), { minLength: length, maxLength: length }).map((all) => all.join(""));

const cardNumber = fc
	.oneof(
		digits(13, 13).map((rest) => `4${rest.slice(0, 11)}`),
		digits(14, 14).map((rest) => `4${rest}`),
		digits(12, 12).map((rest) => `37${rest}`),
		digits(13, 13).map((rest) => `55${rest}`),
		digits(12, 12).map((rest) => `221${rest}`.replace("221", "2300").slice(0, 15)),
	)
	.map((front) => front + luhnDigit(front));
const account = fc
	.constantFrom(["IT", 27], ["DE", 22], ["FR", 27], ["NO", 15], ["MT", 31], ["GB", 22] as const)
	.chain(([country, length]) => upper(Number(length) - 4).map((rest) => `${country}${checkDigits(`${country}00${rest}`)}${rest}`));
const address = fc
	.tuple(
		fc.stringMatching(/^[a-z][a-z0-9.+_-]{5,20}[a-z0-9]$/),
		fc.stringMatching(/^[a-z][a-z0-9-]{5,12}[a-z]$/),
		fc.constantFrom("com", "it", "info", "example"),
	)
	.map(([user, host, last]) => `${user}@${host}.${last}`);
const international = digits(9, 12).map((rest) => `+39${rest}`);
const shapeOf = (text: string) => text.replace(/[0-9]/g, "9").replace(/[a-z]/g, "a").replace(/[A-Z]/g, "A");

describe("a masked value", () => {
	it("is made by the HMAC of RFC 2104", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ unit: "binary", maxLength: 2_000 }), (bytes, message) => {
				const expected = nodeHmac("sha256", Buffer.from(bytes)).update(message).digest("hex");
				expect(createHmac(Buffer.from(bytes))(message).toString("hex")).toBe(expected);
			}),
		);
	});

	it("[M1] keeps length, case, digits and punctuation, and is the same every time", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
				const masked = maskValue(text, permute);
				expect(masked).toBe(maskValue(text, createPermute(key)));
				expect(shapeOf(masked)).toHaveLength(shapeOf(text).length);
				expect(Buffer.byteLength(masked)).toBe(Buffer.byteLength(text));
				if (/^[\x20-\x7e]*$/.test(text)) expect(shapeOf(masked)).toBe(shapeOf(text));
			}),
		);
	});

	it("[M1] is another one for another value: all four-digit numbers stay apart", () => {
		const masks = new Set(Array.from({ length: 10_000 }, (_, at) => maskValue(String(at).padStart(4, "0"), permute)));
		expect(masks.size).toBe(10_000);
	});

	it("[M1] is another one under another key", () => {
		const other = createPermute(Buffer.alloc(32, 8));
		expect(maskValue("correct horse battery", permute)).not.toBe(maskValue("correct horse battery", other));
	});

	it("[M1] stays a number of JSON when it was one", () => {
		fc.assert(
			fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), (number) => {
				const masked = maskValue(JSON.stringify(number), permute, "value", true);
				expect(masked).toHaveLength(JSON.stringify(number).length);
				expect(() => JSON.parse(masked)).not.toThrow();
			}),
		);
	});

	it("[M2] a card stays a card of its brand, whichever way it is written, and one card stays one card", () => {
		fc.assert(
			fc.property(cardNumber, (number) => {
				const masked = card.maskWhole(number, permute) ?? "";
				expect(masked).toMatch(/^\d+$/);
				expect(masked).toHaveLength(number.length);
				expect(masked.slice(0, 2)).toBe(number.slice(0, 2));
				expect(luhnDigit(masked.slice(0, -1))).toBe(Number(masked.at(-1)));
				const grouped = number.replace(/(\d{4})(?=\d)/g, "$1 ");
				expect(card.maskWhole(grouped, permute)).toBe(masked.replace(/(\d{4})(?=\d)/g, "$1 "));
			}),
		);
	});

	it("[M2] an IBAN stays one of its country with right check digits, in either case and in groups", () => {
		fc.assert(
			fc.property(account, (number) => {
				const masked = iban.maskWhole(number, permute) ?? "";
				expect(masked).toHaveLength(number.length);
				expect(masked.slice(0, 2)).toBe(number.slice(0, 2));
				expect(checkDigits(masked)).toBe(masked.slice(2, 4));
				expect(iban.maskWhole(number.toLowerCase(), permute)).toBe(masked.toLowerCase());
				const grouped = number.replace(/(.{4})(?=.)/g, "$1 ");
				expect(iban.maskWhole(grouped, permute)).toBe(masked.replace(/(.{4})(?=.)/g, "$1 "));
			}),
		);
	});

	it("[M2] an address of mail stays one, of a domain that nobody can own", () => {
		fc.assert(
			fc.property(address, (text) => {
				const masked = email.maskWhole(text, permute) ?? "";
				expect(masked).toHaveLength(text.length);
				expect(masked).toMatch(/@[a-z0-9-]+\.(?:qqq|zz|test|invalid)$/);
			}),
		);
	});

	it("[M2] a telephone number stays one number in all its spellings", () => {
		const masked = phone.find("+390612345678", permute)[0]?.masked ?? "";
		expect(masked).toMatch(/^\+[1-9]\d{11}$/);
		expect(phone.find("+39 06 1234 5678", permute)[0]?.masked.replaceAll(" ", "")).toBe(masked);
	});

	it("numbers that only look like something are left alone", () => {
		const masker = createMasker(key, defaultRules);
		for (const text of [
			"1700000000123",
			"4111111111111112",
			"IT60X0542811101000000123457",
			"2026-11-23 10:00:00",
			"a@b",
			"12345678901234567890123",
		])
			expect(masker.mask(recorded({ answer: text })).response.body.toString()).toBe(text);
	});
});

/** Every place of an exchange in which a value can stand, written as that place asks. */
const places: Record<string, (value: string) => Parameters<typeof recorded>[0]> = {
	"path of the target": (value) => ({ target: `/customers/${encodeURIComponent(value)}/cards` }),
	"query of the target": (value) => ({ target: `/find?q=${encodeURIComponent(value)}&page=2` }),
	"header line": (value) => ({ headers: [["X-Customer", `id ${value};`]] }),
	"JSON body": (value) => ({ headers: [["Content-Type", "application/json"]], body: JSON.stringify({ a: [{ b: value, n: 1.5 }] }) }),
	"JSON body, every character escaped": (value) => ({
		headers: [["Content-Type", "application/json"]],
		body: `{"a":"${[...value].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"}`,
	}),
	"name in a JSON body": (value) => ({ body: JSON.stringify({ [value]: 1 }) }),
	"XML body": (value) => ({
		answerHeaders: [["Content-Type", "text/xml"]],
		answer: `<?xml version="1.0"?><a><b id="${value}">x ${value}</b></a>`,
	}),
	"CDATA and comment": (value) => ({
		answerHeaders: [["Content-Type", "text/xml"]],
		answer: `<a><!-- ${value} --><![CDATA[<c>${value}</c>]]></a>`,
	}),
	"form body": (value) => ({
		headers: [["Content-Type", "application/x-www-form-urlencoded"]],
		body: new URLSearchParams({ q: value, r: "1 2" }).toString(),
	}),
	"JSON in a form": (value) => ({
		headers: [["Content-Type", "application/x-www-form-urlencoded"]],
		body: new URLSearchParams({ payload: JSON.stringify({ x: value }) }).toString(),
	}),
	"part of a multipart body": (value) => ({
		headers: [["Content-Type", 'multipart/form-data; boundary="xx"']],
		body: `--xx\r\nContent-Disposition: form-data; name="q"\r\n\r\n${value}\r\n--xx--\r\n`,
	}),
	"plain text": (value) => ({ answer: `see ${value}, please` }),
	page: (value) => ({ answerHeaders: [["Content-Type", "text/html"]], answer: `<!doctype html><p>${value}<br>` }),
	"broken JSON": (value) => ({ headers: [["Content-Type", "application/json"]], body: `{"a":1,"b":"${value}` }),
};

/** All that a file would hold of it, read in every way that a finder might. */
function written(shape: Parameters<typeof recorded>[0]): string {
	const masked = createMasker(key, defaultRules).mask(recorded(shape));
	const bytes = encodeFrame("exchange", encodeExchange(masked)).toString("latin1");
	const flat = [...bytes.matchAll(/\\u([0-9a-f]{4})/g)].map(([, hex]) => String.fromCharCode(Number.parseInt(hex as string, 16))).join("");
	return `${bytes}\n${unescape(bytes)}\n${flat}`;
}

describe.each(Object.entries(places))("in the %s", (_, place) => {
	it.each([
		["card", cardNumber],
		["IBAN", account],
		["address of mail", address],
		["telephone number", international],
	] as const)("[M3] no %s reaches the file", (_name, arbitrary) => {
		fc.assert(
			fc.property(arbitrary, (value) => {
				expect(written(place(value)).toLowerCase()).not.toContain(value.toLowerCase());
			}),
			{ numRuns: 60 },
		);
	});
});

describe("what a rule names", () => {
	const secret = fc.stringMatching(/^[A-Za-z0-9!#()*,:~-]{8,20}$/).filter((text) => /[A-Za-z0-9]{6}/.test(text));
	const named: Record<string, (value: string) => Parameters<typeof recorded>[0]> = {
		"JSON field": (value) => ({ body: JSON.stringify({ user: "x", password: value }) }),
		"JSON field within another": (value) => ({ body: JSON.stringify({ Access_Token: { value: [value] } }) }),
		element: (value) => ({ answer: `<e:Envelope xmlns:e="urn:e"><e:Password>${value.replaceAll("&", "&amp;")}</e:Password></e:Envelope>` }),
		attribute: (value) => ({ answer: `<login pin="${value}"/>`, answerHeaders: [["Content-Type", "application/xml"]] }).valueOf(),
		parameter: (value) => ({ target: `/login?token=${encodeURIComponent(value)}` }),
		"path parameter": (value) => ({ target: `/login;jsessionid=${encodeURIComponent(value)}?x=1` }),
		"bearer token": (value) => ({ headers: [["Authorization", `Bearer ${value}`]] }),
		"header line of the system's own": (value) => ({ headers: [["X-Session-Id", value]] }),
		"Basic credentials": (value) => ({ headers: [["Authorization", `Basic ${Buffer.from(`joe:${value}`).toString("base64")}`]] }),
		cookie: (value) => ({ headers: [["Cookie", `a=1; sid=${value}`]] }),
		"cookie that is set": (value) => ({ answerHeaders: [["Set-Cookie", `sid=${value}; Path=/; HttpOnly`]] }),
		"cookie that also stands in the body": (value) => ({ headers: [["Cookie", `sid=${value}`]], answer: `your session is ${value}` }),
		"field that also stands in the target": (value) => ({ target: `/x/${value}`, body: JSON.stringify({ secret: value }) }),
	};
	const rules = { ...defaultRules, fields: [...defaultRules.fields, "@pin"] };

	it.each(Object.entries(named))("[M3] is in no file: %s", (_, place) => {
		fc.assert(
			fc.property(secret, (value) => {
				const masked = createMasker(key, rules).mask(recorded(place(value)));
				const bytes = Buffer.concat(encodeExchange(masked)).toString("latin1");
				expect(bytes).not.toContain(value);
				expect(unescape(bytes)).not.toContain(value);
				expect(bytes).not.toContain(Buffer.from(`joe:${value}`).toString("base64"));
			}),
		);
	});

	it("[M4] a session stays one session from the cookie that is set to the one that is sent", () => {
		const masker = createMasker(key, defaultRules);
		const set = masker.mask(recorded({ answerHeaders: [["Set-Cookie", "sid=abc123def; Path=/"]] })).response.headers[0]?.[1];
		const sent = masker.mask(recorded({ headers: [["Cookie", "lang=it; sid=abc123def"]] })).request.headers[0]?.[1];
		expect(set?.split(";")[0]).toBe(sent?.split("; ")[1]);
		expect(set).toMatch(/^sid=[a-z]{3}\d{3}[a-z]{3}; Path=\/$/);
	});

	it("[M5] a compressed body is opened, masked and compressed again, with its new length", async () => {
		const { gzipSync, gunzipSync } = await import("node:zlib");
		const body = gzipSync(JSON.stringify({ password: "hunter2-hunter2", n: 1 }));
		const headers: [string, string][] = [
			["Content-Type", "application/json"],
			["Content-Encoding", "gzip"],
			["Content-Length", String(body.length)],
		];
		const { request } = createMasker(key, defaultRules).mask(recorded({ method: "POST", headers, body }));
		const plain = gunzipSync(request.body).toString();
		expect(JSON.parse(plain)).toMatchObject({ n: 1, password: expect.stringMatching(/^[a-z]{6}\d-[a-z]{6}\d$/) });
		expect(plain).not.toContain("hunter2");
		expect(request.headers.at(-1)?.[1]).toBe(String(request.body.length));
	});

	it("[M5] what cannot be looked into is not written, and counted", () => {
		const masker = createMasker(key, defaultRules);
		const binary = masker.mask(
			recorded({ answer: Buffer.from([0xff, 0xfe, 0, 1]), answerHeaders: [["Content-Type", "application/octet-stream"]] }),
		);
		expect(binary.response).toMatchObject({ state: "withheld", body: Buffer.alloc(0) });
		const odd = masker.mask(recorded({ answer: "abc", answerHeaders: [["Content-Encoding", "lzw"]] }));
		expect(odd.response.state).toBe("withheld");
		expect(masker.withheld).toEqual({ "not a text": 1, "coding not readable": 1 });
	});
});

describe("a walk", () => {
	const same = (_: unknown, value: string) => value;

	it("[M6] leaves every byte as it was when nothing is masked", () => {
		fc.assert(
			fc.property(fc.json(), fc.string(), (json, noise) => {
				expect(walkJson(json, same)).toEqual({ text: json, unread: "" });
				for (const walk of [walkJson, walkXml, walkForm]) {
					const { text, unread } = walk(noise, same);
					expect(text + unread).toBe(noise);
				}
			}),
		);
	});

	it("[M6] shows every value of a JSON document", () => {
		fc.assert(
			fc.property(fc.jsonValue({ depthSize: "medium" }), (value) => {
				const seen: string[] = [];
				walkJson(JSON.stringify(value), (_, text, form) => {
					if (form !== "name") seen.push(text);
					return text;
				});
				const expected: string[] = [];
				JSON.stringify(value, (_, inner: unknown) => {
					if (typeof inner === "string") expected.push(inner);
					if (typeof inner === "number") expected.push(JSON.stringify(inner));
					return inner;
				});
				expect(seen).toEqual(expected);
			}),
		);
	});

	it("takes time in proportion to the text, whatever is in it", () => {
		const size = 1_000_000;
		const masker = createMasker(key, defaultRules);
		const tokens = JSON.stringify(Array.from({ length: 15_000 }, (_, n) => ({ token: `token-${n}-${n}`, name: `name ${n}` })));
		for (const text of [
			tokens,
			"a".repeat(size),
			"1 ".repeat(size / 2),
			"@".repeat(size),
			"[".repeat(size),
			'{"a":'.repeat(size / 5),
			"<a>".repeat(size / 3),
			"eyJ".repeat(size / 3),
			"\\".repeat(size),
			"+1-".repeat(size / 3),
			`"${"\\\\".repeat(size / 2)}"`,
		]) {
			const started = performance.now();
			masker.mask(recorded({ answer: text }));
			expect(performance.now() - started, text.slice(0, 20)).toBeLessThan(4_000);
		}
	});
});
