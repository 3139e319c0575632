import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { compare } from "../../compare/index.ts";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import type { RowChange } from "../../contract/effects.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { Behaviour } from "../../contract/verdict.ts";
import { captureByTriggers, createShadowState } from "../../effects/index.ts";
import { importService, placeService } from "../../generate/testing/loaded-service.ts";
import type { Case } from "../lockstep/history.ts";
import { openProject, type Project } from "../project.ts";
import { sampleRoot, sampleSource } from "../sample/bank.ts";

/** A past that a search can run again: a small bank, and compared requests, all made on its first state. */
export type Past = {
	project: Project;
	blueprint: Blueprint;
	history: { baseline: string; commitsFile: string };
	dir: string;
	/**
	 * Runs the requests on the translation with `legacy` (absent: exact) and on the one with `choices`, and compares them. With
	 * `goesOn`, what legacy changes stays, as a commit of the history.
	 */
	compared(
		bodies: string[],
		choices: Choices,
		options?: { version?: number; firstSeq?: number; legacy?: Choices; goesOn?: boolean },
	): Promise<Case[]>;
	end(): void;
};

const TOKEN = "5e551045e551045e551045e551045e55";
const CLOCK = Date.UTC(2026, 10, 22, 10, 0, 0);

export async function createPast(functionName: string): Promise<Past> {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-past-"));
	const baseline = join(dir, "baseline.db");
	const commitsFile = join(dir, "commits.jsonl");
	const seeded = spawnSync("python3", [join(sampleRoot, "seed.py"), "--out", baseline, "--accounts", "400"], { encoding: "utf8" });
	if (seeded.status !== 0) throw new Error(seeded.stderr);
	writeFileSync(commitsFile, "");
	const seedBank = new DatabaseSync(baseline);
	seedBank.exec("PRAGMA journal_mode = DELETE");
	const day = new Date(CLOCK).toISOString().replace("T", " ").slice(0, 19);
	seedBank.prepare("INSERT INTO sessions VALUES (?, 'T001', 1, 1, ?)").run(TOKEN, day);
	seedBank.close();
	const project = await openProject(sampleSource);
	const blueprint = project.blueprint(functionName);
	const exact = Object.fromEntries(sitesOf(blueprint).map((site) => [site.expr, "exact" as const]));
	const [route] = blueprint.interface.routes;
	if (route === undefined) throw new Error(`no route reaches ${functionName}`);

	return {
		project,
		blueprint,
		history: { baseline, commitsFile },
		dir,
		async compared(bodies, choices, { version = 1, firstSeq = 1, legacy: spelled = exact, goesOn = false } = {}) {
			const file = join(dir, "sandbox.db");
			copyFileSync(baseline, file);
			const database = new DatabaseSync(file);
			const state = createShadowState({ path: file, connection: database });
			const capture = captureByTriggers(database);
			const places = [spelled, choices].map((one) => placeService(project.generate(blueprint, one)));
			const ports = { database, now: () => CLOCK, tokenHex: () => "00" };
			const services = await Promise.all(places.map(async (place) => (await importService(place.dir)).createService(ports)));
			const commits: RowChange[][] = [];
			const cases = bodies.map((body, index): Case => {
				const seq = firstSeq + index;
				const headers: [string, string][] = [
					["x-session", TOKEN],
					["idempotency-key", `k-${seq}`],
				];
				const target = route.method === "GET" ? `${route.path}?${body}` : route.path;
				const sent = route.method === "GET" ? "" : body;
				const behave = (service: (typeof services)[number]): Behaviour => {
					const answer = service.handle({ method: route.method, target, headers, body: sent });
					const changes = capture.take();
					if (database.isTransaction) database.exec("ROLLBACK");
					if (changes.length > 0) state.undo(changes);
					capture.take();
					return { ...answer, changes };
				};
				const [legacy, modern] = services.map(behave);
				if (legacy === undefined || modern === undefined) throw new Error("two services answer");
				const policy = { random: [], clock: [], clockSlackMs: 0, window: { from: CLOCK, to: CLOCK } };
				const { kind, differences } = compare(legacy, modern, policy);
				const position = commits.length;
				if (goesOn && legacy.changes.length > 0) {
					capture.unnoticed(() => state.apply(legacy.changes));
					commits.push(legacy.changes);
				}
				return {
					seq,
					route: `${route.method} ${route.path}`,
					function: blueprint.unit,
					version,
					position,
					clock: CLOCK,
					request: { method: route.method, target, headers, body: Buffer.from(sent).toString("base64") },
					legacy,
					policy,
					clean: kind === "identical" || kind === "equivalent",
					kind: differences[0]?.field ?? "",
				};
			});
			if (goesOn) writeFileSync(commitsFile, commits.map((changes) => `${JSON.stringify(changes)}\n`).join(""));
			state.close();
			database.close();
			for (const place of places) place.remove();
			return cases;
		},
		end: () => rmSync(dir, { recursive: true, force: true }),
	};
}
