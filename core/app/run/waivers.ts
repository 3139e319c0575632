import { Fault } from "../../base/index.ts";
import { against } from "../../contract/outcome.ts";
import type { Migration, RunEvent } from "../../contract/run.ts";

/** Of somebody who stands in for what a branch of the running version lacks; `why` null takes an earlier word back. */
export type SignedWord = { branch: string; by: string; why: string | null };

/** The event of a waiver, or a fault that says why there is nothing to sign. `at`: milliseconds since the epoch. */
export function waiverEvent({ function: name, stage, evidence, waivers = [] }: Migration, word: SignedWord, at: number): RunEvent {
	const { branch: id, by, why } = word;
	const verb = why === null ? `Withdrawing the waiver of ${id}` : `Waiving ${id}`;
	const refuse = (reason: string, remedy: string) => new Fault("RUN_STATE", { verb, reason, remedy });
	const { version, branches = [] } = evidence;
	if (version === 0) throw refuse(`no version of ${name} is compared yet`, "Wait until it is in shadow.");
	if (["promoted", "cancelled", "refused"].includes(stage)) throw refuse(`${name} is ${stage}`, "There is no step left to open.");
	const branch = branches.find((one) => one.id === id);
	if (branch === undefined)
		throw refuse(`${name} has no such branch`, `\`phoenix run confidence --functions ${name}\` lists them with their ids.`);
	if (why === null) {
		if (!waivers.some((waiver) => waiver.branch === id)) throw refuse("there is no waiver of it", "Nothing has to be withdrawn.");
		return { kind: "unwaive", at, branch: id, version, by };
	}
	const unclean = against(branch);
	if (unclean > 0)
		throw refuse(
			`${unclean} ${unclean === 1 ? "request" : "requests"} of version ${version} that took it ${unclean === 1 ? "was" : "were"} not clean, and a waiver stands for missing evidence only`,
			"Let it be healed; the next version begins without them.",
		);
	const differing = branch.generated?.differing ?? 0;
	if (differing > 0)
		throw refuse(
			`${differing} generated ${differing === 1 ? "request" : "requests"} that took it differed, and a waiver stands for missing evidence only`,
			"Let it be healed; the next version begins without them.",
		);
	return { kind: "waive", at, branch: id, version, by, why };
}
