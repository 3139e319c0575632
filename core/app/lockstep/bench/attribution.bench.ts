// Attribution against a truth that is kept aside, live: npm run -s bench:attribution -- [--json] [--only WORD] [--requests N] [--seed N]
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../base/index.ts";
import { sampleRoot, sampleSource, seedSample } from "../../sample/bank.ts";
import { attributeLive } from "./attribute-live.ts";
import { figuresOf, type RegimeFigures } from "./attribution-figures.ts";
import { followLegacy } from "./legacy.ts";
import { type Ask, ask, createDraw, send } from "./load.ts";

type Regime = { accounts: number; jobMs?: number; blank?: boolean; uncalibrated?: boolean; distinct?: boolean; hot?: boolean };

const regimes: Record<string, Regime> = {
	"distinct accounts": { accounts: 20_000, distinct: true },
	"random accounts": { accounts: 2_000 },
	"hot: 10 accounts": { accounts: 10 },
	"identical bodies, answers that say nothing": { accounts: 2, blank: true },
	"random, second signature never calibrated": { accounts: 2_000, uncalibrated: true },
	"hot, second signature never calibrated": { accounts: 10, uncalibrated: true },
	"random, a background job every 12 ms": { accounts: 2_000, jobMs: 12 },
};
const bank = fileURLToPath(new URL("./bank.py", import.meta.url));
const routes = ["/deposit", "/transfer", "/order", "/balance"].map((path) => ({ method: "POST", path }));
const sampleRoutes = [
	...["/login", "/transfer", "/interest", "/loan", "/fees", "/admin/batch"].map((path) => ({ method: "POST", path })),
	...["/balance", "/credit-score", "/statement", "/limits"].map((path) => ({ method: "GET", path })),
];
const word = (name: string) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const requests = Number(word("--requests") ?? 2_000);
const seed = Number(word("--seed") ?? 7);
const isJson = process.argv.includes("--json");
const atOnce = 200;
const isolated = 40;

async function bankRegime({
	accounts,
	jobMs = 100,
	blank = false,
	uncalibrated = false,
	distinct = false,
}: Regime): Promise<RegimeFigures> {
	const followed = await followLegacy({
		program: bank,
		routes,
		arguments: () => ["--accounts", String(accounts), "--seed", String(seed), "--job-ms", String(jobMs), ...(blank ? ["--blank"] : [])],
	});
	try {
		const live = attributeLive(followed);
		const draw = createDraw(seed);
		let fresh = 0;
		const account = () => 1_000_010 + 7 * (distinct ? fresh++ % accounts : draw(accounts));
		const next = (): Ask => {
			if (blank) return { method: "POST", path: "/deposit", body: { account: 1_000_010, amount: 25 } };
			const kind = draw(10);
			const amount = (100 + draw(90_000)) / 100;
			if (kind < 2) return { method: "POST", path: "/balance", body: { account: account() } };
			if (kind < 5) return { method: "POST", path: "/deposit", body: { account: account(), amount } };
			if (kind < 8) return { method: "POST", path: "/transfer", body: { from: account(), to: account(), amount } };
			return { method: "POST", path: "/order", body: { account: account(), item: 10 + draw(50) } };
		};
		const set = (body: object) => ask(followed.direct, { method: "POST", path: "/settings", body });
		await set({ job: true, second: !uncalibrated });
		await delay(500);
		await send(followed.url, 1, isolated, 1, next);
		await set({ second: true });
		await followed.drain();
		const from = followed.commits.length;
		await send(followed.url, isolated + 1, requests, atOnce, next);
		await set({ job: false });
		await live.stop();
		return figuresOf(followed, live.finals, live.roundMs, from);
	} finally {
		await followed.end();
	}
}

async function sampleRegime(): Promise<RegimeFigures> {
	const followed = await followLegacy({
		program: join(sampleSource, "bank.py"),
		routes: sampleRoutes,
		arguments: () => [],
		prepare: (database) => seedSample(database, { accounts: 10_000 }),
	});
	const traffic = async (args: string[]) => {
		const child = spawn(
			"python3",
			["-B", "traffic.py", "--url", followed.url, "--seed", String(seed), "--db", followed.database, ...args],
			{
				cwd: sampleRoot,
				env: childEnvironment(process.env),
				stdio: ["ignore", "ignore", "inherit"],
			},
		);
		const code = await new Promise((resolve) => child.once("exit", resolve));
		if (code !== 0) throw new Error(`the traffic ended with code ${code}`);
	};
	try {
		const live = attributeLive(followed);
		await traffic(["--sequential", "--count", "100"]);
		await followed.drain();
		const from = followed.commits.length;
		// More than it can answer: 256 stay open.
		await traffic(["--rate", "3000", "--count", String(requests)]);
		await live.stop();
		return figuresOf(followed, live.finals, live.roundMs, from);
	} finally {
		await followed.end();
	}
}

const figures: Record<string, RegimeFigures> = {};
const all: Record<string, () => Promise<RegimeFigures>> = {
	...Object.fromEntries(Object.entries(regimes).map(([name, regime]) => [name, () => bankRegime(regime)])),
	"the sample": sampleRegime,
};
for (const [name, run] of Object.entries(all)) {
	if (!name.includes(word("--only") ?? "")) continue;
	const found = await run();
	figures[name] = found;
	const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
	if (!isJson)
		console.log(
			`${name}: ${found.changes} row changes of ${found.requests} requests (${found.overlap} open at once): right ${percent(found.right)} of ${found.attributable}, stated >= 0.95 ${percent(found.stated95)}, wrong there ${found.wrongAt95}; exchangeable ${found.exchangeable}, asked the same at once ${found.sameQuestion}, ambiguous ${found.ambiguous}, wrong below 0.95 ${found.wrong - found.wrongAt95}; several commits ${found.severalWhole} of ${found.several} whole; a round ${found.roundP50Ms.toFixed(1)} ms, p95 ${found.roundP95Ms.toFixed(1)} ms`,
		);
}
if (isJson) console.log(JSON.stringify({ seed, atOnce, regimes: figures }));
