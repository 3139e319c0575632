import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { searchEdits } from "../../../agents/index.ts";
import type { Blueprint } from "../../../contract/blueprint.ts";
import { sitesOf } from "../../../contract/sites.ts";
import { openProject } from "../../project.ts";
import { createEditTrials, type EditCase } from "../edit-trials.ts";
import { type Plant, planted } from "./plants.ts";
import { createRandom } from "./random.ts";
import { asked, CLOCK, makeDatabase, subjects } from "./subjects.ts";

export type HealInput = { unit: string; plant: Plant; seed: number; budgetMs: number };
/** `shown`: requests of the search's part that differ; 0: the plant is no defect that anybody can see, or cannot be translated. */
export type Healed = HealInput & {
	shown: number;
	isHealed: boolean;
	isAccepted: boolean;
	/** Requests that agreed with the defect and differ with the accepted patch, among those that the search never saw. */
	regressions: number;
	left: number;
	tries: number;
	candidates: number;
	ms: number;
	explanation: string;
};

const LEARNED = 90;
const UNSEEN = 150;

async function heal(input: HealInput): Promise<Healed> {
	const subject = subjects.find(({ unit }) => unit === input.unit);
	if (subject === undefined) throw new Error(`no subject ${input.unit}`);
	const dir = mkdtempSync(join(tmpdir(), "phoenix-heal-"));
	const none = {
		...input,
		shown: 0,
		isHealed: false,
		isAccepted: false,
		regressions: 0,
		left: 0,
		tries: 0,
		candidates: 0,
		ms: 0,
		explanation: "",
	};
	try {
		const source = join(dir, "source");
		cpSync(subject.folder, source, { recursive: true });
		const file = join(source, input.plant.file);
		writeFileSync(file, planted(readFileSync(file, "utf8"), input.plant));
		const legacy = (await openProject(subject.folder)).blueprint(subject.unit);
		const modern = (await openProject(source)).blueprint(subject.unit);
		if (modern.unsupported.length > 0) return { ...none, explanation: "not translated" };
		const path = join(dir, "bank.db");
		const main = readFileSync(join(subject.folder, subject.application === "bank" ? "schema.py" : (subject.files[0] as string)), "utf8");
		makeDatabase(subject.application, path, main.split('TABLES = """')[1]?.split('"""')[0] ?? "", createRandom(1990));
		const trialsOf = (blueprint: Blueprint, name: string) => {
			const copy = join(dir, `${name}.db`);
			cpSync(path, copy);
			const choices = Object.fromEntries(sitesOf(blueprint).map((site) => [site.expr, "exact" as const]));
			return createEditTrials({ blueprint, choices, database: new DatabaseSync(copy), path: copy, clock: CLOCK, dir: join(dir, name) });
		};
		const past = trialsOf(legacy, "past");
		const random = createRandom(input.seed);
		const [route] = legacy.interface.routes;
		if (route === undefined) throw new Error("no route");
		const policy = { random: [], clock: [], clockSlackMs: 0, window: { from: CLOCK, to: CLOCK } };
		const fieldsOf = new Map<string, Record<string, string>>();
		const cases: EditCase[] = [];
		for (let index = 0; index < LEARNED + UNSEEN; index++) {
			const fields = subject.fields(random);
			const id = String(index);
			fieldsOf.set(id, fields);
			const request = asked(route, fields, `k-${id}`);
			cases.push({ id, request, legacy: await past.behave([], request), policy });
		}
		past.close();
		const future = trialsOf(modern, "future");
		const [before = []] = await future.evaluate([[]], cases);
		const seen = cases.slice(0, LEARNED);
		const failing = seen.filter((_, index) => !before[index]?.agrees).map(({ id }) => id);
		if (failing.length < 3) return { ...none, shown: failing.length, explanation: "not shown" };
		const clean = seen.filter((_, index) => before[index]?.agrees).map(({ id }) => id);
		// Every third case is held back.
		const held = (ids: string[]) => ids.filter((_, index) => index % 3 === 2);
		const kept = (ids: string[]) => ids.filter((_, index) => index % 3 !== 2);
		const byId = new Map(cases.map((one) => [one.id, one]));
		const started = performance.now();
		const found = await searchEdits({
			blueprint: modern,
			failing: kept(failing),
			clean: kept(clean),
			heldOut: [...held(failing), ...held(clean)],
			requestOf: (id) => fieldsOf.get(id) ?? {},
			evaluate: (candidates, ids) =>
				future.evaluate(
					candidates,
					ids.map((id) => byId.get(id) as EditCase),
				),
			budgetMs: input.budgetMs,
			now: () => performance.now(),
		});
		const ms = Math.round(performance.now() - started);
		const unseen = cases.slice(LEARNED);
		const [after = []] = await future.evaluate([found.edits], unseen);
		const isAccepted = found.edits.length > 0;
		const left = unseen.filter((_, index) => !after[index]?.agrees).length;
		const regressions = unseen.filter((_, index) => before[LEARNED + index]?.agrees && !after[index]?.agrees).length;
		future.close();
		return {
			...input,
			shown: failing.length,
			isHealed: isAccepted && left === 0,
			isAccepted,
			regressions,
			left,
			tries: found.tries.length,
			candidates: found.candidatesTried,
			ms,
			explanation: found.explanation,
		};
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

parentPort?.postMessage(await heal(workerData as HealInput));
