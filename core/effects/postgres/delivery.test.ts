import fc from "fast-check";
import { expect, test } from "vitest";
import type { Commit, RowChange } from "../../contract/effects.ts";
import { createClockWindow } from "./clock-window.ts";
import { createDelivery } from "./delivery.ts";
import { createInbox } from "./inbox.ts";

const row: RowChange = { table: "t", key: "1", kind: "insert", before: null, after: { id: { i: "1" } } };

function make(confirmsItself: boolean, mostWaitingBytes = 1000) {
	const clocks = createClockWindow();
	clocks.learn(1_000_000, 1_000_000);
	const delivery = createDelivery({ start: 100n, confirmsItself, mostWaitingBytes, clocks });
	const deliver = (endLsn: bigint, changes = [row], bytes = 10) =>
		delivery.deliver({ endLsn, committedAt: Number(endLsn), changes, bytes, marks: [] });
	return { delivery, deliver };
}

test("[P10] the place that the server may forget moves only after a commit was handed over", () => {
	const { delivery, deliver } = make(true);
	deliver(110n);
	delivery.reach(120n);
	expect(delivery.confirmed).toBe(100n);
	const places: bigint[] = [];
	delivery.subscribe(() => places.push(delivery.confirmed, delivery.position));
	expect(places).toEqual([100n, 110n]);
	expect(delivery.confirmed).toBe(120n);
	deliver(130n);
	expect(places.slice(2)).toEqual([100n + 10n, 130n]);
	expect(delivery.confirmed).toBe(130n);
});

test("[P11] with a durable slot it moves only when the caller says so; an idle log is let go once all is kept", () => {
	const { delivery, deliver } = make(false);
	delivery.subscribe(() => {});
	delivery.reach(105n);
	expect(delivery.confirmed).toBe(105n);
	deliver(110n);
	deliver(120n);
	delivery.reach(200n);
	expect(delivery.confirmed).toBe(100n);
	delivery.confirm(110n);
	expect(delivery.confirmed).toBe(110n);
	// What was never delivered cannot be kept; what was kept stays so.
	delivery.confirm(150n);
	delivery.confirm(105n);
	expect(delivery.confirmed).toBe(110n);
	delivery.confirm(120n);
	expect(delivery.confirmed).toBe(200n);
});

test("[P11] what a new connection sends again is not delivered again; a transaction without row changes is no commit", () => {
	const { delivery, deliver } = make(false);
	const commits: Commit[] = [];
	delivery.subscribe((commit) => commits.push(commit));
	for (const end of [110n, 120n, 110n, 120n, 130n]) deliver(end, end === 120n ? [] : [row]);
	expect(commits.map(({ index }) => index)).toEqual([1, 2]);
	expect([delivery.delivered, delivery.position, delivery.index]).toEqual([130n, 130n, 2]);
});

test("[P13] commits before the first listener are kept up to a limit, and are its first", () => {
	const { delivery, deliver } = make(true, 25);
	deliver(110n);
	deliver(120n);
	expect(delivery.isFull).toBe(false);
	deliver(130n);
	expect(delivery.isFull).toBe(true);
	const seen: number[] = [];
	delivery.subscribe(({ index }) => seen.push(index));
	deliver(140n);
	expect([seen, delivery.isFull]).toEqual([[1, 2, 3, 4], false]);
});

test("[P8] `since` is never after the commit nor before the last `since`, whatever the server's clock says", () => {
	fc.assert(
		fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(fc.nat(1000), { minLength: 1 }), fc.nat(50), (offset, steps, delay) => {
			const clocks = createClockWindow();
			const delivery = createDelivery({ start: 0n, confirmsItself: true, mostWaitingBytes: 1, clocks });
			const commits: Commit[] = [];
			delivery.subscribe((commit) => commits.push(commit));
			let now = Date.now() - 1e6;
			clocks.learn(now, now + delay - offset);
			const times = steps.map((step) => {
				now += step;
				return now;
			});
			for (const [place, time] of times.entries())
				delivery.deliver({ endLsn: BigInt(place + 1), committedAt: time - offset, changes: [row], bytes: 1, marks: [] });
			for (const [place, { since, at }] of commits.entries()) {
				expect(since).toBeLessThanOrEqual(times[place] as number);
				expect(since).toBeGreaterThanOrEqual((times[place] as number) - delay - 1);
				expect(since).toBeGreaterThanOrEqual(commits[place - 1]?.since ?? 0);
				expect(at).toBeGreaterThanOrEqual(since);
			}
		}),
	);
});

test("[P13] what waits is bounded: the connection pauses above the limit and goes on below half of it, in order", () => {
	const log: string[] = [];
	let mayGoOn = false;
	const inbox = createInbox<number>({
		mostBytes: 100,
		handle: (item) => mayGoOn && log.push(String(item)) > 0,
		pause: () => log.push("pause"),
		resume: () => log.push("resume"),
	});
	for (let item = 1; item <= 5; item++) {
		inbox.put(item, 30);
		inbox.pump();
	}
	expect(log).toEqual(["pause"]);
	mayGoOn = true;
	inbox.pump();
	expect(log).toEqual(["pause", "1", "2", "3", "4", "5", "resume"]);
});
