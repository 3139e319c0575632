import { describe, expect, test } from "vitest";
import type { Commit, RowChange } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { attribute, createAttributionMemory } from "./attribute.ts";

/** Each request books on an account, and `delay` ms later counts it in a row that names only the branch, as all requests do. */
function taught(delay: number, times = 12) {
	const memory = createAttributionMemory();
	for (let n = 1; n <= times; n++) {
		const start = n * 1_000;
		const exchange = exchangeOf(n, start, start + 200, 500_000 + n * 13);
		attribute([booking(2 * n - 1, start + 20, 500_000 + n * 13), counting(2 * n, start + 20 + delay)], [exchange], memory);
	}
	attribute([], [], memory);
	return memory;
}

describe("[A3] several commits of one request", () => {
	test("both are given to it, and both are learned", () => {
		const memory = taught(30);
		const start = 60_000;
		const found = attribute(
			[booking(101, start + 20, 700_001), counting(102, start + 50)],
			[exchangeOf(91, start, start + 200, 700_001)],
			memory,
		);
		expect(found).toMatchObject([
			{ kind: "request", seq: 91 },
			{ kind: "request", seq: 91 },
		]);
	});

	test("a second one of the same kind is given to nobody else as long as the first request explains it as well", () => {
		const memory = taught(30);
		const start = 60_000;
		const exchanges = [exchangeOf(91, start, start + 200, 700_001), exchangeOf(92, start, start + 200, 800_002)];
		attribute([booking(101, start + 20, 700_001)], exchanges, memory);
		const [found] = attribute([booking(102, start + 40, 700_001)], exchanges, memory);
		expect(found).toMatchObject({ kind: "ambiguous" });
		expect(found?.kind === "ambiguous" && found.candidates).toContain(91);
	});
});

test("[A15] of two requests the one whose own commit came first by the usual time is the likelier, and never surely so", () => {
	const memory = taught(30);
	const start = 60_000;
	const exchanges = [exchangeOf(91, start, start + 400, 700_001), exchangeOf(92, start, start + 400, 800_002)];
	// 91 booked 30 ms before the counting, 92 books only after it.
	const commits = [booking(101, start + 20, 700_001), counting(102, start + 50), booking(103, start + 300, 800_002)];
	const [first, counted, last] = attribute(commits, exchanges, memory);
	expect([first, last]).toMatchObject([
		{ kind: "request", seq: 91 },
		{ kind: "request", seq: 92 },
	]);
	expect(counted).toMatchObject({ kind: "request", seq: 91 });
	if (counted?.kind === "request") expect(counted.confidence).toBeGreaterThan(0.75);
});

function booking(index: number, at: number, account: number): Commit {
	return commitOf(index, at, "accounts", String(account), { id: account, balance: 90_000 + index * 7 });
}

function counting(index: number, at: number): Commit {
	return commitOf(index, at, "counters", "1", { n: 30_000 + index * 11 });
}

function commitOf(index: number, at: number, table: string, key: string, row: Record<string, number>): Commit {
	const image = (by: number) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, { i: String(value + by) }]));
	const branch = { branch: { t: "b442" } };
	const change: RowChange = { table, key, kind: "update", before: { ...image(-17), ...branch }, after: { ...image(0), ...branch } };
	return { index, since: at - 1, at, changes: [change] };
}

function exchangeOf(seq: number, startedAt: number, endedAt: number, account: number): Exchange {
	const text = (value: string) => Buffer.from(value).toString("base64");
	const told = {
		route: "POST /book",
		mirrored: true,
		arm: "legacy",
		decision: "sampled",
		planVersion: 1,
		truncated: false,
		error: null,
	} as const;
	const request = {
		method: "POST",
		target: "/book",
		headers: [] as [string, string][],
		body: text(`{"account":${account},"branch":"b442","nonce":"r${seq}x"}`),
	};
	return {
		...told,
		seq,
		startedAt,
		endedAt,
		openSince: startedAt,
		request,
		response: { status: 200, headers: [], body: text(`{"ok":"${seq}y"}`) },
	};
}
