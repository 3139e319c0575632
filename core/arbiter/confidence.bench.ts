// npm run bench:confidence [-- --json]: how often the default policy would send clients to a service whose one branch is just worse than
// allowed, looking after every request; and how soon it sends them to a clean one. Seeded: the same figures every time.
import { parseArgs } from "node:util";
import { policies } from "./index.ts";
import { requestsUntilCanary, seeded, type World } from "./testing/simulate.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "2000" } } });
const runs = Number(values.runs);
const say = (text: string): void => {
	if (!values.json) console.log(text);
};

// Whoever searches gives up at once, and whoever is asked lets it go on: nothing but the evidence keeps the gate shut.
const policy = { ...policies.default, heal: { ...policies.default.heal, minFailures: 1, maxAttempts: 1 } };
const limit = policy.canary[0]?.branches?.maxMismatchRate ?? 0;
// Equally frequent branches: a bad one that is judged before the others are ready is seldom still wrong when they are.
const shares = [0.34, 0.33, 0.33];
const horizon = 3_600;
const started = performance.now();

// The bad branch goes round, and so does how its faults show.
let wrongPromotions = 0;
const random = seeded(20_261_123);
for (let run = 0; run < runs; run++) {
	const rates = shares.map((_, index) => (index === run % shares.length ? limit * 1.001 : 0));
	const world: World = { policy, shares, rates, fault: run % 2 === 0 ? "failed" : "mismatched", horizon };
	if (requestsUntilCanary(world, random) !== null) wrongPromotions++;
}
say(
	`one of ${shares.length} branches at ${(limit * 100.1).toFixed(3)} %, allowed ${limit * 100} %: clients reached it in ${wrongPromotions} of ${runs} runs`,
);
say(
	`  (${((wrongPromotions / runs) * 100).toFixed(2)} %; promised: at most ${policy.alpha * 100} %), each of up to ${horizon} requests, looked at after every one`,
);

const clean = powerOf(0, 20_000);
const tenth = powerOf(limit / 10, 20_000);
say(`a clean service gets its first client after ${words(clean)}`);
say(`one that fails at a tenth of the limit, after ${words(tenth)}`);
say(`${((performance.now() - started) / 1000).toFixed(1)} s`);
if (values.json) console.log(JSON.stringify({ wrongPromotions, runs, alpha: policy.alpha, limit, horizon, clean, tenthOfLimit: tenth }));

type Power = { runs: number; opened: number; p50: number | null; p95: number | null };

/** Requests until the first client, when every branch fails at this rate. */
function powerOf(rate: number, longest: number): Power {
	const tries = 200;
	const next = seeded(7);
	const world: World = { policy, shares, rates: shares.map(() => rate), fault: "failed", horizon: longest };
	const found = Array.from({ length: tries }, () => requestsUntilCanary(world, next))
		.filter((count) => count !== null)
		.sort((a, b) => a - b);
	const at = (share: number) => found[Math.ceil(share * tries) - 1] ?? null;
	return { runs: tries, opened: found.length, p50: at(0.5), p95: at(0.95) };
}

function words({ runs: tries, opened, p50, p95 }: Power): string {
	return `${p50 ?? "more than the horizon"} requests in half of ${tries} runs, ${p95 ?? "more than the horizon"} in 95 % of them (${opened} of ${tries} opened)`;
}
