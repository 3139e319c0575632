import type { Commit, RowChange, SqlValue } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";

export type Regime = {
	/** How many accounts the requests draw from. */
	accounts: number;
	/** All requests ask the same and hear only "OK". */
	identical?: boolean;
	/** Requests that are open at once, about. */
	overlap: number;
	requests: number;
	seed: number;
	/** How much longer all takes than at 10 ms between two requests of 100 ms each. */
	slow?: number;
};

/** Exchanges and commits of a bank with many requests at once, and, kept aside, whose each commit is (null: the nightly job's). */
export type BankHistory = { exchanges: Exchange[]; commits: Commit[]; truth: Map<number, number | null> };

const names = "Ada Bruno Chiara Dario Elio Flavia Giulia Irene Luca Mirella Norma Oreste".split(" ");

/** Made, not recorded: 30 % reads, transfers, deposits and orders, a background job every 12 ms, and a quiet time with single requests first. */
export function bankHistory({ accounts, identical = false, overlap, requests, seed, slow = 1 }: Regime): BankHistory {
	const random = createRandom(seed);
	const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
	const balances = new Map<number, number>();
	const balanceOf = (account: number) => balances.get(account) ?? 100_000 + account * 17;
	const numberOf = (index: number) => 1_000_010 + index * 7;
	let movement = 40_000;
	let order = 900;
	const planned: { startedAt: number; endedAt: number; at: number; index: number }[] = [];
	const calibration = 40;
	for (let index = 0; index < calibration + requests; index++) {
		const isSingle = index < calibration;
		const length = isSingle ? between(5, 9) : between(40, 160) * slow;
		const startedAt = isSingle ? index * 37 + 6 : calibration * 37 + (random() * requests * 100 * slow) / overlap;
		planned.push({ startedAt, endedAt: startedAt + length, at: startedAt + 1 + random() * (length - 2), index });
	}
	const jobs = Array.from({ length: Math.ceil((Math.max(...planned.map((plan) => plan.endedAt)) + 20) / 12) }, (_, tick) => ({
		at: tick * 12 + random(),
		tick,
	}));
	const history: BankHistory = { exchanges: [], commits: [], truth: new Map() };
	let last = 0;
	const commit = (at: number, changes: RowChange[], owner: number | null) => {
		const index = history.commits.length + 1;
		history.commits.push({ index, since: Math.max(last, at - 1), at: at + 0.2, changes });
		history.truth.set(index, owner);
		last = at;
	};
	for (const event of [...planned, ...jobs].sort((a, b) => a.at - b.at)) {
		if ("tick" in event) {
			commit(
				event.at,
				[row("heartbeats", event.tick, null, { id: event.tick, beat: `node-${event.tick % 3}`, load: between(0, 90) })],
				null,
			);
			continue;
		}
		const { index, startedAt, endedAt } = event;
		const seq = index + 1;
		const isDistinct = accounts >= requests * 2;
		const from = identical ? 1 : isDistinct ? index * 2 : between(0, accounts - 1);
		const to = identical ? 2 : isDistinct ? index * 2 + 1 : (from + between(1, accounts - 1)) % accounts;
		const cents = identical ? 2500 : between(100, 90_000);
		const amount = (cents / 100).toFixed(2);
		const clock = `2026-11-22 19:${String(Math.floor(event.at / 60_000) % 60).padStart(2, "0")}:${String(Math.floor(event.at / 1000) % 60).padStart(2, "0")}`;
		const account = (key: number, by: number): RowChange => {
			const before = balanceOf(key);
			balances.set(key, before + by);
			const image = (balance: number) => ({ id: numberOf(key), owner: names[key % names.length] as string, balance, status: "A" });
			return row("accounts", numberOf(key), image(before), image(before + by));
		};
		const answer = (text: string) => (identical ? "<ok/>" : `<ok branch="12">${text}</ok>`);
		const kind = identical ? 1 : random();
		let target = "/balance";
		let body = `<q><account>${String(numberOf(from)).padStart(10, "0")}</account></q>`;
		let reply = answer(`<balance>${(balanceOf(from) / 100).toFixed(2)}</balance><owner>${names[from % names.length]}</owner>`);
		if (kind >= 0.8) {
			target = "/transfer";
			const id = ++movement;
			const changes = [account(from, -cents), account(to, cents)];
			changes.push(row("movements", id, null, { id, account: numberOf(from), cents: -cents, cause: 26, made: clock }));
			body = `<t><from>${numberOf(from)}</from><to>${numberOf(to)}</to><amount>${amount}</amount></t>`;
			reply = answer(`<movement>${id}</movement><time>${clock}</time><balance>${(balanceOf(from) / 100).toFixed(2)}</balance>`);
			commit(event.at, changes, seq);
		} else if (kind >= 0.5) {
			target = "/deposit";
			const id = ++movement;
			const changes = [account(from, cents), row("movements", id, null, { id, account: numberOf(from), cents, cause: 48, made: clock })];
			body = `<d><account>${numberOf(from)}</account><amount>${amount}</amount></d>`;
			reply = answer(`<movement>${id}</movement><time>${clock}</time>`);
			commit(event.at, changes, seq);
		} else if (kind >= 0.3) {
			target = "/order";
			const id = ++order;
			body = `<o><account>${numberOf(from)}</account><item>${between(10, 60)}</item></o>`;
			reply = answer(`<order>${id}</order>`);
			commit(event.at, [row("orders", id, null, { id, account: numberOf(from), state: "NEW", made: clock })], seq);
		}
		const base64 = (text: string) => Buffer.from(text).toString("base64");
		history.exchanges.push({
			seq,
			route: `POST ${target}`,
			mirrored: true,
			arm: "legacy",
			decision: "sampled",
			planVersion: 1,
			truncated: false,
			startedAt,
			endedAt,
			openSince: startedAt,
			request: { method: "POST", target, headers: [["user-agent", "teller/3.1"]], body: base64(body) },
			response: { status: 200, headers: [], body: base64(reply) },
			error: null,
		});
	}
	return history;
}

type Plain = Record<string, string | number>;

function row(table: string, key: number, before: Plain | null, after: Plain): RowChange {
	const image = (plain: Plain) =>
		Object.fromEntries(
			Object.entries(plain).map(([name, value]): [string, SqlValue] => [
				name,
				typeof value === "number" ? { i: String(value) } : { t: value },
			]),
		);
	return { table, key: String(key), kind: before === null ? "insert" : "update", before: before && image(before), after: image(after) };
}

/** Mulberry32. */
export function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
