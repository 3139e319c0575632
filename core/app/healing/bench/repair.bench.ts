// `npm run bench:repair`: defects planted in the source of three applications, their services run beside the unchanged ones, and the search
// over the blueprint alone is to heal them. Flags: --json (ends with one line), --seed N, --each N (defects of a function), --only UNIT.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Healed, HealInput } from "./heal-subject.ts";
import { plantsOf } from "./plants.ts";
import { subjects } from "./subjects.ts";

const { values } = parseArgs({
	options: {
		json: { type: "boolean", default: false },
		seed: { type: "string", default: "11" },
		each: { type: "string", default: "5" },
		only: { type: "string", default: "" },
		budget: { type: "string", default: "20000" },
	},
});
const say = (line: string): void => (values.json ? undefined : console.log(line));

function heal(input: HealInput): Promise<Healed> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL("./heal-subject.ts", import.meta.url), { workerData: input });
		worker.once("message", resolve);
		worker.once("error", reject);
	});
}

const healed: Healed[] = [];
let unseen = 0;
async function benchSubject({ unit, folder, files }: (typeof subjects)[number]): Promise<void> {
	const seed = Number(values.seed);
	const plants = files.flatMap((file, index) => plantsOf(file, readFileSync(join(folder, file), "utf8"), seed + index));
	// One of each family in turn, so that what is frequent in a text does not make the figure.
	const families = [...new Set(plants.map(({ family }) => family))];
	const ordered = plants.map((plant) => ({
		plant,
		rank: plants.filter(({ family }) => family === plant.family).indexOf(plant),
		family: families.indexOf(plant.family),
	}));
	ordered.sort((a, b) => a.rank - b.rank || a.family - b.family);
	let taken = 0;
	for (const { plant } of ordered) {
		if (taken >= Number(values.each)) return;
		const one = await heal({ unit, plant, seed: seed + taken, budgetMs: Number(values.budget) });
		if (one.shown < 3) {
			unseen++;
			continue;
		}
		taken++;
		healed.push(one);
		const outcome = one.isHealed ? "healed" : one.isAccepted ? `${one.left} left` : "open";
		say(
			`${outcome.padEnd(8)} ${unit} ${plant.family}: ${plant.old} -> ${plant.now} | ${one.shown} shown, ${one.candidates} candidates, ${one.ms} ms`,
		);
		if (!values.json) say(`         ${one.explanation}`);
	}
}

const wanted = subjects.filter(({ unit }) => unit.includes(values.only));
const queue = [...wanted];
await Promise.all(
	[0, 1].map(async () => {
		for (let next = queue.shift(); next !== undefined; next = queue.shift()) await benchSubject(next);
	}),
);
const times = healed
	.filter(({ isHealed }) => isHealed)
	.map(({ ms }) => ms)
	.sort((a, b) => a - b);
const quantile = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const families = [...new Set(healed.map(({ plant }) => plant.family))].sort();
for (const family of families) {
	const of = healed.filter(({ plant }) => plant.family === family);
	say(`${family.padEnd(16)} ${of.filter(({ isHealed }) => isHealed).length} of ${of.length}`);
}
say(`${unseen} planted changes were left out: fewer than three requests showed them, or they cannot be translated`);
console.log(
	JSON.stringify({
		planted: healed.length,
		healed: healed.filter(({ isHealed }) => isHealed).length,
		regressions: healed.filter(({ regressions }) => regressions > 0).length,
		p50Ms: quantile(0.5),
		p95Ms: quantile(0.95),
	}),
);
