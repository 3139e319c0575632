// npm run bench:probe [-- --json --seconds 25 --seed 3]: of the sample's ten functions, how many branches live traffic takes, how many more
// generated requests reach, and what these say of the first draft and of the service that keeps legacy's semantics everywhere, whose
// differences would be false alarms. Real bank, real replica, real services.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import { branchesOf } from "../../contract/branches.ts";
import { sitesOf } from "../../contract/sites.ts";
import { outcomeOf } from "../../contract/verdict.ts";
import { cloneDatabase, openCollector } from "../../effects/index.ts";
import { openGateway } from "../../gateway/control/index.ts";
import { createProcessRuntime } from "../../operator/index.ts";
import { comparePolicy } from "../comparison-policy.ts";
import { openProject } from "../project.ts";
import { exactly, fieldsOf } from "../run/job.ts";
import { programs } from "../run/programs.ts";
import { writeFolder } from "../run/service-folder.ts";
import { sampleReplica, sampleSource, seedSample, startSample, startTraffic } from "../sample/bank.ts";
import type { Probe, TakenProbe } from "./probe.ts";
import { startReplica } from "./replica.ts";
import { runProbes } from "./run-probes.ts";
import { searchProbes } from "./search.ts";

const { values } = parseArgs({
	options: {
		json: { type: "boolean", default: false },
		seconds: { type: "string", default: "25" },
		seed: { type: "string", default: "3" },
	},
});
const functions = ["transfer", "interest", "credit_score", "login", "balance", "loan", "statement", "fees", "limits", "batch"];
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
const budgetMs = 15_000;
const say = (text: string): void => {
	if (!values.json) console.log(text);
};

const dir = mkdtempSync(join(tmpdir(), "phoenix-probe-"));
const project = await openProject(sampleSource, { sample: true });
const runtime = createProcessRuntime({ dir: join(dir, "processes") });
const { seen, database } = await observe();
const total = { branches: 0, byTraffic: 0, byGenerated: 0, compared: 0, unanswered: 0, draftDiffering: 0, exactDiffering: 0, ms: 0 };
say("                branches  traffic  generated  compared  differ: draft  exact     ms");
for (const name of functions) {
	const row = await measure(project.blueprint(project.resolve(name)));
	for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += row[key];
	tell(name, row);
}
tell("all", total);
rmSync(dir, { recursive: true, force: true });
if (values.json) console.log(JSON.stringify({ ...total, seconds, seed }));

function tell(name: string, row: typeof total): void {
	const { branches, byTraffic, byGenerated, compared, draftDiffering, exactDiffering, ms } = row;
	const pad = (value: number, width: number) => String(value).padStart(width);
	say(
		`${name.padEnd(14)}${pad(branches, 10)}${pad(byTraffic, 9)}${pad(byGenerated, 11)}${pad(compared, 10)}${pad(draftDiffering, 15)}${pad(exactDiffering, 7)}${pad(ms, 7)}`,
	);
}

/** What clients send in a while, and the bank's database after it. */
async function observe() {
	const database = join(dir, "bank.db");
	await seedSample(database, { accounts: 2_000 });
	const bank = await startSample({ database, port: 0, dir });
	const gateway = await openGateway({
		stateDir: join(dir, "gateway"),
		port: 0,
		legacy: { host: "127.0.0.1", port: bank.port },
		workers: 1,
	});
	const seen: Pick<Probe, "route" | "request">[] = [];
	gateway.onExchanges((batch) => {
		for (const { request } of batch) seen.push({ route: `${request.method} ${request.target.split("?")[0]}`, request });
	});
	const traffic = startTraffic({ url: `http://127.0.0.1:${gateway.port}`, database, rate: 60, seed, dir });
	await sleep(seconds * 1_000);
	const { errors } = await traffic.stop();
	if (errors > 0) throw new Error(`${errors} requests failed`);
	const copy = join(dir, "copy.db");
	await cloneDatabase(database, copy);
	await gateway.stop({ drainMs: 500 });
	await bank.stop();
	return { seen, database: copy };
}

async function measure(blueprint: Blueprint): Promise<typeof total> {
	const routes = new Set(blueprint.interface.routes.map(({ method, path }) => `${method} ${path}`));
	const seeds = seen.filter(({ route }) => routes.has(route)).slice(-300);
	const all = [...branchesOf(blueprint).keys()];
	const work = join(dir, blueprint.unit);
	mkdirSync(work);
	const started = performance.now();
	const search = (targets: number[]) => {
		copyFileSync(database, join(work, "search.db"));
		const given = { blueprint, choices: {}, database: join(work, "search.db"), dir: work, seeds, targets, now: Date.now() };
		return searchProbes({ ...given, want: 20, budgetMs, seed }, () => {});
	};
	const { taken } = await search([]);
	const found = await search(all.filter((place) => !taken.includes(place)));
	const ms = Math.round(performance.now() - started);
	const draft = await compared(blueprint, {}, found.probes, work);
	const exact = await compared(blueprint, exactly(sitesOf(blueprint).map(({ expr }) => expr)), found.probes, work);
	return {
		...{ branches: all.length, byTraffic: taken.length, byGenerated: found.reached.length, ms },
		...{ compared: exact.compared, unanswered: exact.unanswered, draftDiffering: draft.differing, exactDiffering: exact.differing },
	};
}

async function compared(blueprint: Blueprint, choices: Choices, probes: readonly TakenProbe[], work: string) {
	const folder = join(work, "service");
	writeFolder(folder, project.generateWatched(blueprint, choices));
	const files = { legacy: join(work, "legacy.db"), modern: join(work, "modern.db") };
	for (const file of Object.values(files)) copyFileSync(database, file);
	const replica = await startReplica(sampleReplica(), { database: files.legacy, dir: work });
	const { launch } = programs.typescript;
	const spec = { name: `${blueprint.unit} ${Object.keys(choices).length}`, dir: folder, launch, database: files.modern };
	const service = await runtime.start({ ...spec, mode: "shadow", blueprint: blueprint.hash });
	const collector = await openCollector();
	const fields = { ...fieldsOf(blueprint), clockSlackMs: 1_500 };
	const { results, unanswered } = await runProbes(probes, {
		legacy: { port: replica.port, database: files.legacy, tail: await collector.tail(files.legacy) },
		modern: { port: service.port, database: files.modern, tail: await collector.tail(files.modern) },
		policyOf: (_, window) => comparePolicy(fields, {}, window),
		onProgress: () => {},
	});
	await collector.stop();
	await Promise.all([replica.stop(), service.stop(200)]);
	const differing = results.filter(({ verdict }) => outcomeOf(verdict.kind) !== "clean");
	if (Object.keys(choices).length > 0)
		for (const { probe, verdict, legacy, modern } of differing) {
			const body = Buffer.from(probe.request.body, "base64").toString();
			say(
				JSON.stringify({
					target: probe.request.target,
					body,
					headers: probe.request.headers,
					rows: probe.rows,
					differences: verdict.differences,
					legacy: legacy.body,
					modern: modern.body,
				}),
			);
		}
	return { compared: results.length, unanswered, differing: differing.length };
}
