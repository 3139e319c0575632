import type { Confidence, Decision } from "../../contract/history.ts";
import { against } from "../../contract/outcome.ts";
import type { Migration, ProbeCounts } from "../../contract/run.ts";

/** Oldest first; the number is that of the journal entry. */
export function tellHistory(decisions: readonly Decision[], json: boolean): void {
	if (json) {
		console.log(JSON.stringify(decisions));
		return;
	}
	for (const { seq, at, function: name, who, what, reason, figures } of decisions) {
		const measured = figures.map((figure) => `${figure.name} ${figure.value}${figure.limit === "" ? "" : ` (${figure.limit})`}`).join(", ");
		const why = [reason, measured].filter(Boolean).join("; ");
		console.log(
			`${String(seq).padStart(6)} ${new Date(at).toISOString().slice(11, 19)} ${who.padEnd(9)} ${(name ?? "run").padEnd(28)} ${what}${why === "" ? "" : `: ${why}`}`,
		);
	}
}

export function tellConfidence(told: Confidence, json: boolean): void {
	if (json) {
		console.log(JSON.stringify(told));
		return;
	}
	const { version, clean, mismatched, failed, skewed, accepted, bound, limit, alpha, needed, rate, etaMs, method } = told;
	console.log(
		`${told.function} v${version}: ${clean} clean, ${mismatched} mismatched, ${failed} failed${skewed > 0 ? `, ${skewed} on another state than legacy's` : ""}${accepted > 0 ? `, ${accepted} rounded otherwise as accepted` : ""}`,
	);
	for (const { place, site, by, why } of told.acceptances)
		console.log(`another rounding is accepted at ${place} [${site}] by ${by}: ${why}`);
	console.log(
		`mismatch rate <= ${(bound * 100).toPrecision(3)} % with probability ${1 - alpha} at every look; the policy asks for <= ${limit * 100} %`,
	);
	const time = etaMs === null ? "no traffic reaches it" : `about ${Math.ceil(etaMs / 1000)} s at ${rate.toFixed(1)} a second`;
	console.log(
		needed === null ? "a version without open mismatches is needed" : needed === 0 ? "enough" : `${needed} more clean requests, ${time}`,
	);
	tellBranches(told);
	for (const { field, check } of told.tolerated) console.log(`let pass: ${field}, ${check}`);
	console.log(`${method.name}: ${method.formula}\n${method.source}`);
}

/** What a round of generated requests came to. */
export function tellProbe(counts: ProbeCounts, json: boolean): void {
	if (json) {
		console.log(JSON.stringify(counts));
		return;
	}
	const { wanted, reached, tried, clean, differing, unanswered, file, ms } = counts;
	console.log(
		`${wanted} branches without live traffic; requests found for ${reached} of them (${tried} tried on the new service alone, ${(ms / 1000).toFixed(1)} s)`,
	);
	console.log(
		`${clean + differing} compared with a replica of legacy: ${clean} clean, ${differing} differ${unanswered > 0 ? `; ${unanswered} without an answer of legacy` : ""}`,
	);
	console.log(`all of them: ${file}`);
}

/** One line for the function, then what keeps it from the next step. */
export function tellStatus({ function: name, stage, version, evidence, gates, reason }: Migration): void {
	console.log(
		`${name.padEnd(28)} ${stage.padEnd(11)} v${version}  clean ${evidence.clean}  mismatch rate <= ${(evidence.bound * 100).toFixed(2)} %  ${reason}`,
	);
	for (const gate of gates)
		if (!gate.open) console.log(`${" ".repeat(29)}waits: ${gate.name} ${gate.value}, ${gate.limit}${gate.opens ? `; ${gate.opens}` : ""}`);
}

/** Weakest first, with the ids that a waiver names. */
function tellBranches({ verdict, branches, branchRule: rule, branchNeeds: needs, waivers }: Confidence): void {
	console.log(`evidence: ${verdict.words}`);
	if (branches.length === 0) {
		console.log("branches are not counted for this version");
		return;
	}
	if (rule !== null) {
		const asked = `each live branch needs ${rule.minClean} clean requests${rule.maxMismatchRate < 1 ? ` and a bound <= ${Number((rule.maxMismatchRate * 100).toPrecision(6))} %` : ""}`;
		const counts = needs === null ? "" : ` (${needs.oneLook} clean ones rule it out at one look, ${needs.everyLook} at every look)`;
		const isFree = rule.minClean === 0 && rule.maxMismatchRate >= 1;
		console.log(`before ${rule.weight} %: ${isFree ? "nothing is asked of single branches" : `${asked}${counts}`}`);
	}
	for (const branch of branches) {
		const waiver = waivers.find((one) => one.branch === branch.id);
		const unclean = against(branch);
		const counted = branch.live
			? `${String(branch.clean).padStart(7)} clean ${String(unclean).padStart(3)} not  <= ${(branch.bound * 100).toPrecision(3).padStart(5)} %  ${branch.needed === null ? "blocked" : `needs ${branch.needed}`}`
			: branch.generated === undefined
				? "no live request has taken it"
				: `no live request; generated: ${branch.generated.clean} clean ${branch.generated.differing} not`;
		console.log(
			`${counted.padEnd(52)} ${branch.words} (${branch.file}:${branch.line}) [${branch.id}]${waiver ? ` waived by ${waiver.by}: ${waiver.why}` : ""}`,
		);
	}
}
