import { parentPort, workerData } from "node:worker_threads";
import { searchRepair } from "../../agents/index.ts";
import { compare, describeRows } from "../../compare/index.ts";
import type { Choices } from "../../contract/blueprint.ts";
import type { RowChange } from "../../contract/effects.ts";
import type { PatchCase } from "../../contract/run.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { Behaviour, MismatchExample, Verdict } from "../../contract/verdict.ts";
import { generateService } from "../../generate/index.ts";
import type { Case } from "../lockstep/history.ts";
import { bodyText } from "../lockstep/shadow-request.ts";
import { createCandidateModules, type ServiceModule } from "./candidate-modules.ts";
import { exactly } from "./job.ts";
import type { GateOutcome, RepairInput, RepairMessage, RepairOutcome } from "./repair.ts";
import { createRetrace } from "./retrace.ts";
import { shareReads } from "./shared-reads.ts";

const PROGRESS_EVERY = 25;
const input = workerData as RepairInput;
const { task } = input;
const inPlay = task.kind === "case" ? input.cases.filter((entry) => entry.seq === task.seq) : input.cases;
const retrace = createRetrace({ ...input, positions: [...new Set(inPlay.map((entry) => entry.position))] });
const moduleOf = createCandidateModules(input.dir);
const loaded = new Map<string, Promise<ServiceModule>>();

const keyOf = (sites: string[]) => sites.toSorted().join(",");

/** The service with these sites exact besides those that already are. */
function load(sites: string[]): Promise<ServiceModule> {
	const key = keyOf(sites);
	const choices: Choices = { ...input.choices, ...exactly(sites) };
	const module = loaded.get(key) ?? moduleOf(generateService(input.blueprint, choices, "typescript"));
	loaded.set(key, module);
	return module;
}

/** What one candidate did with one case. */
type Trial = { modern: Behaviour; verdict: Verdict; agrees: boolean };

/** By candidate and case, whether it agreed with legacy. */
const outcomes = new Map<string, Map<string, boolean>>();
function outcomesOf(sites: string[]): Map<string, boolean> {
	const key = keyOf(sites);
	const present = outcomes.get(key) ?? new Map<string, boolean>();
	outcomes.set(key, present);
	return present;
}

/** Every candidate on every case, as the search asks it: by case, whether each agrees with legacy. What is known is not run again. */
async function evaluate(candidates: string[][], caseIds: string[]): Promise<boolean[][]> {
	const fresh = candidates.filter((sites) => caseIds.some((id) => !outcomesOf(sites).has(id)));
	if (fresh.length > 0) {
		await runCases(fresh, new Set(caseIds), (entry, trials) => {
			for (const [index, { agrees }] of trials.entries()) outcomesOf(fresh[index] ?? []).set(idOf(entry), agrees);
		});
	}
	return candidates.map((sites) => caseIds.map((id) => outcomesOf(sites).get(id) ?? false));
}

/**
 * Runs every candidate on every case, each on the database state that legacy had: one pass over the history, in which all
 * candidates take their turn at a case and are undone before the next commit is applied.
 */
async function runCases(candidates: string[][], wanted: Set<string>, visit: (entry: Case, trials: Trial[]) => void): Promise<void> {
	const modules = await Promise.all(candidates.map(load));
	const cases = inPlay.filter((entry) => wanted.has(idOf(entry)));
	const { database, state, capture, advance, close } = await retrace.open();
	const reads = shareReads(database);
	let clock = 0;
	const ports = { database: reads.database, now: () => clock, tokenHex: randomHex, onFailure: () => {} };
	const services = modules.map((module) => module.createService(ports));
	try {
		for (const [index, entry] of cases.entries()) {
			const between = await advance(entry.position);
			if (between.length > 0) {
				capture.unnoticed(() => state.apply(between));
				reads.forget();
			}
			clock = entry.clock;
			const { rows = [] } = entry;
			if (rows.length > 0) capture.unnoticed(() => state.apply(rows));
			if (rows.length > 0) reads.forget();
			const trials = services.map((service): Trial => {
				reads.nextTurn();
				const modern = run(service, entry, capture.take);
				if (database.isTransaction) database.exec("ROLLBACK");
				if (modern.changes.length > 0) capture.unnoticed(() => state.undo(modern.changes));
				const verdict = compare(entry.legacy, modern, entry.policy);
				return { modern, verdict, agrees: verdict.kind === "identical" || verdict.kind === "equivalent" };
			});
			if (rows.length > 0) capture.unnoticed(() => state.undo(rows));
			if (rows.length > 0) reads.forget();
			visit(entry, trials);
			if (index % PROGRESS_EVERY === 0) say({ kind: "progress", done: index + 1, total: cases.length });
		}
	} finally {
		await close();
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
	// What a gate that is run again for some of the places counts, counted alike for all of them; each case was run with them.
	const counted = createCount();
	if (sites.length > 0) {
		const [before = [], after = []] = await evaluate([[], sites], input.cases.map(idOf));
		for (const [index, entry] of input.cases.entries()) counted.add(entry, before[index] === true, after[index] === true);
	}
	const { rows, failing: of, clean } = sites.length === 0 ? { rows: counted.rows, ...found.gate } : counted;
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
	const { add, ...counted } = createCount();
	let broken: MismatchExample | null = null;
	await runCases([[], sites], new Set(input.cases.map(idOf)), (entry, [before, after]) => {
		if (before === undefined || after === undefined) return;
		if (add(entry, before.agrees, after.agrees) === "broken") broken ??= exampleOf(entry, after);
	});
	return { ...counted, gained: counted.gained.length, broken, ms: Math.round(performance.now() - started) };
}

function createCount() {
	const counts = {
		failing: { passed: 0, total: 0 },
		clean: { passed: 0, total: 0 },
		rows: { passed: 0, total: 0 },
		open: [] as number[],
		gained: [] as number[],
	};
	return {
		...counts,
		add(entry: Case, before: boolean, after: boolean): "broken" | null {
			// A clean case that the present code does not pass when it is repeated cannot be broken.
			if (entry.clean && !before) return null;
			const kind = entry.clean ? counts.clean : counts.failing;
			const changed = entry.legacy.changes.length;
			kind.total++;
			counts.rows.total += changed;
			if (after) {
				kind.passed++;
				counts.rows.passed += changed;
				if (!entry.clean && !before) counts.gained.push(entry.seq);
			} else if (entry.clean) return "broken";
			else counts.open.push(entry.seq);
			return null;
		},
	};
}

async function oneCase(sites: string[], seq: number): Promise<PatchCase | null> {
	let found: PatchCase | null = null;
	await runCases([[], sites], new Set([String(seq)]), (entry, [before, after]) => {
		if (before && after) found = { before: exampleOf(entry, before), after: exampleOf(entry, after), agrees: after.agrees };
	});
	return found;
}

function exampleOf({ seq, request, legacy, rows = [] }: Case, { modern, verdict }: Trial): MismatchExample {
	return {
		...(rows.length === 0 ? {} : { set: describeRows(rows) }),
		seq,
		request: { ...request, body: bodyText(request.body) },
		legacy: { status: legacy.status, body: legacy.body, rows: describeRows(legacy.changes) },
		modern: { status: modern.status, body: modern.body, rows: describeRows(modern.changes) },
		differences: verdict.differences,
	};
}

const idOf = (entry: Case) => String(entry.seq);
const say = (message: RepairMessage) => parentPort?.postMessage(message);

function perform(): Promise<unknown> {
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

say({ kind: "outcome", outcome: await perform() });
