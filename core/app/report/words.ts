import type { Decider } from "../../contract/history.ts";
import { against } from "../../contract/outcome.ts";
import type { MismatchGroup } from "../../contract/verdict.ts";
import type { FunctionReport, Report } from "./report.ts";

// What both forms of a report say in the same words.

export const utc = (at: number): string => `${new Date(at).toISOString().replace("T", " ").slice(0, 19)} UTC`;
export const utcTime = (at: number): string => new Date(at).toISOString().slice(11, 19);
export const count = (value: number): string => value.toLocaleString("en");
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const shortName = (dotted: string): string => dotted.slice(dotted.lastIndexOf(".") + 1);

/** Never rounded down: it stands after "at most". */
export function atMost(share: number): string {
	const value = share * 100;
	if (value === 0) return "0 %";
	const digits = value >= 10 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(value)));
	const scale = 10 ** digits;
	return `${(Math.ceil(value * scale - 1e-9) / scale).toFixed(digits)} %`;
}

export const deciders: Record<Decider, string> = { architect: "Architect", policy: "Policy", guard: "Guard", engine: "Engine" };

/** The first sentence of a function's chapter. */
export function verdictOf({ stage, version, evidence, policy, routes, reason, promoted }: FunctionReport): string {
	const alpha = policy?.alpha ?? 0.05;
	const sure = `${Number(((1 - alpha) * 100).toFixed(4))} %`;
	const proof =
		evidence.bound >= 1
			? "There is no evidence of this version yet."
			: `${count(evidence.clean)} clean requests of version ${version}, ${count(against(evidence))} not; mismatch rate at most ${atMost(evidence.bound)} (${sure}, sequential).`;
	if (stage === "promoted")
		return `Promoted: ${routes.join(", ")} ${routes.length === 1 ? "is" : "are"} answered by version ${promoted?.version ?? version}. ${proof}`;
	return `${stage.charAt(0).toUpperCase()}${stage.slice(1)}${reason === "" || reason === stage ? "" : `: ${reason}`}. ${proof}`;
}

export function mismatchLine({ cause, field, where, count: amount, state, rowsOnly }: MismatchGroup): string[] {
	return [cause, field, where ?? "not located", count(amount), rowsOnly ? "rows only" : "answer", state];
}

export function proofWords({ proof, writtenAt }: Report): string {
	return proof.whole
		? `All ${count(proof.entries)} entries of the journal were checked when this report was written (${utc(writtenAt)}): each carries the hash of the one before, and the chain is whole. The last hash below seals everything that this report tells; \`phoenix journal verify\` checks it again.`
		: `The chain of the journal breaks at entry ${proof.brokenAt ?? "unknown"}: what comes after it is not proven.`;
}
