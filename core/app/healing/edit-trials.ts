import type { DatabaseSync } from "node:sqlite";
import { applyEdits, type Edit, newSites, type Outcome } from "../../agents/index.ts";
import { compare } from "../../compare/index.ts";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { Behaviour, ComparePolicy } from "../../contract/verdict.ts";
import { captureByTriggers, createShadowState } from "../../effects/index.ts";
import { generateService } from "../../generate/index.ts";
import { createCandidateModules, type ServiceModule } from "../run/candidate-modules.ts";

export type Asked = { method: string; target: string; headers: [string, string][]; body: string };
export type EditCase = { id: string; request: Asked; legacy: Behaviour; policy: ComparePolicy };

export type EditTrials = {
	/** What the service with these edits does for a request; its rows are undone. */
	behave(edits: readonly Edit[], request: Asked): Promise<Behaviour>;
	evaluate(candidates: readonly (readonly Edit[])[], cases: readonly EditCase[]): Promise<Outcome[][]>;
	close(): void;
};

/** Runs edited blueprints on cases that all begin with the rows of one database file, each undone after it answered. */
export function createEditTrials(options: {
	blueprint: Blueprint;
	choices: Choices;
	database: DatabaseSync;
	path: string;
	clock: number;
	dir: string;
}): EditTrials {
	const { blueprint, choices, database, clock } = options;
	const state = createShadowState({ path: options.path, connection: database });
	const capture = captureByTriggers(database);
	const moduleOf = createCandidateModules(options.dir);
	const services = new Map<string, Promise<ReturnType<ServiceModule["createService"]> | null>>();
	const outcomes = new Map<string, Outcome>();
	const ports = { database, now: () => clock, tokenHex: () => "00", onFailure: () => {} };

	async function make(edits: readonly Edit[]) {
		try {
			const edited = applyEdits(blueprint, edits);
			const added = new Set(newSites(edits));
			const spelled = Object.fromEntries(
				sitesOf(edited)
					.filter((site) => added.has(site.expr))
					.map((site) => [site.expr, "exact" as const]),
			);
			const module = await moduleOf(generateService(edited, { ...choices, ...spelled }, "typescript"));
			return module.createService(ports);
		} catch {
			// What cannot be written in the target, or does not load, is no candidate.
			return null;
		}
	}
	function serviceOf(edits: readonly Edit[]) {
		const key = keyOf(edits);
		const known = services.get(key) ?? make(edits);
		services.set(key, known);
		return known;
	}
	function ask(service: ReturnType<ServiceModule["createService"]>, { body, ...request }: Asked): Behaviour {
		let answer = { status: 500, contentType: "text/plain", body: "" };
		try {
			answer = service.handle({ ...request, body: Buffer.from(body) });
		} catch (error) {
			answer.body = String(error);
		}
		const changes = capture.take();
		if (database.isTransaction) database.exec("ROLLBACK");
		if (changes.length > 0) capture.unnoticed(() => state.undo(changes));
		return { ...answer, changes };
	}
	return {
		async behave(edits, request) {
			const service = await serviceOf(edits);
			if (service === null) throw new Error("a service with these edits cannot be made");
			return ask(service, request);
		},
		async evaluate(candidates, cases) {
			const result: Outcome[][] = [];
			for (const edits of candidates) {
				const service = await serviceOf(edits);
				const key = keyOf(edits);
				const row: Outcome[] = [];
				for (const { id, request, legacy, policy } of cases) {
					const known = outcomes.get(`${key} ${id}`);
					const outcome = known ?? (service === null ? failed : outcomeOf(legacy, ask(service, request), policy));
					outcomes.set(`${key} ${id}`, outcome);
					row.push(outcome);
				}
				result.push(row);
			}
			return result;
		},
		close() {
			state.close();
			database.close();
		},
	};
}

const failed: Outcome = { agrees: false, gaps: [] };

function outcomeOf(legacy: Behaviour, modern: Behaviour, policy: ComparePolicy): Outcome {
	const { kind, differences } = compare(legacy, modern, policy);
	const agrees = kind === "identical" || kind === "equivalent";
	return { agrees, gaps: differences.map(({ field, legacy: left, modern: right }) => ({ field, legacy: left, modern: right })) };
}

const keyOf = (edits: readonly Edit[]): string =>
	edits
		.map(({ at, to }) => `${at}=${JSON.stringify(to)}`)
		.sort()
		.join("|");
