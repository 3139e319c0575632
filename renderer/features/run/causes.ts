import type { Site } from "../../../core/contract/blueprint.ts";
import { type Drift, ops } from "../../../core/contract/ops.ts";
import type { PatchInfo } from "../../../core/contract/run.ts";
import type { MismatchGroup } from "../../../core/contract/verdict.ts";

/** The patch that answers a group, with the place in it; the newest when a place was patched twice. */
export function answerTo(group: MismatchGroup, patches: readonly PatchInfo[]): { patch: PatchInfo; site: Site } | null {
	const found = patches
		.filter((patch) => patch.function === group.function)
		.flatMap((patch) => patch.sites.filter(({ span }) => `${span.file}:${span.line}` === group.where).map((site) => ({ patch, site })));
	return found.findLast(({ site }) => site.cause === group.cause) ?? found.at(-1) ?? null;
}

/** What a cause means: of the proven place, else of the operations that are known for it. */
export function causeWords(cause: string, site: Site | null): string[] {
	if (site !== null) return [`Legacy ${site.legacy}; the first translation ${site.idiom}.`];
	const drifts = Object.values(ops as Record<string, { drift?: Drift }>).flatMap(({ drift }) => (drift?.cause === cause ? [drift] : []));
	return [...new Set(drifts.map(({ legacy, idiom }) => `Legacy ${legacy}; a usual translation ${idiom}.`))];
}
