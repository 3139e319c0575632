import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { compare } from "../../compare/index.ts";
import type { RowChange } from "../../contract/effects.ts";
import { captureByTriggers, createShadowState } from "../../effects/index.ts";
import { importService, placeService } from "../../generate/testing/loaded-service.ts";
import type { Case } from "../lockstep/history.ts";
import { exactly } from "../run/job.ts";
import type { Past } from "./past.ts";

/** Each candidate on each case in the plainest way: a database made anew, every commit applied, a service of its own. */
export function evaluatePlainly(past: Past, cases: Case[]) {
	const commits = readFileSync(past.history.commitsFile, "utf8")
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as RowChange[]);
	const modules = new Map<string, ReturnType<typeof importService>>();
	const moduleOf = (sites: string[]) => {
		const key = String(sites.toSorted());
		const module = modules.get(key) ?? importService(placeService(past.project.generate(past.blueprint, exactly(sites)), past.dir).dir);
		modules.set(key, module);
		return module;
	};
	const agrees = async (sites: string[], entry: Case): Promise<boolean> => {
		const file = join(past.dir, "plain.db");
		copyFileSync(past.history.baseline, file);
		const database = new DatabaseSync(file);
		database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
		const state = createShadowState({ path: file, connection: database });
		for (const commit of commits.slice(0, entry.position)) state.apply(commit);
		const capture = captureByTriggers(database);
		const service = (await moduleOf(sites)).createService({ database, now: () => entry.clock, tokenHex: () => "00" });
		const { method, target, headers, body } = entry.request;
		const answer = service.handle({ method, target, headers, body: Buffer.from(body, "base64").toString() });
		const { kind } = compare(entry.legacy, { ...answer, changes: capture.take() }, entry.policy);
		state.close();
		database.close();
		return kind === "identical" || kind === "equivalent";
	};
	const known = new Map<string, boolean>();
	return async (candidates: string[][], ids: string[]): Promise<boolean[][]> => {
		for (const sites of candidates)
			for (const id of ids) {
				const key = `${sites.toSorted()} ${id}`;
				if (!known.has(key)) known.set(key, await agrees(sites, cases.find((entry) => String(entry.seq) === id) as Case));
			}
		return candidates.map((sites) => ids.map((id) => known.get(`${sites.toSorted()} ${id}`) === true));
	};
}
