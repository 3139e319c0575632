import type { Policy } from "../../../core/contract/run.ts";
import { count, duration, percent, plural } from "../../ui/index.ts";

/** A policy with its own numbers, as sentences in the order in which they come to matter. */
export function policyWords(policy: Policy): { title: string; text: string }[] {
	const { shadow, alpha, canary, guards, heal, coolDownMs } = policy;
	const steps = canary.map(
		({ weight, holdMs, minRequests }) =>
			`${weight} % for ${spell(holdMs)}${minRequests === 0 ? "" : ` and ${plural(minRequests, "request")}`}`,
	);
	const errors = guards.maxErrorRate === 0 ? "one failed answer" : `more than ${percent(guards.maxErrorRate)} failed answers`;
	return [
		{
			title: "Before the first client",
			text: `${count(shadow.minClean)} clean requests, and a mismatch rate proved below ${percent(shadow.maxMismatchRate)} with ${percent(1 - alpha)} confidence, however often one looks.`,
		},
		{ title: "Then in steps", text: `${steps.join(", ")}.` },
		{
			title: "Back to legacy at once",
			text: `After ${errors}, or when the slowest twentieth takes longer than ${guards.maxLatencyRatio} times legacy's plus ${spell(guards.latencySlackMs)}, judged from ${plural(guards.minRequests, "request")} on.`,
		},
		{
			title: "When answers differ",
			text: `A patch is searched after ${plural(heal.minFailures, "failing request")} or ${spell(heal.settleMs)}, at most ${plural(heal.maxAttempts, "time")}; one that passes the gate waits for you or is applied, as chosen below.`,
		},
		{ title: "Before legacy is stopped", text: `${spell(coolDownMs)} without a request that only legacy can answer.` },
	];
}

/** `5 min`, not `5 min 0 s`. */
const spell = (ms: number) =>
	duration(ms)
		.replace(/ 0 s$/, "")
		.replace(/\.0 s$/, " s");
