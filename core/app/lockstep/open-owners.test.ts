import { expect, test } from "vitest";
import type { Commit, RowChange } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { createOpenOwners } from "./open-owners.ts";

const mine = exchangeOf(1, 100);
const other = exchangeOf(2, 150);
const none = new Set<string>();

test("[L2] a request is open until no further commit can be its own, and has the changes of all that were", () => {
	const open = createOpenOwners<string>();
	open.open({ exchange: mine, ran: "answer", position: 4 });
	open.see(commitOf(1, update("accounts", "7")), mine, false, none);
	open.see(commitOf(2, update("accounts", "9")), other, false, none);
	open.see(commitOf(3, insert("audit", "1")), mine, false, none);
	expect(open.takeEnded(104)).toEqual([]);
	expect(open.has(mine)).toBe(true);
	expect(open.takeEnded(105)).toMatchObject([
		{ ran: "answer", position: 4, commits: 2, conflict: null, changes: [{ key: "7" }, { key: "1" }] },
	]);
	expect(open.exchanges).toEqual([]);
});

test("[L3] a row of the request that somebody else changed between its commits takes the comparison away", () => {
	const open = createOpenOwners<string>();
	open.open({ exchange: mine, ran: "answer", position: 0 });
	open.see(commitOf(1, update("accounts", "7")), mine, false, none);
	open.see(commitOf(2, update("accounts", "7")), other, false, none);
	open.see(commitOf(3, update("limits", "3")), mine, false, none);
	expect(open.takeEnded(1_000)[0]?.conflict).toBe("several-commits");
});

test("[L3] a change by somebody else after the last commit, or by nobody in between, takes nothing away", () => {
	const open = createOpenOwners<string>();
	open.open({ exchange: mine, ran: "answer", position: 0 });
	open.see(commitOf(1, update("accounts", "7")), mine, false, none);
	open.see(commitOf(2, update("accounts", "8")), null, false, none);
	open.see(commitOf(3, update("limits", "3")), mine, false, none);
	open.see(commitOf(4, update("accounts", "7")), other, false, none);
	expect(open.takeEnded(1_000)[0]?.conflict).toBeNull();
});

test("[L3] numbers of new rows that others took meanwhile count, unless they may differ", () => {
	for (const numbered of [none, new Set(["audit"])]) {
		const open = createOpenOwners<string>();
		open.open({ exchange: mine, ran: "answer", position: 0 });
		open.see(commitOf(1, insert("movements", "40")), mine, false, numbered);
		open.see(commitOf(2, insert("movements", "41")), other, false, numbered);
		open.see(commitOf(3, insert("audit", "10")), other, false, numbered);
		open.see(commitOf(4, insert("audit", "11")), mine, false, numbered);
		expect(open.takeEnded(1_000)[0]?.conflict).toBe(numbered.has("audit") ? null : "several-commits");
	}
});

test("[L4] of twins nobody knows whose the second commit is", () => {
	const open = createOpenOwners<string>();
	open.open({ exchange: mine, ran: "answer", position: 0 });
	open.see(commitOf(1, update("accounts", "7")), mine, true, none);
	expect(open.drop(other)).toBeNull();
	open.see(commitOf(2, update("limits", "3")), mine, false, none);
	expect(open.drop(mine)?.conflict).toBe("several-commits");
	expect(open.exchanges).toEqual([]);
});

function update(table: string, key: string): RowChange {
	return { table, key, kind: "update", before: { v: { i: "1" } }, after: { v: { i: "2" } } };
}

function insert(table: string, key: string): RowChange {
	return { table, key, kind: "insert", before: null, after: { v: { i: "2" } } };
}

function commitOf(index: number, ...changes: RowChange[]): Commit {
	return { index, since: index, at: index + 1, changes };
}

function exchangeOf(seq: number, endedAt: number): Exchange {
	const [request, response] = [
		{ method: "POST", target: "/a", headers: [], body: "" },
		{ status: 200, headers: [], body: "" },
	];
	const told = {
		route: "POST /a",
		mirrored: true,
		arm: "legacy",
		decision: "sampled",
		planVersion: 1,
		truncated: false,
		error: null,
	} as const;
	return { ...told, seq, startedAt: 0, endedAt, openSince: 0, request, response };
}
