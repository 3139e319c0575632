import { copyFileSync, createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { searchRepair } from "../../agents/index.ts";
import { compare } from "../../compare/index.ts";
import type { Choices } from "../../contract/blueprint.ts";
import type { RowChange } from "../../contract/effects.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { Behaviour } from "../../contract/verdict.ts";
import { captureByTriggers, createShadowState, netChanges } from "../../effects/index.ts";
import { generateService } from "../../generate/index.ts";
import type { Case } from "../lockstep/history.ts";
import type { RepairInput, RepairOutcome } from "./repair.ts";

/** The part of a generated service that runs in this process. */
type ServiceModule = {
	createService(ports: { database: DatabaseSync; now(): number; tokenHex(bytes: number): string; onFailure(error: unknown): void }): {
		handle(request: { method: string; target: string; headers: [string, string][]; body: Uint8Array }): {
			status: number;
			contentType: string;
			body: string;
		};
	};
};

const input = workerData as RepairInput;
const loaded = new Map<string, Promise<ServiceModule>>();

/** The service with these sites exact besides those that already are. */
function load(sites: string[]): Promise<ServiceModule> {
	const key = [...sites].sort().join(",");
	const present = loaded.get(key);
	if (present !== undefined) return present;
	const dir = join(input.dir, `candidate-${loaded.size}`);
	const choices: Choices = { ...input.choices, ...Object.fromEntries(sites.map((site) => [site, "exact" as const])) };
	for (const [path, text] of Object.entries(generateService(input.blueprint, choices, "typescript"))) {
		if (!path.endsWith(".ts")) continue;
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		writeFileSync(join(dir, path), text);
	}
	const module = import(pathToFileURL(join(dir, "service.ts")).href) as Promise<ServiceModule>;
	loaded.set(key, module);
	return module;
}

/**
 * Runs every candidate on every case, each on the database state that legacy had: one pass over the history, in which all
 * candidates take their turn at a case and are undone before the next commit is applied.
 */
async function evaluate(candidates: string[][], caseIds: string[]): Promise<boolean[][]> {
	const modules = await Promise.all(candidates.map(load));
	const wanted = new Set(caseIds);
	const cases = input.cases.filter((entry) => wanted.has(idOf(entry)));
	const passed = new Map<string, boolean[]>();
	const file = join(input.dir, "sandbox.db");
	copyFileSync(input.baseline, file);
	const database = new DatabaseSync(file);
	database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -131072; PRAGMA locking_mode = EXCLUSIVE");
	const state = createShadowState({ path: file, connection: database });
	const capture = captureByTriggers(database);
	let clock = 0;
	const services = modules.map((module) => module.createService({ database, now: () => clock, tokenHex: randomHex, onFailure: () => {} }));
	let position = 0;
	try {
		const lines = createInterface({ input: createReadStream(input.commitsFile) });
		const iterator = lines[Symbol.asyncIterator]();
		for (const entry of cases) {
			const between: RowChange[] = [];
			for (; position < entry.position; position++) {
				const line = await iterator.next();
				if (line.done) throw new Error(`the history ends at ${position}, before case ${entry.seq}`);
				between.push(...(JSON.parse(line.value) as RowChange[]));
			}
			state.apply(netChanges(between));
			capture.take();
			clock = entry.clock;
			const verdicts = services.map((service) => {
				const modern = run(service, entry, capture.take);
				if (database.isTransaction) database.exec("ROLLBACK");
				if (modern.changes.length > 0) state.undo(modern.changes);
				capture.take();
				const verdict = compare(entry.legacy, modern, entry.policy);
				return verdict.kind === "identical" || verdict.kind === "equivalent";
			});
			passed.set(idOf(entry), verdicts);
		}
		lines.close();
	} finally {
		state.close();
		database.close();
	}
	return candidates.map((_, candidate) => caseIds.map((id) => passed.get(id)?.[candidate] ?? false));
}

function run(service: ReturnType<ServiceModule["createService"]>, entry: Case, take: () => RowChange[]): Behaviour {
	try {
		const { method, target, headers, body } = entry.request;
		const answer = service.handle({ method, target, headers, body: Buffer.from(body, "base64") });
		return { ...answer, changes: take() };
	} catch (error) {
		return { status: 500, contentType: "text/plain", body: String(error), changes: take() };
	}
}

function randomHex(bytes: number): string {
	return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}

/** Which of the cases fail when one of the sites is left out and pass with all of them. */
async function needsOf(sites: string[], ids: string[]): Promise<Record<string, number[]>> {
	const [whole = [], ...without] = await evaluate([sites, ...sites.map((site) => sites.filter((other) => other !== site))], ids);
	return Object.fromEntries(
		sites.map((site, index) => [site, ids.filter((_, column) => whole[column] && !without[index]?.[column]).map(Number)]),
	);
}

async function search(): Promise<RepairOutcome> {
	const started = performance.now();
	const found = await searchRepair({
		sites: sitesOf(input.blueprint),
		choices: input.choices,
		failing: input.cases.filter((entry) => !entry.clean).map(idOf),
		clean: input.cases.filter((entry) => entry.clean).map(idOf),
		suspicions: Object.fromEntries(Object.entries(input.suspicions).map(([seq, suspicion]) => [seq, [suspicion]])),
		evaluate,
	});
	const sites = found.sites.map((site) => site.expr);
	return {
		bySite: await needsOf(sites, found.explained),
		sites,
		cause: found.cause,
		explained: found.explained.map(Number),
		failing: found.explained.length + found.unexplained.length + found.notReproduced.length,
		gate: found.gate,
		candidates: found.candidatesTried,
		explanation: found.explanation,
		ms: Math.round(performance.now() - started),
	};
}

const idOf = (entry: Case) => String(entry.seq);

parentPort?.postMessage(input.explain === null ? await search() : await needsOf(input.explain, input.cases.map(idOf)));
