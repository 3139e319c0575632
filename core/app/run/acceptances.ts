import { Fault } from "../../base/index.ts";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import { visitExprs } from "../../contract/ir.ts";
import type { Migration, RunEvent } from "../../contract/run.ts";
import { sitesOf } from "../../contract/sites.ts";
import { exactly } from "./job.ts";

/** Of somebody who accepts another rounding at one place; `why` null takes an earlier word back. */
export type AcceptedWord = { site: string; by: string; why: string | null };

/**
 * The event, or a fault that says why there is nothing to sign. Only the way of rounding may be accepted: another scale, rate or type of
 * number is another result, however small each difference is. `at`: milliseconds since the epoch.
 */
export function acceptanceEvent(migration: Migration, blueprint: Blueprint | null, word: AcceptedWord, at: number): RunEvent {
	const { function: name, stage, evidence, acceptances = [], renewing } = migration;
	const { site: id, by, why } = word;
	const refuse = (reason: string, remedy: string) =>
		new Fault("RUN_STATE", {
			verb: why === null ? `Taking back what was accepted at ${id}` : `Accepting the rounding at ${id}`,
			reason,
			remedy,
		});
	if (blueprint === null || evidence.version === 0) throw refuse(`no version of ${name} is compared yet`, "Wait until it is in shadow.");
	if (!["shadowing", "reviewing", "held", "canary"].includes(stage))
		throw refuse(`${name} is ${renewing === true ? "made again" : stage}`, "Wait until it is compared, or put up for review.");
	if (why === null) {
		if (!acceptances.some(({ site }) => site === id)) throw refuse("nothing was accepted there", "Nothing has to be taken back.");
		return { kind: "disallow", at, site: id, by };
	}
	const rounding = sitesOf(blueprint).filter(({ cause }) => cause === "rounding");
	const site = rounding.find(({ expr }) => expr === id);
	if (site === undefined) {
		const known = rounding.map(({ expr, span }) => `${expr} (${span.file}:${span.line})`).join(", ");
		throw refuse(`it is no place where ${name} rounds`, `Its roundings: ${known === "" ? "none" : known}.`);
	}
	return { kind: "allow", at, site: id, place: `${site.span.file}:${site.span.line}`, digits: digitsOf(blueprint, id), by, why };
}

/** Without digits: to whole numbers. */
function digitsOf({ functions }: Blueprint, site: string): number {
	let digits = 0;
	for (const fn of functions)
		visitExprs(fn, (expr) => {
			if (expr.id === site && expr.kind === "op") digits = expr.detail?.digits ?? 0;
		});
	return digits;
}

/** Legacy's rounding where another one is accepted: what a version is judged by besides itself, and what a repair starts from. */
export function withAccepted(choices: Choices, { acceptances = [] }: Pick<Migration, "acceptances">): Choices {
	return { ...choices, ...exactly(acceptances.map(({ site }) => site)) };
}
