import type { Snapshot } from "../../../core/contract/api.ts";
import type { Graph } from "../../../core/contract/graph.ts";
import type { Migration } from "../../../core/contract/run.ts";
import type { MismatchGroup } from "../../../core/contract/verdict.ts";
import type { StageChapter } from "../../state/index.ts";

const isMoving = ({ stage }: Migration) => stage !== "refused" && stage !== "cancelled";

/** The one function that a chapter is about; its dotted name, or null while there is nothing to speak of. */
export function subjectOf(
	chapter: StageChapter,
	snapshot: Snapshot,
	{ graph, selected, best }: { graph: Graph | null; selected: string | null; best: string | null },
): string | null {
	const moving = snapshot.migrations.filter(isMoving);
	const lead = moving[0]?.function ?? null;
	switch (chapter) {
		case "map":
			return selected ?? lead ?? firstOfDemo(snapshot, graph) ?? best;
		case "mirror":
			return [...moving].sort((one, other) => other.totals.mismatched - one.totals.mismatched)[0]?.function ?? lead;
		case "remediation":
			return driftOf(snapshot)?.function ?? snapshot.patches.at(-1)?.function ?? lead;
		case "switch":
			return leastSwitched(moving)?.function ?? lead;
		case "seal":
			return lead;
	}
}

/** The difference that is told: of the values that differ, a number before all, proved before suspected, the most frequent first. */
export function driftOf({ groups }: Snapshot): MismatchGroup | null {
	const weight = (group: MismatchGroup) => {
		const [first] = group.example.differences;
		return (first?.kind === "number" ? 4 : 0) + (group.where === null ? 0 : 2) + (group.state === "open" ? 1 : 0);
	};
	return [...groups].sort((one, other) => weight(other) - weight(one) || other.count - one.count)[0] ?? null;
}

/** The difference within a group that says most: numbers of the answer, then of the rows, then whatever there is. */
export function tellingDifference({ example: { differences } }: MismatchGroup) {
	return (
		differences.find(({ kind, field }) => kind === "number" && !field.startsWith("rows/")) ??
		differences.find(({ kind }) => kind === "number") ??
		differences[0] ??
		null
	);
}

export const weightOf = ({ stage, canary }: Migration) => (stage === "promoted" ? 100 : (canary?.weight ?? 0));

function leastSwitched(moving: readonly Migration[]): Migration | null {
	const onTheWay = moving.filter(({ stage }) => stage === "canary");
	return [...onTheWay].sort((one, other) => weightOf(one) - weightOf(other))[0] ?? null;
}

function firstOfDemo({ demo }: Snapshot, graph: Graph | null): string | null {
	const name = demo?.first[0];
	return graph?.nodes.find((node) => node.kind === "function" && node.name === name)?.id.slice("function:".length) ?? null;
}

/** The function that holds a line of the source: `transfers.py:58`. */
export function functionAt(graph: Graph | null, where: string | null): { name: string; line: number } | null {
	const [, file, number] = /^(.*):(\d+)$/.exec(where ?? "") ?? [];
	const line = Number(number);
	const node = graph?.nodes.find((one) => one.kind === "function" && one.file === file && one.line <= line && line <= one.endLine);
	return node === undefined ? null : { name: node.id.slice("function:".length), line };
}
