import type { Decision } from "../../contract/history.ts";
import type { Chronicle } from "./chronicle.ts";

/** Oldest first. Of one function: also what concerned the whole run while it was in it. `since`: only later journal entries. */
export function historyOf(
	chronicle: Chronicle,
	{ function: name, since = 0 }: { function?: string | undefined; since?: number | undefined },
): Decision[] {
	const later = chronicle.decisions().filter((decision) => decision.seq > since);
	if (name === undefined) return later;
	const begun = chronicle.decisions().find((decision) => decision.function === name)?.seq ?? Number.POSITIVE_INFINITY;
	return later.filter((decision) => {
		if (decision.function !== null) return decision.function === name;
		// A routing plan names the function that asked for it.
		if (decision.kind === "routing") return decision.reason.startsWith(`${name}:`);
		return decision.seq >= begun || decision.kind === "run";
	});
}
