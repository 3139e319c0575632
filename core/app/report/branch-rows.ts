import { weakestFirst } from "../../arbiter/index.ts";
import { against } from "../../contract/outcome.ts";
import type { BranchEvidence, Waiver } from "../../contract/run.ts";
import { atMost, count } from "./words.ts";

export const branchHeads = ["Branch", "Where", "#Clean", "#Not", "Rate at most", "Waiver"] as const;

/** Weakest first, as words: what `branchHeads` names. */
export function branchRows(branches: readonly BranchEvidence[], waivers: readonly Waiver[]): string[][] {
	return weakestFirst(branches).map((branch) => {
		const { id, words, file, line, clean, bound, live, generated } = branch;
		const waiver = waivers.find((one) => one.branch === id);
		const counted = live
			? [count(clean), count(against(branch)), bound >= 1 ? "no evidence" : atMost(bound)]
			: generated === undefined
				? ["", "", "no live request took it"]
				: [`${count(generated.clean)} generated`, count(generated.differing), "no live request took it"];
		return [
			words,
			`${file}:${line}`,
			...counted,
			waiver ? `${waiver.by}, ${new Date(waiver.at).toISOString().slice(0, 16)}Z: ${waiver.why}` : "",
		];
	});
}
