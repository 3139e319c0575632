import type { EvidenceVerdict, Migration, Policy } from "../contract/run.ts";
import { branchGates, ruleAhead } from "./branches.ts";
import { evidenceGates } from "./gates.ts";
import { isDeployed } from "./migration.ts";
import { counted } from "./words.ts";

/** [A68] What the evidence says of the next weight, apart from time, guards and people. */
export function evidenceVerdict(migration: Migration, policy: Policy): EvidenceVerdict {
	const { openFailures, evidence } = migration;
	const ahead = ruleAhead(migration, policy);
	const next = ahead ? ` for ${ahead.weight} %` : "";
	if (!isDeployed(migration)) return { kind: "not enough evidence", words: "No version of the service is compared yet." };
	if (openFailures > 0)
		return {
			kind: "contradicted",
			words: `${counted(openFailures, "mismatch", "mismatches")} of version ${evidence.version} ${openFailures === 1 ? "stands" : "stand"} open.`,
		};
	const missing = [
		...(evidenceGates(migration, policy).every((gate) => gate.open)
			? []
			: [evidence.needed === null ? "Another version." : `${counted(Math.max(1, evidence.needed), "more clean request")} in all.`]),
		...branchGates(migration, ahead).flatMap((gate) => (gate.open ? [] : [capital(gate.opens ?? `${gate.name}: ${gate.limit}.`)])),
	];
	if (missing.length === 0) return { kind: "enough", words: `The evidence suffices${next}.` };
	return { kind: "not enough evidence", words: `Not enough evidence${next}: ${missing.join(" ")}` };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
