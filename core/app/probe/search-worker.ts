import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { branchesOf } from "../../contract/branches.ts";
import { captureByTriggers, createRowLookup, createShadowState } from "../../effects/index.ts";
import { generateWatchedService } from "../../generate/index.ts";
import type { ServiceModule } from "../run/candidate-modules.ts";
import { writeFolder } from "../run/service-folder.ts";
import { conditionOf, literalsOf } from "./literals.ts";
import { observeReads } from "./observe-reads.ts";
import { type FieldPlace, fieldOf, type Probe, type TakenProbe } from "./probe.ts";
import { createRandom } from "./random.ts";
import type { ProbeFindings, SearchInput, SearchMessage } from "./search.ts";
import { createVariations, type Known } from "./variations.ts";

type Entry = Known & { branches: ReadonlySet<number> };

const SEEDS_PER_PATH = 3;
/** Tries of one branch before the next has its turn. */
const PATIENCE = 400;
/** Without a success, before a branch is given up. */
const MOST_TRIES = 6_000;
const PROGRESS_MS = 250;

const input = workerData as SearchInput;
const { blueprint } = input;
const random = createRandom(input.seed);
const branches = branchesOf(blueprint);
const literals = literalsOf(blueprint);
const say = (message: SearchMessage) => parentPort?.postMessage(message);

/** The service in this thread, on the private copy; what it writes is undone before the next. */
async function openService() {
	const folder = join(input.dir, "service");
	writeFolder(folder, generateWatchedService(blueprint, input.choices, "typescript"));
	const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href);
	const { createService } = (await load("service.ts")) as ServiceModule;
	const { takeBranches } = (await load("runtime/branches.ts")) as { takeBranches(): string };
	const database = new DatabaseSync(input.database);
	database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE");
	const state = createShadowState({ path: input.database, connection: database });
	const lookup = createRowLookup(database);
	const capture = captureByTriggers(database);
	const observed = observeReads(database);
	let random = 0;
	const service = createService({
		database: observed.database,
		now: () => input.now,
		tokenHex: (bytes) => (++random).toString(16).padStart(bytes * 2, "0"),
		onFailure: () => {},
	});

	/** null: the rows cannot be set so. */
	function run(probe: Probe): Entry | null {
		const { rows, request } = probe;
		try {
			capture.unnoticed(() => state.apply(rows));
		} catch {
			return null;
		}
		observed.take();
		takeBranches();
		service.handle({ ...request, body: Buffer.from(request.body, "base64") });
		const taken = takeBranches();
		if (database.isTransaction) database.exec("ROLLBACK");
		const changes = capture.take();
		capture.unnoticed(() => {
			state.undo(changes);
			state.undo(rows);
		});
		return { probe, reads: observed.take(), branches: new Set(taken === "" ? [] : taken.split(",").map(Number)) };
	}

	return { run, lookup, close: () => database.close() };
}

/**
 * Coverage-guided: what takes a branch for the first time is varied further (Zalewski 2013, AFL). For one outcome of a condition, the
 * requests that took its other outcome are varied first, with the values that the condition itself names.
 */
async function search(): Promise<ProbeFindings> {
	const { run, lookup, close } = await openService();
	const started = performance.now();
	const corpus: Entry[] = [];
	const known = new Map<number, number>();
	const found = new Map<number, TakenProbe[]>(input.targets.map((target) => [target, []]));
	const kept = new Map<string, TakenProbe>();
	const inVain = new Map<number, number>();
	let tried = 0;
	let toldAt = 0;

	const { request, idempotencyHeader } = blueprint.interface;
	const fields: FieldPlace[] = request;
	const variations = createVariations({
		fields,
		keyHeader: idempotencyHeader,
		tables: blueprint.tables,
		literals,
		seen: new Map(fields.map((field) => [field.name, valuesOf(field)])),
		lookup,
		now: input.now,
		random,
	});

	function valuesOf(field: FieldPlace): string[] {
		return [...new Set(input.seeds.map(({ request }) => fieldOf(request, field)))].filter((value) => value !== null).slice(0, 200);
	}

	/** True when it took a branch that the corpus did not know, or one that is wanted. */
	function note(entry: Entry, isSeed: boolean): boolean {
		let isNew = false;
		for (const branch of entry.branches) {
			const count = known.get(branch) ?? 0;
			if (count < SEEDS_PER_PATH) {
				known.set(branch, count + 1);
				isNew = true;
			}
			const wanted = found.get(branch);
			if (isSeed || wanted === undefined || wanted.length >= input.want) continue;
			const taken: TakenProbe = { ...entry.probe, branches: [...entry.branches] };
			const key = signatureOf(taken);
			// One probe counts for every branch that it takes.
			const same = kept.get(key) ?? taken;
			kept.set(key, same);
			if (!wanted.includes(same)) wanted.push(same);
			isNew = true;
		}
		if (isNew) corpus.push(entry);
		return isNew;
	}

	for (const { route, request } of input.seeds) {
		const entry = run({ route, request, rows: [] });
		if (entry !== null) note(entry, true);
	}
	const taken = [...known.keys()];
	const siblings = siblingsOf();
	const isOver = () => performance.now() - started > input.budgetMs;
	let open = input.targets.filter((target) => (found.get(target)?.length ?? 0) < input.want);
	while (open.length > 0 && corpus.length > 0 && !isOver()) {
		for (const target of open) {
			const near = corpus.filter(({ branches }) => branches.has(target));
			const beside = corpus.filter(({ branches }) => siblings.get(target)?.some((sibling) => branches.has(sibling)) === true);
			for (let count = 0; count < PATIENCE && !isOver(); count++) {
				const from = random.pick(near.length > 0 ? near : beside.length > 0 && count % 4 > 0 ? beside : corpus);
				if (from === undefined) break;
				const entry = run(variations.vary(from, target));
				tried++;
				inVain.set(target, (inVain.get(target) ?? 0) + 1);
				if (entry !== null && note(entry, false) && entry.branches.has(target)) {
					near.push(entry);
					inVain.set(target, 0);
				}
				if ((found.get(target)?.length ?? 0) >= input.want) break;
			}
			if (performance.now() - toldAt > PROGRESS_MS) {
				toldAt = performance.now();
				say({ kind: "progress", done: Math.round(performance.now() - started), total: input.budgetMs });
			}
			await new Promise((done) => setImmediate(done));
		}
		open = open.filter((target) => (found.get(target)?.length ?? 0) < input.want && (inVain.get(target) ?? 0) < MOST_TRIES);
	}
	close();
	return {
		probes: [...kept.values()],
		taken,
		reached: input.targets.filter((target) => (found.get(target)?.length ?? 0) > 0),
		tried,
		ms: Math.round(performance.now() - started),
	};
}

/** Of each branch the other outcomes of its condition, and where there is none, the entries of its function's file. */
function siblingsOf(): Map<number, number[]> {
	const byCondition = Map.groupBy(branches.keys(), (index) => conditionOf(branches[index] as (typeof branches)[number]));
	return new Map(
		branches.map((branch, index) => {
			const others = (byCondition.get(conditionOf(branch)) ?? []).filter((other) => other !== index);
			if (others.length > 0) return [index, others] as const;
			return [index, [...branches.keys()].filter((other) => other !== index && branches[other]?.function === branch.function)] as const;
		}),
	);
}

function signatureOf({ route, request, rows }: Probe): string {
	return JSON.stringify([route, request.target, request.headers, request.body, rows]);
}

say({ kind: "findings", findings: await search() });
