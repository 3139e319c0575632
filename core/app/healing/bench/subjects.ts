import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Asked } from "../edit-trials.ts";

export type Random = () => number;
export type Subject = {
	application: string;
	/** Folder of the legacy source. */
	folder: string;
	unit: string;
	/** Files in which defects are planted. */
	files: string[];
	fields(random: Random): Record<string, string>;
};

const here = import.meta.dirname;
const bank = join(here, "../../../../sample-monolith");
export const CLOCK = Date.UTC(2026, 10, 22, 10, 0, 0);
const TOKEN = "5e551045e551045e551045e551045e55";
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const whole = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low));

/** Digits 7-3-1 from the left, as the bank numbers its accounts. */
function account(random: Random): string {
	const serial = String(100001 + whole(random, 0, 400));
	const total = [...serial].reduce((sum, digit, index) => sum + Number(digit) * ([7, 3, 1][index % 3] as number), 0);
	return `${serial}${(10 - (total % 10)) % 10}`;
}
const cents = (random: Random, low: number, high: number): string => (low + random() * (high - low)).toFixed(2);
const applications = join(here, "applications");

export const subjects: Subject[] = [
	...(
		[
			[
				"transfers.transfer",
				["transfers.py", "money.py"],
				(r) => ({
					from: account(r),
					to: account(r),
					amount: pick(r, [cents(r, 1, 900), cents(r, 20, 4000), "100.00", "40000.00"]),
					reason: "RENT",
				}),
			],
			["interests.interest", ["interests.py", "money.py"], (r) => ({ account: account(r), months: String(whole(r, 1, 14)) })],
			[
				"loans.loan",
				["loans.py"],
				(r) => ({ account: account(r), amount: cents(r, 400, 20000), months: pick(r, ["12", "24", "36", "48", "60"]) }),
			],
			["fees.fees", ["fees.py"], (r) => ({ account: account(r) })],
			["limits.limits", ["limits.py", "accounts.py"], (r) => ({ account: account(r) })],
			["statements.statement", ["statements.py", "money.py"], (r) => ({ account: account(r), rows: String(whole(r, 1, 20)) })],
		] as [string, string[], Subject["fields"]][]
	).map(([unit, files, fields]) => ({ application: "bank", folder: join(bank, "banca"), unit, files, fields })),
	...(
		[
			[
				"quote",
				(r) => ({
					customer: String(whole(r, 1, 62)),
					price: pick(r, ["8000", "19990", "24999.99", "90000", "90000.01", cents(r, 9000, 89000)]),
					months: pick(r, ["24", "36", "48", "49", "60"]),
				}),
			],
			["pay", (r) => ({ contract: String(whole(r, 1, 42)), amount: cents(r, 50, 950), late: pick(r, ["0", "3", "5", "6", "9", "30"]) })],
			[
				"give_back",
				(r) => ({ contract: String(whole(r, 1, 42)), km: pick(r, ["9000", "15000", "15001", String(whole(r, 15000, 60000))]) }),
			],
			["penalty", (r) => ({ amount: cents(r, 100, 4100), days: pick(r, ["1", "4", "5", "6", "30", "90", "365"]) })],
		] as [string, Subject["fields"]][]
	).map(([name, fields]) => ({
		application: "leasing",
		folder: join(applications, "leasing"),
		unit: `leasing.${name}`,
		files: ["leasing.py"],
		fields,
	})),
	...(
		[
			["payslip", (r) => ({ employee: String(whole(r, 1, 62)), month: `2026-${String(whole(r, 1, 13)).padStart(2, "0")}` })],
			[
				"overtime",
				(r) => ({
					employee: String(whole(r, 1, 62)),
					hours: pick(r, ["0.5", "1.25", "3", "7.75", "8", "12"]),
					night: pick(r, ["yes", "no", "no"]),
				}),
			],
			[
				"take_leave",
				(r) => ({
					employee: String(whole(r, 1, 62)),
					days: pick(r, ["1", "5", "6", "7", "12", "20", "21"]),
					from: `2026-0${whole(r, 1, 10)}-1${whole(r, 0, 9)}`,
				}),
			],
			["severance", (r) => ({ employee: String(whole(r, 1, 62)), day: `2026-0${whole(r, 1, 10)}-1${whole(r, 0, 9)}` })],
		] as [string, Subject["fields"]][]
	).map(([name, fields]) => ({
		application: "payroll",
		folder: join(applications, "payroll"),
		unit: `payroll.${name}`,
		files: ["payroll.py"],
		fields,
	})),
];

export function asked({ method, path }: { method: string; path: string }, fields: Record<string, string>, key: string): Asked {
	const form = new URLSearchParams(fields).toString();
	const headers: [string, string][] = [
		["x-session", TOKEN],
		["idempotency-key", key],
	];
	return method === "GET" ? { method, target: `${path}?${form}`, headers, body: "" } : { method, target: path, headers, body: form };
}

/** A database of an application, the same for the same seed. */
export function makeDatabase(application: string, path: string, tables: string, random: Random): void {
	if (application === "bank") {
		const seeded = spawnSync("python3", [join(bank, "seed.py"), "--out", path, "--accounts", "400"], { encoding: "utf8" });
		if (seeded.status !== 0) throw new Error(seeded.stderr);
	}
	const database = new DatabaseSync(path);
	database.exec("PRAGMA journal_mode = DELETE");
	if (application === "bank") {
		const day = new Date(CLOCK).toISOString().replace("T", " ").slice(0, 19);
		database.prepare("INSERT INTO sessions VALUES (?, 'T001', 1, 1, ?)").run(TOKEN, day);
	} else database.exec(tables);
	const date = () =>
		`${whole(random, 1992, 2025)}-${String(whole(random, 1, 13)).padStart(2, "0")}-${String(whole(random, 1, 28)).padStart(2, "0")}`;
	for (let number = 1; number <= 60 && application === "leasing"; number++) {
		const score = pick(random, [400, 419, 420, 421, 480, 560, 640, 720]);
		const segment = pick(random, ["standard", "standard", "business", "vip"]);
		database
			.prepare("INSERT INTO customers VALUES (?, ?, ?, ?, ?)")
			.run(number, `Customer ${number}`, segment, pick(random, ["IT", "DE", "FR", "AT"]), score);
		const [price, months] = [whole(random, 9000, 70000), pick(random, [24, 36, 48, 60])];
		const rate = Number((0.03 + random() * 0.03).toFixed(4));
		if (number <= 40)
			database
				.prepare("INSERT INTO contracts VALUES (?, ?, ?, ?, ?, ?, ?, 'active')")
				.run(
					number,
					whole(random, 1, 61),
					price + 0.5,
					months,
					rate,
					Number((price / months).toFixed(2)),
					Number((price * 0.24).toFixed(2)),
				);
	}
	for (let number = 1; number <= 60 && application === "payroll"; number++)
		database
			.prepare("INSERT INTO employees VALUES (?, ?, ?, ?, ?, ?, ?)")
			.run(
				number,
				`Employee ${number}`,
				pick(random, ["A1", "A2", "B1", "D1"]),
				date(),
				whole(random, 1100, 6200) + pick(random, [0.15, 0.33, 0.5, 0.99]),
				whole(random, 0, 4),
				pick(random, ["NORTH", "CENTRE", "SOUTH"]),
			);
	database.close();
}
