import { describe, expect, it } from "vitest";
import type { RowChange, RowImage } from "../contract/effects.ts";
import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare, describeRows, groupOf } from "./index.ts";

const at = Date.UTC(2026, 10, 22, 18, 30, 0);
const strict: ComparePolicy = { random: [], clock: [], clockSlackMs: 2000, window: { from: at, to: at + 50 } };

const xml = (body: string, changes: RowChange[] = []): Behaviour => ({
	status: 200,
	contentType: "text/xml; charset=utf-8",
	body,
	changes,
});
const json = (body: unknown, changes: RowChange[] = []): Behaviour => ({
	status: 200,
	contentType: "application/json",
	body: typeof body === "string" ? body : JSON.stringify(body),
	changes,
});
const insert = (table: string, key: string, after: RowImage): RowChange => ({ table, key, kind: "insert", before: null, after });
const update = (table: string, key: string, before: RowImage, after: RowImage): RowChange => ({
	table,
	key,
	kind: "update",
	before,
	after,
});
const brief = (legacy: Behaviour, modern: Behaviour, policy = strict): string[] =>
	compare(legacy, modern, policy).differences.map((d) => `${d.field}: ${d.legacy} / ${d.modern} (${d.kind}, ${d.suspicion})`);
const kindOf = (legacy: Behaviour, modern: Behaviour, policy = strict): string => compare(legacy, modern, policy).kind;

const answer = (fields: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<ANSWER OP="FEES">${fields}</ANSWER>\n`;

describe("verdicts", () => {
	it("[C1] calls equal bytes and rows identical", () => {
		const row = insert("movements", "1", { amount: { r: 5 } });
		expect(kindOf(xml(answer("<A>1</A>"), [row]), xml(answer("<A>1</A>"), [structuredClone(row)]))).toBe("identical");
	});
	it("[C2] calls another spelling of the same values equivalent", () => {
		expect(kindOf(xml(answer("<A>1 &amp; 2</A>")), xml("<ANSWER OP='FEES'>\n  <!-- x --><A><![CDATA[1 & 2]]></A></ANSWER>"))).toBe(
			"equivalent",
		);
	});
	it("[C4] calls a missing answer failed, but compares a status 500", () => {
		const down: Behaviour = { status: 0, contentType: "", body: "", changes: [] };
		expect(compare(xml(answer("")), down, strict)).toMatchObject({ kind: "failed", reason: "the new service did not answer" });
		expect(kindOf(xml(answer("")), { ...down, status: 503 })).toBe("failed");
		expect(kindOf(xml(answer("")), { ...down, status: 500 })).toBe("mismatch");
		expect(kindOf(down, down)).toBe("identical");
	});
	it("[C5] keeps the order of the answer, then rows, and keeps differences of long texts visible", () => {
		const legacy = xml(answer(`<A>${"x".repeat(900)}1</A><B>2</B>`), [insert("m", "1", { c: { i: "1" } })]);
		const modern = xml(answer(`<A>${"x".repeat(900)}3</A><B>4</B>`), [insert("m", "1", { c: { i: "9" } })]);
		const verdict = compare(legacy, modern, strict);
		expect(verdict.differences.map((d) => d.field)).toEqual(["answer/A", "answer/B", "rows/m/c"]);
		expect(verdict.differences[0]?.legacy).not.toBe(verdict.differences[0]?.modern);
		expect(verdict.differences[0]?.legacy.length).toBeLessThan(310);
	});
});

describe("answers", () => {
	it("[C10] compares malformed XML as text and says where it breaks", () => {
		const verdict = compare(xml("<A><B></A>"), xml("<A><B/></A>"), strict);
		expect(verdict.kind).toBe("mismatch");
		expect(verdict.reason).toContain("legacy's answer is not well-formed XML at character 10: </A> closes <B>");
	});
	it("[C10] reads a body without a telling content type by its form", () => {
		const plain = (body: string): Behaviour => ({ status: 200, contentType: "text/plain", body, changes: [] });
		expect(kindOf(plain('{"a": 1}'), plain('{"a":1}'))).toBe("equivalent");
		expect(kindOf(plain("{a"), plain("{b"))).toBe("mismatch");
	});
	it("[C11] counts blanks inside values, and the order of children", () => {
		expect(brief(xml(answer("<N>ROSSI  </N>")), xml(answer("<N>ROSSI</N>")))).toEqual(["answer/N: ROSSI   / ROSSI (text, text format)"]);
		expect(brief(xml(answer("<A>1</A><B>2</B>")), xml(answer("<B>2</B><A>1</A>")))).toEqual(["answer: A B / B A (text, dictionary order)"]);
	});
	it("[C11] names attributes, extra and missing elements, and another root", () => {
		expect(brief(xml('<R K="1"><A/></R>'), xml('<R K="2"><B/></R>')).map((line) => line.split(":")[0])).toEqual([
			"answer/@K",
			"answer/A",
			"answer/B",
		]);
		expect(brief(xml("<OK/>"), xml("<KO/>"))).toEqual(["answer: <OK> / <KO> (text, structure)"]);
	});
	it("[C12] keeps numbers of JSON as they are written and ignores the order of keys", () => {
		expect(kindOf(json('{"a":1,"b":[1,2]}'), json('{"b":[1,2],"a":1}'))).toBe("equivalent");
		expect(brief(json('{"a":3}'), json('{"a":3.0}'))).toEqual(["answer/a: 3 / 3.0 (number, number format)"]);
		expect(brief(json('{"a":3}'), json('{"a":"3"}'))).toEqual(["answer/a: 3 / 3 (text, number format)"]);
		expect(kindOf(json('{"a":12345678901234567890}'), json('{"a":12345678901234567891}'))).toBe("mismatch");
	});
	it.each([
		["bare", { OP: "FEES", AMOUNT: "5.00", ROW: [{ D: "1" }, { D: "2" }] }],
		["under the root's name", { ANSWER: { "@OP": "FEES", AMOUNT: 5, ROW: [{ D: 1 }, { D: "2" }] } }],
	])("[C13] maps XML onto a JSON object, %s", (_, body) => {
		const amount = JSON.stringify(body).includes('"5.00"') ? "5.00" : "5";
		const legacy = xml(answer(`<AMOUNT>${amount}</AMOUNT><ROW><D>1</D></ROW><ROW><D>2</D></ROW>`));
		expect(compare(legacy, json(body), strict)).toMatchObject({ kind: "equivalent", differences: [] });
		expect(compare(json(body), legacy, strict)).toMatchObject({ kind: "equivalent", differences: [] });
	});
	it("[C13] maps single elements, empty elements, wrappers, null and missing lists", () => {
		expect(kindOf(xml("<A><ROW><D>1</D></ROW></A>"), json({ ROW: [{ D: "1" }] }))).toBe("equivalent");
		expect(kindOf(xml("<A><N>1</N></A>"), json({ N: "1", ROW: [] }))).toBe("equivalent");
		expect(kindOf(xml("<A><ROWS><ROW><D>1</D></ROW><ROW><D>2</D></ROW></ROWS></A>"), json({ ROWS: [{ D: "1" }, { D: "2" }] }))).toBe(
			"equivalent",
		);
		expect(kindOf(xml("<A><ROWS><ROW><D>1</D></ROW></ROWS></A>"), json({ ROWS: [{ D: "1" }] }))).toBe("equivalent");
		expect(kindOf(xml("<A><ROWS><ROW><D>1</D></ROW></ROWS></A>"), json({ ROWS: { ROW: [{ D: "1" }] } }))).toBe("equivalent");
		expect(kindOf(xml("<A><A>1</A></A>"), json({ A: "1" }))).toBe("equivalent");
		expect(kindOf(xml("<A><ROWS/><X/></A>"), json({ ROWS: [], X: null }))).toBe("equivalent");
		expect(kindOf(xml('<A><V CUR="EUR">5</V></A>'), json({ V: { CUR: "EUR", "#text": "5" } }))).toBe("equivalent");
	});
	it.each([0, 1, 3])("[C13] maps a numbered wrapper of %d rows, as an old bank writes it", (count) => {
		const rows = Array.from({ length: count }, (_, index) => ({ DATE: `0${index}.11.2026`, TEXT: "A & B" }));
		const elements = rows.map((row) => `<ROW><DATE>${row.DATE}</DATE><TEXT>A &amp; B</TEXT></ROW>`).join("");
		const legacy = xml(`<?xml version="1.0"?><ANSWER OP="STATEMENT"><CODE>000</CODE><ROWS N="${count}">${elements}</ROWS></ANSWER>`);
		const list = count === 0 ? {} : { ROW: count === 1 ? rows[0] : rows };
		const modern = (of: unknown): Behaviour => json({ ANSWER: { "@OP": "STATEMENT", CODE: "000", ROWS: of } });
		expect(compare(legacy, modern({ "@N": String(count), ...list }), strict)).toMatchObject({ kind: "equivalent", tolerated: [] });
		expect(compare(legacy, modern({ "@N": count, ROW: rows }), strict).kind).toBe("equivalent");
		expect(brief(legacy, modern({ "@N": "9", ...list }))).toHaveLength(1);
	});
	it("[C13] finds a difference through the map, by the XML's names, and tolerates a missing envelope by name", () => {
		const verdict = compare(xml(answer("<ROW><D>1</D></ROW><ROW><D>2</D></ROW>")), json({ ROW: [{ D: "1" }, { D: "3" }] }), strict);
		expect(verdict.differences.map((d) => d.field)).toEqual(["answer/ROW[2]/D"]);
		expect(verdict.tolerated).toEqual([{ field: "answer/@OP", check: expect.stringContaining("envelope") }]);
		expect(brief(xml(answer("")), json({ OP: "OTHER" }))).toEqual(["answer/@OP: FEES / OTHER (text, value)"]);
		expect(kindOf(xml("<A><n>1</n></A>"), json({ N: "1" }))).toBe("mismatch");
		expect(kindOf(xml("<A><ROW/></A>"), json({}))).toBe("mismatch");
	});
	it("[C14] keeps partners when a row is missing, and sees a mere other order", () => {
		const rows = (...items: number[]): Behaviour => xml(answer(items.map((item) => `<ROW>${item}</ROW>`).join("")));
		expect(brief(rows(1, 2, 3, 4), rows(1, 3, 4))).toEqual(["answer/ROW[2]: 2 /  (missing, missing row)"]);
		expect(brief(rows(1, 2), rows(1, 2, 3))).toEqual(["answer/ROW[3]:  / 3 (extra, extra row)"]);
		expect(brief(rows(1, 2, 3), rows(3, 1, 2))).toEqual(['answer/ROW: ["1","2","3"] / ["3","1","2"] (text, dictionary order)']);
	});
	it("[C15] compares the content type of one notation", () => {
		expect(brief(xml("<A/>"), { ...xml("<A/>"), contentType: "application/xml" }).length).toBe(1);
		expect(kindOf(xml("<A/>"), { ...xml("<A/>"), contentType: 'Text/XML;charset="UTF-8"' })).toBe("equivalent");
	});
});

describe("rows", () => {
	const movement = { account: { t: "0001" }, commission: { r: 0.05 }, at: { t: "x" } };
	it("[C20] reduces both sides to net changes", () => {
		const two = [
			insert("m", "1", { a: { i: "1" } }),
			update("m", "1", { a: { i: "1" } }, { a: { i: "2" } }),
			update("n", "1", { a: { i: "1" } }, { a: { i: "1" } }),
		];
		expect(kindOf(xml("<A/>", two), xml("<A/>", [insert("m", "1", { a: { i: "2" } })]))).toBe("identical");
		const vanished: RowChange[] = [
			insert("m", "1", { a: { i: "1" } }),
			{ table: "m", key: "1", kind: "delete", before: { a: { i: "1" } }, after: null },
		];
		expect(kindOf(xml("<A/>", vanished), xml("<A/>"))).toBe("identical");
	});
	it("[C21] finds the partner of an insert with another key by its content", () => {
		const legacy = [insert("m", "10", movement), insert("m", "11", { ...movement, account: { t: "0002" } })];
		const modern = [
			insert("m", "20", { ...movement, account: { t: "0002" } }),
			insert("m", "21", { ...movement, commission: { r: 0.06 } }),
		];
		expect(brief(xml("<A/>", legacy), xml("<A/>", modern))).toEqual(["rows/m/commission: 0.05 / 0.06 (number, rounding)"]);
	});
	it("[C22] names another storage class", () => {
		expect(brief(xml("<A/>", [insert("m", "1", { a: { i: "3" } })]), xml("<A/>", [insert("m", "1", { a: { r: 3 } })]))).toEqual([
			"rows/m/a: 3 (integer) / 3.0 (real) (text, storage class)",
		]);
	});
	it("[C23] names rows that one side lacks, and the other kind of change", () => {
		const verdict = compare(
			xml("<A/>", [insert("m", "1", movement), update("k", "7", { b: { r: 1 } }, { b: { r: 2 } })]),
			xml("<A/>", [insert("x", "1", movement)]),
			strict,
		);
		expect(verdict.differences.map((d) => `${d.field} ${d.kind} ${d.legacy || d.modern}`)).toEqual([
			"rows/k missing update k 7: b 1.0 -> 2.0",
			"rows/m missing insert m 1: account 0001, commission 0.05, at x",
			"rows/x extra insert x 1: account 0001, commission 0.05, at x",
		]);
		expect(groupOf("f", verdict)).toMatchObject({ rowsOnly: true, field: "rows/k", cause: "missing row" });
		const gone: RowChange = { table: "m", key: "1", kind: "delete", before: movement, after: null };
		expect(brief(xml("<A/>", [gone]), xml("<A/>", [update("m", "1", movement, { ...movement, at: { t: "y" } })]))).toHaveLength(1);
	});
	it("[C24] says nothing of the service when a row was not the same before, whatever it became", () => {
		const from = (before: number, after: number) =>
			update("k", "7", { b: { r: before }, c: { i: "1" } }, { b: { r: after }, c: { i: "1" } });
		const skewed = { kind: "skewed", differences: [{ field: "rows/k/b", legacy: "10.0", modern: "20.0", suspicion: "state skew" }] };
		for (const after of [12, 22]) {
			expect(compare(xml("<A/>", [from(10, 12)]), xml("<A/>", [from(20, after)]), strict)).toMatchObject(skewed);
			expect(compare(xml("<A/>", [from(10, 12)]), xml("<B/>", [from(20, after)]), strict).kind).toBe("skewed");
		}
		const gone = (b: number): RowChange => ({ table: "k", key: "7", kind: "delete", before: { b: { r: b } }, after: null });
		expect(compare(xml("<A/>", [gone(10)]), xml("<A/>", [gone(20)]), strict).kind).toBe("skewed");
		const born = insert("k", "7", { b: { r: 12 }, c: { i: "1" } });
		expect(compare(xml("<A/>", [born]), xml("<A/>", [from(20, 12)]), strict)).toMatchObject({
			kind: "skewed",
			differences: [{ field: "rows/k", kind: "extra" }],
		});
	});
	it("[C24] is not said of a column that may differ, nor where the row before is not known, nor of no answer", () => {
		const change = (before: RowChange["before"]): RowChange => ({ table: "k", key: "7", kind: "update", before, after: { b: { r: 12 } } });
		const [a, b] = [change({ b: { r: 10 } }), change({ b: { r: 20 } })];
		expect(compare(xml("<A/>", [a]), xml("<A/>", [b]), { ...strict, random: ["k.b"] }).kind).toBe("identical");
		expect(compare(xml("<A/>", [a]), xml("<A/>", [b]), { ...strict, ignored: ["rows/k"] }).kind).toBe("identical");
		expect(compare(xml("<A/>", [a]), xml("<A/>", [change(null)]), strict).kind).toBe("identical");
		expect(compare(xml("<A/>", [a]), { ...xml("<A/>", [b]), status: 503 }, strict).kind).toBe("failed");
	});
	it("[C25] compares a stored answer as an answer", () => {
		const stored = (token: string, amount: string): RowChange[] => [
			insert("requests", "1", { answer: { t: answer(`<T>${token}</T><N>${amount}</N>`) } }),
		];
		const policy = { ...strict, random: ["T"] };
		expect(kindOf(xml("<A/>", stored("abcdef0123", "1")), xml("<A/>", stored("0123abcdef", "1")), policy)).toBe("equivalent");
		expect(brief(xml("<A/>", stored("abcdef0123", "1.00")), xml("<A/>", stored("0123abcdef", "1.01")), policy)).toEqual([
			"rows/requests/answer/N: 1.00 / 1.01 (number, rounding)",
		]);
		const inJson = [insert("requests", "1", { answer: { t: '{"T":"abcdef0123","N":"1"}' } })];
		expect(kindOf(xml("<A/>", stored("abcdef0123", "1")), xml("<A/>", inJson))).toBe("mismatch");
	});
	it("describes changes for people", () => {
		expect(
			describeRows([insert("m", "1", { a: { r: 5 }, b: null }), { table: "s", key: "3", kind: "delete", before: {}, after: null }]),
		).toEqual(["insert m 1: a 5.0, b NULL", "delete s 3"]);
	});
});

describe("what may vary", () => {
	const policy = { ...strict, random: ["TOKEN", "sessions.token"], clock: ["TIME", "sessions.opened"] };
	const login = (token: string, rowToken = token, time = "2026-11-22 18:30:00"): Behaviour =>
		xml(answer(`<TOKEN>${token}</TOKEN><TIME>${time}</TIME>`), [
			insert("sessions", "1", { token: { t: rowToken }, note: { t: `${rowToken}` } }),
		]);
	const [one, two] = ["0a1b2c3d4e5f60718293a4b5c6d7e8f9", "ff1b2c3d4e5f60718293a4b5c6d7e800"];

	it("[C30] accepts another random value of the same form and says by which check", () => {
		const verdict = compare(login(one), login(two), policy);
		expect(verdict).toMatchObject({ kind: "equivalent", differences: [] });
		expect(verdict.tolerated[0]).toEqual({ field: "answer/TOKEN", check: "random: 32 characters, lower-case hex" });
	});
	it.each([
		["shorter", two.slice(1)],
		["upper case", two.toUpperCase()],
		["only digits", "12345678901234567890123456789012"],
		["with separators", `${two.slice(0, 15)}-${two.slice(16)}`],
	])("[C30] refuses a random value that is %s", (_, value) => {
		expect(compare(login(one), login(value), policy)).toMatchObject({
			kind: "mismatch",
			differences: [{ field: "answer/TOKEN" }, { field: "rows/sessions/token" }, {}],
		});
	});
	it("[C31] refuses a row that holds another random value than its answer", () => {
		expect(compare(login(one), login(two, `${two.slice(0, -1)}1`), policy).differences.map((d) => `${d.field} ${d.suspicion}`)).toEqual([
			"rows/sessions/token cross reference: one value stands for two of the other side",
			"rows/sessions/note value",
		]);
		expect(kindOf(login(one), login(one, two), policy)).toBe("mismatch");
	});
	it.each(["2026-11-22 18:30:01", "2026-11-22 18:29:59"])("[C32] accepts a clock value within the window: %s", (time) => {
		expect(kindOf(login(one), login(one, one, time), policy)).toBe("equivalent");
	});
	it.each(["2026-11-22 18:31:00", "2026-11-23 18:30:00", "22/11/2026 18:30:00", "2026-11-22T18:30:00Z", "20261122183000", "now"])(
		"[C32] refuses the clock value %s",
		(time) => {
			expect(brief(login(one), login(one, one, time), policy)[0]).toMatch(/^answer\/TIME: .*clock: (no common format|outside the window)/);
		},
	);
	it.each([
		["2026-11-22", "2026-11-22", true],
		["22112026", "22112026", true],
		["183000", "183001", true],
		["183000", "190001", false],
		["18:30:00", "18:30:02", true],
		["1795372200", "1795372201", true],
		["1795372200.25", "1795372201.5", true],
		["1795372200000", "1795372200900", true],
		["1795372200", "1795372200900", false],
		["20261122", "22112026", false],
	])("[C32] reads %s against %s as a clock: %s", (a, b, ok) => {
		const policyOf = { ...policy, window: { from: Date.UTC(2026, 10, 22, 18, 30), to: Date.UTC(2026, 10, 22, 18, 30, 1) } };
		expect(new Date(1795372200_000).toISOString()).toBe("2026-11-22T18:30:00.000Z");
		expect(kindOf(login(one, one, a), login(two, two, b), policyOf)).toBe(ok ? "equivalent" : "mismatch");
	});
});

describe("suspicions", () => {
	it.each([
		["500.00", "499.99", "rounding"],
		["1052.31", "1052.28", "rounding"],
		["1234.565", "1234.56", "rounding"],
		["2", "3", "rounding"],
		["-4", "-3", "integer division"],
		["2", "-1", "modulo of negatives"],
		["5.00", "-5.00", "sign"],
		["3.0", "3", "number format"],
		["1,234.50", "1234.50", "number format"],
		["0007", "7", "number format"],
		["12345678901234567", "12345678901234568", "integer precision"],
		["100.00", "10000.00", "factor"],
		["365.00", "360.00", "factor"],
		["105.37", "115.37", "offset"],
		["1952-03-01", "2052-03-01", "two-digit year"],
		["01/03/1952", "01/03/2052", "two-digit year"],
		["ROSSI", "Rossi", "text format"],
		["GOLD", "SILVER", "value"],
		["17.20", "391.77", "value"],
	])("[C40] reads %s against %s as %s", (a, b, suspicion) => {
		expect(compare(xml(answer(`<X>${a}</X>`)), xml(answer(`<X>${b}</X>`)), strict).differences[0]?.suspicion).toBe(suspicion);
	});
	it("[C41] calls everything validation when only one side reports an error", () => {
		const accepted = xml(answer("<STATUS>OK</STATUS><AMOUNT>5.00</AMOUNT>"), [insert("m", "1", { a: { i: "1" } })]);
		const refused = xml(answer("<STATUS>ERR</STATUS><CODE>E12</CODE>"));
		const verdict = compare(accepted, refused, strict);
		expect(new Set(verdict.differences.map((d) => d.suspicion))).toEqual(new Set(["validation"]));
		expect(groupOf("f", verdict)).toEqual({
			key: "f|validation|answer/STATUS",
			cause: "validation",
			field: "answer/STATUS",
			rowsOnly: false,
		});
	});
	it("[C42] groups rows of a list together, whatever their number", () => {
		const of = (index: number): string => {
			const rows = (value: string): Behaviour =>
				xml(answer([0, 1, 2].map((i) => `<ROW><V>${i === index ? value : "1.00"}</V></ROW>`).join("")));
			return groupOf("f", compare(rows("5.00"), rows("5.01"), strict)).key;
		};
		expect([of(0), of(2)]).toEqual(["f|rounding|answer/ROW/V", "f|rounding|answer/ROW/V"]);
	});
});
