import type { Confidence, Decision } from "../../contract/history.ts";

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
	const { version, clean, mismatched, failed, bound, limit, alpha, needed, rate, etaMs, method } = told;
	console.log(`${told.function} v${version}: ${clean} clean, ${mismatched} mismatched, ${failed} failed`);
	console.log(
		`mismatch rate <= ${(bound * 100).toPrecision(3)} % with probability ${1 - alpha} at every look; the policy asks for <= ${limit * 100} %`,
	);
	const time = etaMs === null ? "no traffic reaches it" : `about ${Math.ceil(etaMs / 1000)} s at ${rate.toFixed(1)} a second`;
	console.log(
		needed === null ? "a version without open mismatches is needed" : needed === 0 ? "enough" : `${needed} more clean requests, ${time}`,
	);
	console.log(`${method.name}: ${method.formula}\n${method.source}`);
}
