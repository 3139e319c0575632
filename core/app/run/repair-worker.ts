import { copyFileSync, createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { searchRepair } from "../../agents/index.ts";
import { compare, describeRows } from "../../compare/index.ts";
import type { Choices } from "../../contract/blueprint.ts";
import type { RowChange } from "../../contract/effects.ts";
import type { PatchCase } from "../../contract/run.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { Behaviour, MismatchExample, Verdict } from "../../contract/verdict.ts";
import { captureByTriggers, createShadowState, netChanges } from "../../effects/index.ts";
import { generateService } from "../../generate/index.ts";
import type { Case } from "../lockstep/history.ts";
import { bodyText } from "../lockstep/shadow-request.ts";
import type { GateOutcome, RepairInput, RepairMessage, RepairOutcome, RepairTask } from "./repair.ts";

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

const PROGRESS_EVERY = 25;
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

/** What one candidate did with one case. */
type Trial = { modern: Behaviour; verdict: Verdict; agrees: boolean };

/** Every candidate on every case, as the search asks it: by case, whether each agrees with legacy. */
async function evaluate(candidates: string[][], caseIds: string[]): Promise<boolean[][]> {
	const passed = new Map<string, boolean[]>();
	await runCases(candidates, new Set(caseIds), (entry, trials) =>
		passed.set(
			idOf(entry),
			trials.map((trial) => trial.agrees),
		),
	);
	return candidates.map((_, candidate) => caseIds.map((id) => passed.get(id)?.[candidate] ?? false));
}

/**
 * Runs every candidate on every case, each on the database state that legacy had: one pass over the history, in which all
 * candidates take their turn at a case and are undone before the next commit is applied.
 */
async function runCases(candidates: string[][], wanted: Set<string>, visit: (entry: Case, trials: Trial[]) => void): Promise<void> {
	const modules = await Promise.all(candidates.map(load));
	const cases = input.cases.filter((entry) => wanted.has(idOf(entry)));
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
		for (const [index, entry] of cases.entries()) {
			const between: RowChange[] = [];
			for (; position < entry.position; position++) {
				const line = await iterator.next();
				if (line.done) throw new Error(`the history ends at ${position}, before case ${entry.seq}`);
				between.push(...(JSON.parse(line.value) as RowChange[]));
			}
			capture.unnoticed(() => state.apply(netChanges(between)));
			clock = entry.clock;
			const trials = services.map((service): Trial => {
				const modern = run(service, entry, capture.take);
				if (database.isTransaction) database.exec("ROLLBACK");
				if (modern.changes.length > 0) capture.unnoticed(() => state.undo(modern.changes));
				const verdict = compare(entry.legacy, modern, entry.policy);
				return { modern, verdict, agrees: verdict.kind === "identical" || verdict.kind === "equivalent" };
			});
			visit(entry, trials);
			if (index % PROGRESS_EVERY === 0) say({ kind: "progress", done: index + 1, total: cases.length });
		}
		lines.close();
	} finally {
		state.close();
		database.close();
	}
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
	const failing = input.cases.filter((entry) => !entry.clean);
	const found = await searchRepair({
		sites: sitesOf(input.blueprint),
		choices: input.choices,
		failing: failing.map(idOf),
		clean: input.cases.filter((entry) => entry.clean).map(idOf),
		suspicions: Object.fromEntries(Object.entries(input.suspicions).map(([seq, suspicion]) => [seq, [suspicion]])),
		evaluate,
	});
	const sites = found.sites.map((site) => site.expr);
	// What a gate that is run again for some of the places counts, counted alike for all of them.
	const { rows, failing: of, clean } = sites.length === 0 ? { rows: { passed: 0, total: 0 }, ...found.gate } : await gate(sites);
	return {
		bySite: await needsOf(sites, found.explained),
		sites,
		cause: found.cause,
		explained: found.explained.map(Number),
		seen: failing.map((entry) => entry.seq),
		failing: found.explained.length + found.unexplained.length + found.notReproduced.length,
		gate: { failing: of, clean, rows },
		candidates: found.candidatesTried,
		explanation: found.explanation,
		ms: Math.round(performance.now() - started),
	};
}

/** Every case with the service as it is and with these sites exact besides. */
async function gate(sites: string[]): Promise<GateOutcome> {
	const started = performance.now();
	const failing = { passed: 0, total: 0 };
	const clean = { passed: 0, total: 0 };
	const rows = { passed: 0, total: 0 };
	const open: number[] = [];
	let gained = 0;
	let broken: MismatchExample | null = null;
	await runCases([[], sites], new Set(input.cases.map(idOf)), (entry, [before, after]) => {
		if (before === undefined || after === undefined) return;
		// A clean case that the present code does not pass when it is repeated cannot be broken.
		if (entry.clean && !before.agrees) return;
		const counts = entry.clean ? clean : failing;
		const changed = entry.legacy.changes.length;
		counts.total++;
		rows.total += changed;
		if (after.agrees) {
			counts.passed++;
			rows.passed += changed;
			if (!entry.clean && !before.agrees) gained++;
		} else if (entry.clean) broken ??= exampleOf(entry, after);
		else open.push(entry.seq);
	});
	return { failing, clean, rows, open, broken, gained, ms: Math.round(performance.now() - started) };
}

async function oneCase(sites: string[], seq: number): Promise<PatchCase | null> {
	let found: PatchCase | null = null;
	await runCases([[], sites], new Set([String(seq)]), (entry, [before, after]) => {
		if (before && after) found = { before: exampleOf(entry, before), after: exampleOf(entry, after), agrees: after.agrees };
	});
	return found;
}

function exampleOf({ seq, request, legacy }: Case, { modern, verdict }: Trial): MismatchExample {
	return {
		seq,
		request: { ...request, body: bodyText(request.body) },
		legacy: { status: legacy.status, body: legacy.body, rows: describeRows(legacy.changes) },
		modern: { status: modern.status, body: modern.body, rows: describeRows(modern.changes) },
		differences: verdict.differences,
	};
}

const idOf = (entry: Case) => String(entry.seq);
const say = (message: RepairMessage) => parentPort?.postMessage(message);

function perform(task: RepairTask): Promise<unknown> {
	switch (task.kind) {
		case "search":
			return search();
		case "needs":
			return needsOf(task.sites, input.cases.map(idOf));
		case "gate":
			return gate(task.sites);
		case "case":
			return oneCase(task.sites, task.seq);
	}
}

say({ kind: "outcome", outcome: await perform(input.task) });
