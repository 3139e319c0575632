import type { Behaviour, ComparePolicy } from "../contract/verdict.ts";
import { compare } from "./index.ts";

/** `node core/compare/compare.bench.ts`: compares per second on one core, for answers of about 1 KB and two row changes. */
const rows = Array.from(
	{ length: 9 },
	(_, index) => `<ROW><DATE>2026-11-${10 + index}</DATE><AMOUNT>${index * 10}.25</AMOUNT><TEXT>PAYMENT ${index}</TEXT></ROW>`,
);
const body = (token: string, amount: string): string =>
	`<?xml version="1.0"?>\n<ANSWER OP="STATEMENT"><STATUS>OK</STATUS><TOKEN>${token}</TOKEN><AMOUNT>${amount}</AMOUNT>${rows.join("")}</ANSWER>`;
const side = (token: string, amount: string): Behaviour => ({
	status: 200,
	contentType: "text/xml; charset=utf-8",
	body: body(token, amount),
	changes: [
		{
			table: "movements",
			key: "901",
			kind: "insert",
			before: null,
			after: { id: { i: "901" }, account: { t: "0000000123" }, amount: { r: 100.5 }, token: { t: token } },
		},
		{ table: "accounts", key: "12", kind: "update", before: { balance: { r: 900 } }, after: { balance: { r: 799.5 } } },
	],
});
const policy: ComparePolicy = { random: ["TOKEN", "movements.token"], clock: [], clockSlackMs: 1000, window: { from: 0, to: 1 } };
const [token, other] = ["0a1b2c3d4e5f60718293a4b5c6d7e8f9", "ff1b2c3d4e5f60718293a4b5c6d7e800"];
const json: Behaviour = {
	...side(token, "5.00"),
	contentType: "application/json",
	body: JSON.stringify({
		OP: "STATEMENT",
		STATUS: "OK",
		TOKEN: token,
		AMOUNT: "5.00",
		ROW: rows.map((_, i) => ({ DATE: `2026-11-${10 + i}`, AMOUNT: `${i * 10}.25`, TEXT: `PAYMENT ${i}` })),
	}),
};
const cases: [string, Behaviour, Behaviour][] = [
	["identical", side(token, "5.00"), side(token, "5.00")],
	["equivalent (random token)", side(token, "5.00"), side(other, "5.00")],
	["equivalent (XML against JSON)", side(token, "5.00"), json],
	["mismatch", side(token, "5.00"), side(other, "5.01")],
];
console.log(`answer: ${body(token, "5.00").length} characters, 2 row changes`);
for (const [name, legacy, modern] of cases) {
	const run = (count: number): string => {
		let kind = "";
		for (let index = 0; index < count; index++) kind = compare(legacy, modern, policy).kind;
		return kind;
	};
	run(2000);
	const started = performance.now();
	const kind = run(10_000);
	console.log(`${name}: ${Math.round(10_000 / ((performance.now() - started) / 1000)).toLocaleString("en")} compares/s (${kind})`);
}
