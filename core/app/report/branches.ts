import { countBranches, ruleAhead } from "../../arbiter/index.ts";
import type { JournalRecord } from "../../contract/journal.ts";
import type { BranchEvidence, Migration, Policy } from "../../contract/run.ts";
import { outcomeOf } from "../../contract/verdict.ts";

type Compared = Extract<JournalRecord, { kind: "compared" }>["data"];
type Told = { migration: Migration | null; policy: Policy | null; branches: BranchEvidence[] | null };

/** The branches after one comparison more; as they were when it was of another version. */
export function branchesSince({ migration, policy, branches }: Told, { version, verdict, branches: taken }: Compared) {
	if (migration === null || policy === null || branches === null || version !== migration.evidence.version) return branches;
	return countBranches(branches, {
		taken,
		outcome: outcomeOf(verdict),
		alpha: policy.alpha,
		hasOpen: migration.openFailures > 0,
		rule: ruleAhead(migration, policy)?.rule,
	});
}
