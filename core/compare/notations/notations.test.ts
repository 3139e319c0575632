import { describe, expect, it } from "vitest";
import type { Behaviour, ComparePolicy, FixedWidthField } from "../../contract/verdict.ts";
import { compare } from "../compare.ts";

const strict: ComparePolicy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 1 } };
const side = (contentType: string, body: string): Behaviour => ({ status: 200, contentType, body, changes: [] });
const brief = (contentType: string, legacy: string, modern: string, policy: Partial<ComparePolicy> = {}) => {
	const verdict = compare(side(contentType, legacy), side(contentType, modern), { ...strict, ...policy });
	return [verdict.kind, ...verdict.differences.map((d) => `${d.field} ${d.legacy || "-"} / ${d.modern || "-"} ${d.suspicion}`)];
};

describe("[C11] SOAP", () => {
	const envelope = (body: string) =>
		`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Body>${body}</s:Body></s:Envelope>`;
	it("a fault where the other side answers is a refusal, and another text of a fault is a difference", () => {
		const fault = (text: string) => envelope(`<s:Fault><faultcode>s:Client</faultcode><faultstring>${text}</faultstring></s:Fault>`);
		expect(brief("text/xml", envelope("<ok>1</ok>"), fault("no account"))[1]).toMatch(/validation$/);
		expect(brief("text/xml", fault("no account"), fault("no such account"))).toEqual([
			"mismatch",
			"answer/Body/Fault/faultstring/#text no account / no such account value",
		]);
	});
	it("nil is one truth in two spellings, and not an empty text", () => {
		expect(brief("text/xml", envelope('<a i:nil="true"/>'), envelope('<a i:nil="1"></a>'))).toEqual(["equivalent"]);
		expect(brief("text/xml", envelope('<a i:nil="true"/>'), envelope("<a/>"))[0]).toBe("mismatch");
	});
});

describe("[C19] forms", () => {
	const form = "application/x-www-form-urlencoded";
	it("names in any order, values of one name in order, escapes by what they mean", () => {
		expect(brief(form, "a=1&b=x+y", "b=x%20y&a=1")).toEqual(["equivalent"]);
		expect(brief(form, "a=1&a=2", "a=2&a=1")[1]).toMatch(/^answer\/a .*dictionary order$/);
		expect(brief(form, "a=1.00", "a=1.01")).toEqual(["mismatch", "answer/a 1.00 / 1.01 rounding"]);
		expect(brief(form, "a=1", "a=1&a=")).toEqual(["mismatch", "answer/a[2] - / - extra row"]);
	});
	it("a broken escape is compared as text, and said", () => {
		const verdict = compare(side(form, "a=%zz"), side(form, "a=%zy"), strict);
		expect(verdict.reason).toContain("legacy's answer is no form at character 1: a broken % escape");
	});
	const multipart = (boundary: string, parts: string[]) =>
		side(`multipart/form-data; boundary=${boundary}`, `--${boundary}\r\n${parts.join(`\r\n--${boundary}\r\n`)}\r\n--${boundary}--\r\n`);
	const part = (name: string, content: string, more = "") => `Content-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}`;
	it("parts of a multipart form by their names, whatever the boundary", () => {
		const [a, b] = [part("amount", "5.00"), part("note", "ciao\r\nbello")];
		// The boundary stands in the content type too: only there it counts.
		const left = multipart("x1", [a, b]);
		const right = { ...multipart("x1", [b, a]) };
		expect(compare(left, right, strict).kind).toBe("equivalent");
		expect(compare(left, multipart("x1", [a, part("note", "ciao\r\nbella")]), strict).differences[0]?.field).toBe("answer/note");
		const file = part("doc", "%PDF", '; filename="a.pdf"\r\nContent-Type: application/pdf');
		expect(compare(multipart("q", [file]), multipart("q", [file.replace("a.pdf", "b.pdf")]), strict).differences[0]?.field).toBe(
			"answer/doc/filename",
		);
	});
});

describe("[C19] tables", () => {
	it("columns by name, rows by order, quotes without meaning", () => {
		expect(brief("text/csv", 'id,name\r\n1,Rossi\r\n2,"De ""B"""\r\n', 'name,id\n"Rossi",1\n"De ""B""",2')).toEqual(["equivalent"]);
		expect(brief("text/csv", "id,fee\n1,5.00\n2,7.10", "id,fee\n1,5.00\n2,7.11")).toEqual([
			"mismatch",
			"answer[2]/fee 7.10 / 7.11 rounding",
		]);
		expect(brief("text/csv", "id;fee\n1;5,00", "id;fee\n1;5,01")[1]).toMatch(/^answer\[1\]\/fee/);
		expect(brief("text/csv", "id,fee\n1,5.00\n2,7.10", "id,fee\n2,7.10\n1,5.00", { lists: { answer: { key: ["id"] } } })).toEqual([
			"equivalent",
		]);
	});
	it("a row of another width breaks the table: it is compared as text", () => {
		expect(compare(side("text/csv", "a,b\n1,2"), side("text/csv", "a,b\n1"), strict).reason).toContain(
			"the new service's answer is no table at character 5: 1 cells under 2 columns",
		);
	});
});

describe("[C19] records at fixed places", () => {
	const fixedWidth: FixedWidthField[] = [
		{ name: "account", from: 1, length: 6, type: "number" },
		{ name: "holder", from: 7, length: 8, type: "text" },
		{ name: "balance", from: 15, length: 8, type: "number", decimals: 2 },
	];
	const record = (account: string, holder: string, balance: string) =>
		`${account.padStart(6, "0")}${holder.padEnd(8)}${balance.padStart(8, "0")}`;
	it("name the field, with sign and implied decimals", () => {
		expect(brief("text/plain", `${record("42", "ROSSI", "12345")}\n`, `${record("42", "ROSSI", "12346")}\n`, { fixedWidth })).toEqual([
			"mismatch",
			"answer[1]/balance 123.45 / 123.46 rounding",
		]);
	});
	it("padding and the way a sign is written mean nothing", () => {
		const signs = ["-0001234", "0001234-", "000123M", "   -1234"];
		for (const sign of signs.slice(1))
			expect(brief("", record("42", "ROSSI", signs[0] as string), `    42ROSSI   ${sign.padStart(8, "0")}`, { fixedWidth })).toEqual([
				"equivalent",
			]);
	});
	it("garbage where a number is due is compared as it stands", () => {
		expect(brief("", record("42", "ROSSI", "12X45"), record("42", "ROSSI", "12Y45"), { fixedWidth })[1]).toMatch(
			/^answer\[1\]\/balance 00012X45/,
		);
		expect(compare(side("", "short"), side("", record("1", "A", "1")), { ...strict, fixedWidth }).reason).toContain(
			"legacy's answer is not of the given layout at character 1: a line of 5 characters, 22 are due",
		);
	});
});
