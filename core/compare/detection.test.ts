import { describe, expect, it } from "vitest";
import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare } from "./index.ts";

/** A bank's answer as data, so that a bug or a harmless rewriting is one change to it. */
type Movement = { date: string; amount: string; text: string };
type Answer = {
	token: string;
	time: string;
	name: string;
	balance: string;
	movements: Movement[];
	rowAmount: number;
	rowToken: string;
	code: string;
};

let seed = 19_900_101;
/** mulberry32, in [0, below). */
function random(below: number): number {
	seed = (seed + 0x6d2b79f5) | 0;
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
}
const hex = (): string => Array.from({ length: 32 }, () => random(16).toString(16)).join("");
const from = Date.UTC(2026, 10, 22, 18, 30, 0);
const stampAt = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
const policy: ComparePolicy = { random: ["TOKEN", "sessions.token"], clock: ["TIME"], clockSlackMs: 3000, window: { from, to: from + 20 } };

function original(): Answer {
	const token = hex();
	const movements = Array.from({ length: 2 + random(4) }, (_, i) => ({
		date: `0${i + 1}.11.2026`,
		amount: (random(90_000) / 100 - 300).toFixed(2),
		text: `PAYMENT ${i} <R&D>`,
	}));
	const cents = 1000 + random(1_000_000);
	return {
		token,
		time: stampAt(from),
		name: "ROSSI MARIO".padEnd(30),
		balance: (cents / 100).toFixed(2),
		movements,
		rowAmount: cents / 100,
		rowToken: token,
		code: "000",
	};
}
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
function behaviour(a: Answer, body = xmlOf(a), contentType = "text/xml"): Behaviour {
	const key = "77";
	return {
		status: 200,
		contentType,
		body,
		changes: [
			{ table: "sessions", key, kind: "insert", before: null, after: { token: { t: a.rowToken }, level: { i: "3" } } },
			{ table: "accounts", key, kind: "update", before: { balance: { r: 1 } }, after: { balance: { r: a.rowAmount } } },
		],
	};
}
function xmlOf(a: Answer, gap = "", text: (value: string) => string = escaped): string {
	const rows = a.movements
		.map((m) => `<ROW>${gap}<DATE>${m.date}</DATE>${gap}<AMOUNT>${m.amount}</AMOUNT><TEXT>${text(m.text)}</TEXT></ROW>`)
		.join(gap);
	const fields = `<TOKEN>${a.token}</TOKEN>${gap}<TIME>${a.time}</TIME><NAME>${a.name}</NAME><BALANCE>${a.balance}</BALANCE>`;
	return `<?xml version="1.0" encoding="UTF-8"?>${gap}<ANSWER OP="STATEMENT"><CODE>${a.code}</CODE>${fields}<ROWS N="${a.movements.length}">${rows}</ROWS></ANSWER>`;
}
const jsonOf = (a: Answer): string =>
	JSON.stringify({
		ANSWER: {
			"@OP": "STATEMENT",
			CODE: a.code,
			TOKEN: a.token,
			TIME: a.time,
			NAME: a.name,
			BALANCE: a.balance,
			ROWS: { "@N": a.movements.length, ROW: a.movements.map((m) => ({ TEXT: m.text, AMOUNT: m.amount, DATE: m.date })) },
		},
	});
type Change = (a: Answer) => Partial<Answer> | Behaviour;

/** The movements with one of them changed. */
function oneChanged(a: Answer, change: (movement: Movement) => Partial<Movement>): Movement[] {
	const picked = random(a.movements.length);
	return a.movements.map((movement, index) => (index === picked ? { ...movement, ...change(movement) } : movement));
}
const both = (token: string): Partial<Answer> => ({ token, rowToken: token });

const bugs: Record<string, Change> = {
	"a cent": (a) => ({ balance: (Number(a.balance) - 0.01).toFixed(2) }),
	"a cent in a row of the answer": (a) => ({ movements: oneChanged(a, (m) => ({ amount: (Number(m.amount) + 0.01).toFixed(2) })) }),
	"a cent in the database only": (a) => ({ rowAmount: Math.round(a.rowAmount * 100 + 1) / 100 }),
	"the last bit of a stored amount": (a) => ({ rowAmount: a.rowAmount * (1 + 2 ** -52) }),
	"a lost row": (a) => ({ movements: a.movements.toSpliced(random(a.movements.length), 1) }),
	"a doubled row": (a) => ({ movements: [...a.movements, { ...(a.movements[0] as Movement) }] }),
	"rows in another order": (a) => ({ movements: a.movements.toReversed() }),
	"lost padding": (a) => ({ name: a.name.trim() }),
	"another case": (a) => ({ name: a.name.toLowerCase() }),
	"a decimal less": (a) => ({ balance: a.balance.slice(0, -1) }),
	"a century": (a) => ({ movements: oneChanged(a, (m) => ({ date: m.date.replace("2026", "2126") })) }),
	"an error code": () => ({ code: "E210" }),
	"a token of another length": () => both(hex().slice(1)),
	"a token in capitals": () => both(`${hex().slice(0, 30).toUpperCase()}AF`),
	"another token in the database than in the answer": () => ({ rowToken: hex() }),
	"a time an hour off": () => ({ time: stampAt(from + 3_660_000) }),
	"another notation of the time": (a) => ({ time: `${a.time.replace(" ", "T")}Z` }),
	"another order of the fields": (a) => behaviour(a, xmlOf(a).replace(/(<NAME>.*<\/NAME>)(<BALANCE>.*<\/BALANCE>)/, "$2$1")),
	"an integer stored as a real": (a) => {
		const [session, account] = behaviour(a).changes as [Row, Row];
		return { ...behaviour(a), changes: [{ ...session, after: { token: { t: a.rowToken }, level: { r: 3 } } }, account] };
	},
	"a forgotten update": (a) => ({ ...behaviour(a), changes: behaviour(a).changes.slice(0, 1) }),
};
type Row = Behaviour["changes"][number];

const harmless: Record<string, Change> = {
	"another token": () => both(hex()),
	"a second later": () => ({ time: stampAt(from + 1000) }),
	"blanks between elements": (a) => behaviour(a, xmlOf(a, "\n  ")),
	"CDATA for entities": (a) =>
		behaviour(
			a,
			xmlOf(a, "", (value) => `<![CDATA[${value}]]>`),
		),
	"numeric entities": (a) =>
		behaviour(
			a,
			xmlOf(a, "", (value) => value.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`)),
		),
	"single quotes and comments": (a) => behaviour(a, `${xmlOf(a).replaceAll('OP="STATEMENT"', "OP='STATEMENT' ")}<!-- end -->`),
	"JSON with keys in another order": (a) => behaviour(a, jsonOf(a), "application/json"),
	"JSON with another token, later": (a) => {
		const later = { ...a, ...both(hex()), time: stampAt(from + 2000) };
		return behaviour(later, jsonOf(later), "application/json; charset=utf-8");
	},
	"row changes in another order": (a) => ({ ...behaviour(a), changes: behaviour(a).changes.toReversed() }),
	"a row written twice on the way to the same end": (a) => {
		const [session, account] = behaviour(a).changes as [Row, Row];
		const between = { balance: { r: -5 } };
		return { ...behaviour(a), changes: [session, { ...account, after: between }, { ...account, before: between }] };
	},
};

function verdicts(changes: Record<string, Change>, total: number): { name: string; kind: string }[] {
	const names = Object.keys(changes);
	return Array.from({ length: total }, (_, index) => {
		const name = names[index % names.length] as string;
		const answer = original();
		const changed = (changes[name] as Change)(answer);
		const modern = "changes" in changed ? changed : behaviour({ ...answer, ...changed });
		return { name, kind: compare(behaviour(answer), modern, policy).kind };
	});
}

describe("200 bugs and 200 harmless differences, seeded", () => {
	it("[C3] every bug is a mismatch", () => {
		const found = verdicts(bugs, 200);
		expect(found.filter(({ kind }) => kind !== "mismatch")).toEqual([]);
	});
	it("[C2] nothing harmless is a mismatch", () => {
		const found = verdicts(harmless, 200);
		expect(found.filter(({ kind }) => kind !== "equivalent" && kind !== "identical")).toEqual([]);
	});
});
