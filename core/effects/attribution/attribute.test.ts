import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attribution, Commit, SqlValue } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { type BankHistory, bankHistory, type Regime } from "../testing/bank-history.ts";
import { playHistory } from "../testing/play-history.ts";
import { attribute, createAttributionMemory } from "./attribute.ts";
import { canonicalToken, commitValues } from "./value-tokens.ts";

function figuresOf(history: BankHistory, finals: readonly Attribution[]) {
	const figures = { tx: 0, correct: 0, wrong: 0, sure: 0, wrongSure: 0, ambiguous: 0, truthAmong: 0, backgroundWrong: 0 };
	for (const found of finals) {
		const owner = history.truth.get(found.commit) ?? null;
		if (owner === null) {
			if (found.kind !== "background") figures.backgroundWrong++;
			continue;
		}
		figures.tx++;
		const isRight = found.kind === "request" && found.seq === owner;
		if (isRight) figures.correct++;
		else if (found.kind === "ambiguous") {
			figures.ambiguous++;
			if (found.candidates.includes(owner)) figures.truthAmong++;
		} else figures.wrong++;
		if (found.kind === "ambiguous" || found.confidence < 0.95) continue;
		figures.sure++;
		if (!isRight) figures.wrongSure++;
	}
	return figures;
}

function share(part: number, whole: number): string {
	return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}

describe("concurrent histories whose truth is kept aside", () => {
	const regimes: { name: string; regime: Omit<Regime, "seed">; leastCorrect: number; leastSure: number }[] = [
		{ name: "distinct accounts", regime: { accounts: 1000, overlap: 200, requests: 400 }, leastCorrect: 0.98, leastSure: 0.9 },
		{ name: "random accounts", regime: { accounts: 300, overlap: 200, requests: 400 }, leastCorrect: 0.97, leastSure: 0.9 },
		{ name: "hot: 10 accounts", regime: { accounts: 10, overlap: 200, requests: 400 }, leastCorrect: 0.9, leastSure: 0.7 },
		{ name: "a few at once", regime: { accounts: 300, overlap: 8, requests: 300 }, leastCorrect: 0.98, leastSure: 0.9 },
	];
	for (const { name, regime, leastCorrect, leastSure } of regimes) {
		test(`[A1] [A7] ${name}: nearly all are found, and none is wrong that is stated at 0.95 or more`, () => {
			const sum = { tx: 0, correct: 0, wrong: 0, sure: 0, wrongSure: 0, ambiguous: 0, truthAmong: 0, backgroundWrong: 0 };
			const callMs: number[] = [];
			let waiting = 0;
			for (let seed = 1; seed <= 4; seed++) {
				const history = bankHistory({ ...regime, seed });
				const played = playHistory(history, createAttributionMemory());
				expect(played.finals.length).toBeGreaterThan(history.commits.length * 0.97);
				for (const [key, value] of Object.entries(figuresOf(history, played.finals))) sum[key as keyof typeof sum] += value;
				callMs.push(...played.callMs);
				waiting = Math.max(waiting, played.mostWaiting);
			}
			callMs.sort((a, b) => a - b);
			const at = (quantile: number) => (callMs[Math.floor(callMs.length * quantile)] as number).toFixed(2);
			process.stdout.write(
				`${name}: ${sum.tx} commits, correct ${share(sum.correct, sum.tx)}, stated >= 0.95 ${share(sum.sure, sum.tx)} (wrong there ${sum.wrongSure}), wrong below ${sum.wrong - sum.wrongSure}, ambiguous ${sum.ambiguous} (owner among them ${sum.truthAmong}), job taken for a request ${sum.backgroundWrong}; ${waiting} waiting, call p50 ${at(0.5)} p99 ${at(0.99)} ms\n`,
			);
			expect(sum.wrongSure).toBe(0);
			expect(sum.correct / sum.tx).toBeGreaterThan(leastCorrect);
			expect(sum.sure / sum.tx).toBeGreaterThan(leastSure);
		});
	}

	test("[A13] 130 requests a second with 200 waiting: a call is short", () => {
		const { callMs, mostWaiting } = playHistory(
			bankHistory({ accounts: 300, overlap: 200, requests: 500, slow: 15, seed: 5 }),
			createAttributionMemory(),
		);
		const busy = callMs.slice(500).sort((a, b) => a - b);
		const at = (quantile: number) => busy[Math.floor(busy.length * quantile)] as number;
		process.stdout.write(`${mostWaiting} waiting, ${busy.length} calls: p50 ${at(0.5).toFixed(2)} ms, p95 ${at(0.95).toFixed(2)} ms\n`);
		expect(mostWaiting).toBeGreaterThan(150);
		// Ten times what it takes on an idle machine: a guard against another order of growth.
		expect(at(0.5)).toBeLessThan(15);
	});

	test("[A8] identical requests with equal answers are assigned, and their confidence says that it is arbitrary", () => {
		const history = bankHistory({ accounts: 10, identical: true, overlap: 100, requests: 200, seed: 3 });
		const { finals } = playHistory(history, createAttributionMemory());
		const figures = figuresOf(history, finals);
		process.stdout.write(
			`identical bodies: ${figures.tx} commits, right by chance ${share(figures.correct, figures.tx)}, stated >= 0.95 ${figures.sure} (wrong there ${figures.wrongSure}), ambiguous ${figures.ambiguous}\n`,
		);
		expect(figures.wrongSure).toBe(0);
		const plain = finals.filter((found) => found.kind !== "request" || !found.exchangeable);
		const others = figuresOf(history, plain);
		expect(others.wrong).toBeLessThan(figures.tx * 0.05);
		// All requests ask the same: whoever is named for one of its commits is a twin of the owner, and not nobody.
		const exchangeable = finals.filter((found) => found.kind === "request" && found.exchangeable);
		expect(exchangeable.length).toBeGreaterThan(figures.tx * 0.1);
		for (const found of exchangeable) expect(history.truth.get(found.commit)).not.toBeNull();
		const crowded = finals.flatMap((found) => (found.commit > 250 && found.kind === "request" ? found.confidence : []));
		expect(crowded.filter((confidence) => confidence >= 0.75).length).toBeLessThan(figures.tx * 0.1);
	});

	test("[A8] two twins at once are assigned one to one at about one half", () => {
		const commits = [1, 2].map((index) => commitOf(index, 1040 + index, "accounts", { id: { i: "1000451" } }));
		const found = attribute(commits, [exchangeOf(1, "<a>1000451</a>"), exchangeOf(2, "<a>1000451</a>")], createAttributionMemory());
		expect(found.map((one) => one.kind)).toEqual(["request", "request"]);
		expect(new Set(found.flatMap((one) => (one.kind === "request" ? one.seq : []))).size).toBe(2);
		for (const one of found) if (one.kind === "request") expect(one.confidence).toBeLessThan(0.6);
	});

	test("[A2] [A3] one commit has one answer, and one request one commit of each signature, however the lists are cut", () => {
		const history = bankHistory({ accounts: 6, overlap: 40, requests: 60, seed: 9 });
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: history.commits.length }), { minLength: 1, maxLength: 6 }),
				fc.nat(99),
				(cuts, percent) => {
					const memory = createAttributionMemory();
					const some = history.exchanges.filter((exchange) => (exchange.seq * 37) % 100 >= percent);
					for (const cut of cuts.sort((a, b) => a - b)) {
						const commits = history.commits.slice(Math.max(0, cut - 80), cut);
						const found = attribute(commits, some, memory);
						expect(found.map((one) => one.commit)).toEqual(commits.map((commit) => commit.index));
						const owners = found.flatMap((one, index) =>
							one.kind === "request" ? `${one.seq} ${commitValues(commits[index] as Commit).signature}` : [],
						);
						expect(new Set(owners).size).toBe(owners.length);
						const named = found.flatMap((one) => (one.kind === "request" ? one.seq : []));
						expect(named.every((seq) => some.some((exchange) => exchange.seq === seq))).toBe(true);
						expect(attribute(commits, some, memory)).toEqual(found);
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});

describe("single cases", () => {
	test("[A4] a token is a number by its magnitude, or a text in lower case", () => {
		const pairs = [
			["000123", "123"],
			["-250.00", "250"],
			["12.50", "12.5"],
			["9007199254740993", "9007199254740993"],
			["ROSSI", "rossi"],
			["(a).".slice(3), ""],
			["0", "0"],
			["000", "0"],
		];
		for (const [part, token] of pairs) expect(canonicalToken(part as string)).toBe(token);
	});

	test("[A9] a commit made while no request was open is background; so is one that shares nothing with those that were", () => {
		const memory = createAttributionMemory();
		const job = (index: number, at: number) => commitOf(index, at, "beats", { id: { i: String(70_000 + index) } });
		expect(attribute([job(1, 5000)], [exchangeOf(1, "<a>1000451</a>")], memory)).toMatchObject([{ kind: "background", confidence: 0.99 }]);
		expect(attribute([job(2, 1050)], [exchangeOf(1, "<a>1000451</a>")], memory)[0]).toMatchObject({ kind: "background" });
	});

	test("[A7] the first commit of a route can be found, but never states more than 0.8", () => {
		const memory = createAttributionMemory();
		const commit = commitOf(1, 1050, "accounts", { id: { i: "1000451" }, balance: { i: "778123" } });
		const found = attribute([commit], [exchangeOf(1, "<a>1000451</a>"), exchangeOf(2, "<a>1000999</a>")], memory);
		expect(found).toEqual([{ kind: "request", commit: 1, seq: 1, confidence: 0.8, exchangeable: false, links: ["1000451"] }]);
	});

	test("[A10] two commits that only one request can have made are both ambiguous", () => {
		const memory = createAttributionMemory();
		const commits = [1, 2].map((index) => commitOf(index, 1040 + index, "accounts", { id: { i: "1000451" }, n: { i: String(index) } }));
		expect(attribute(commits, [exchangeOf(1, "<a>1000451</a>")], memory)).toMatchObject([
			{ kind: "ambiguous", candidates: [1] },
			{ kind: "ambiguous", candidates: [1] },
		]);
	});

	test("[A10] different requests that explain a commit equally well are all named", () => {
		const memory = createAttributionMemory();
		const commit = commitOf(1, 1050, "accounts", { id: { i: "1000451" } });
		const found = attribute([commit], [exchangeOf(1, "<a>1000451</a><x>1</x>"), exchangeOf(2, "<a>1000451</a><x>2</x>")], memory);
		expect(found).toEqual([{ kind: "ambiguous", commit: 1, candidates: [1, 2] }]);
	});

	test("[A16] a merged commit is ambiguous among all who were open, whatever it holds; a commit beside it that goes to one of those too; nothing is learned", () => {
		const memory = createAttributionMemory();
		const merged: Commit = { ...commitOf(1, 1050, "accounts", { id: { i: "1000451" } }), merged: 2 };
		const alone = commitOf(2, 1060, "accounts", { id: { i: "1000452" } });
		const other = commitOf(3, 1210, "accounts", { id: { i: "1000453" } });
		const exchanges = [exchangeOf(1, "<a>1000451</a>"), exchangeOf(2, "<a>1000452</a>")];
		const later = { ...exchangeOf(3, "<a>1000453</a>"), startedAt: 1200, endedAt: 1220 };
		expect(attribute([merged, alone, other], [...exchanges, later], memory)).toMatchObject([
			{ kind: "ambiguous", commit: 1, candidates: [1, 2] },
			{ kind: "ambiguous", commit: 2, candidates: [2] },
			{ kind: "request", commit: 3, seq: 3 },
		]);
		attribute([], [], memory);
		expect(memory.requests).toBe(1);
		// A request that was given up for it stays a possible owner of what comes beside.
		const first = createAttributionMemory();
		attribute([merged, alone], exchanges, first);
		expect(attribute([alone], [], first)).toMatchObject([{ kind: "ambiguous", candidates: [] }]);
	});

	test("[A11] a commit is learned once, when it is no longer named, however often it was", () => {
		const memory = createAttributionMemory();
		const exchange = exchangeOf(1, "<a>1000451</a>");
		const commit = commitOf(1, 1050, "accounts", { id: { i: "1000451" } });
		for (let call = 0; call < 5; call++) attribute([commit], [exchange], memory);
		expect(memory.requests).toBe(0);
		for (let call = 0; call < 3; call++) attribute([], [], memory);
		expect(memory.requests).toBe(1);
		attribute([commit], [exchange], memory);
		attribute([], [], memory);
		expect(memory.requests).toBe(1);
	});

	test("[A12] what is kept stays bounded", () => {
		const memory = createAttributionMemory();
		for (let seq = 1; seq <= 6_000; seq++) attribute([], [exchangeOf(seq, `<a>${1_000_000 + seq}</a>`)], memory);
		expect(memory.exchanges.size).toBe(5_000);
		// Each number counts as it stands and as cents.
		expect(memory.frequency.size).toBeLessThan(10_100);
		expect(memory.commits.size).toBe(0);
	});
});

function exchangeOf(seq: number, body: string): Exchange {
	return {
		seq,
		route: "POST /a",
		mirrored: true,
		arm: "legacy",
		decision: "sampled",
		planVersion: 1,
		truncated: false,
		startedAt: 1000,
		endedAt: 1100,
		openSince: 1000,
		request: { method: "POST", target: "/a", headers: [], body: Buffer.from(body).toString("base64") },
		response: { status: 200, headers: [], body: Buffer.from("<ok/>").toString("base64") },
		error: null,
	};
}

function commitOf(index: number, at: number, table: string, after: Record<string, SqlValue>): Commit {
	return { index, since: at - 1, at, changes: [{ table, key: String(index), kind: "insert", before: null, after }] };
}
