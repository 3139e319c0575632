import { join } from "node:path";
import { Fault } from "../../base/index.ts";
import { whyNotReopened, whyNotReverted } from "../../contract/patch-rules.ts";
import type { GateResult, Patch, PatchCase, RunEvent } from "../../contract/run.ts";
import type { Case } from "../lockstep/history.ts";
import type { createLock } from "../lockstep/lock.ts";
import type { System } from "../system.ts";
import { withAccepted } from "./acceptances.ts";
import type { Groups } from "./groups.ts";
import { acceptedSites, casesOf, type Job } from "./job.ts";
import type { Recorder } from "./recorder.ts";
import { type RepairOptions, runRepair } from "./repair.ts";

/** Patches whose failing cases are kept. */
const MAX_REMEMBERED = 24;

type Progress = (done: number, total: number) => void;

/** What an architect may do with patches. Every decision is in the journal before anything follows from it. */
export type Review = {
	/** The gate for some of the hunks, or all: every case that is kept, run again. Nothing is decided. */
	preview(patch: string, hunks?: string[], onProgress?: Progress, signal?: AbortSignal): Promise<GateResult>;
	/** Runs the gate again for these hunks and applies them when nothing gets worse; PATCH_GATE with the numbers when not. */
	accept(patch: string, hunks?: string[]): Promise<GateResult>;
	refuse(patch: string): void;
	/** The texts of its files, before and after. */
	files(patch: string): Patch["files"];
	/** Takes back a refusal while the version that the patch was made for runs. */
	reopen(patch: string): void;
	/** Takes back the newest applied patch: the former choices as a new version, evidence from zero. */
	revert(patch: string): void;
	/** One failing case on the version before the patch and on the one with it. */
	showCase(patch: string, seq: number, signal?: AbortSignal): Promise<PatchCase>;
	/** Keeps the failing cases of a search with its patch: the history lets them go as newer ones come. */
	remember(patch: Patch, cases: Case[]): void;
	settle(patch: Patch, decision: Omit<NonNullable<Patch["decision"]>, "at">): void;
	takeBack(patch: Patch, state: "proposed" | "reverted" | "withdrawn", by: "engine" | "architect", version?: number): void;
	/** Patches that wait for a word which no longer means anything fall away. */
	withdrawStale(job: Job): void;
	/** The cases and what is known of them, for a search or a gate. */
	problemOf(job: Job): Omit<RepairOptions, "dir">;
};

export function createReview(deps: {
	jobOf(functionName: string): Job;
	patches: Map<string, Patch>;
	/** One run of the past at a time. */
	searching: ReturnType<typeof createLock>;
	record: Recorder;
	dispatch(functionName: string, event: RunEvent): void;
	system: Pick<System, "history">;
	groups: Pick<Groups, "suspicions">;
	dir: string;
	now(): number;
}): Review {
	const { jobOf, patches, record, dispatch, now } = deps;
	const deciding = new Set<string>();
	/** By patch. They can be run as long as the history is the same one. */
	const remembered = new Map<string, { epoch: number; cases: Case[] }>();
	let runs = 0;

	function patchOf(id: string): Patch {
		const patch = patches.get(id);
		if (patch === undefined) throw new Fault("INPUT_INVALID", { subject: "The patch", reason: `there is none called ${id}` });
		return patch;
	}

	function refusal(verb: string, reason: string, remedy: string): Fault {
		return new Fault("RUN_STATE", { verb, reason, remedy });
	}

	function waiting(id: string, verb: string): Patch {
		const patch = patchOf(id);
		const { stage, patch: under } = jobOf(patch.function).state;
		if (patch.state !== "proposed" || stage !== "reviewing" || under !== id)
			throw refusal(verb, `patch ${id} is not waiting`, "Choose a patch that waits for review.");
		if (deciding.has(id)) throw refusal(verb, `patch ${id} is just being decided`, "Wait for the gate to end.");
		return patch;
	}

	function problemOf(job: Job): Omit<RepairOptions, "dir"> {
		const { blueprint, choices, state } = job;
		if (blueprint === null)
			throw refusal("Running the cases again", `${state.function} has no blueprint yet`, "Wait until it is deployed.");
		const { history } = deps.system;
		const own = [...remembered].filter(([id, { epoch }]) => patches.get(id)?.function === state.function && epoch === history.epoch);
		const known = new Map([...own.flatMap(([, { cases }]) => cases), ...history.cases(state.function)].map((entry) => [entry.seq, entry]));
		const inOrder = [...known.values()].sort((a, b) => a.position - b.position || a.seq - b.seq);
		const cases = casesOf(job, inOrder, patches.values());
		return { blueprint, choices: withAccepted(choices, state), history, cases, suspicions: deps.groups.suspicions(state.function) };
	}

	/** A folder of its own: several may look at once, each waits for its turn. */
	const folder = (name: string) => join(deps.dir, "repair", `${name}-${++runs}`);

	async function gate(patch: Patch, hunks: string[], onProgress?: Progress, signal?: AbortSignal): Promise<GateResult> {
		const job = jobOf(patch.function);
		const outcome = await deps.searching(() => {
			signal?.throwIfAborted();
			const options = { ...problemOf(job), dir: folder(patch.id), ...(onProgress ? { onProgress } : {}) };
			return runRepair(options, { kind: "gate", sites: hunks }, signal);
		});
		const { gained, ...measured } = outcome;
		const keeps = measured.clean.passed === measured.clean.total;
		// The whole patch was proven when it was proposed; a part of it must prove itself.
		const helps = gained > 0 || hunks.length === patch.hunks.length;
		return { ...measured, at: now(), hunks, passed: keeps && helps };
	}

	function hunksOf(patch: Patch, wanted?: string[]): string[] {
		const all = patch.hunks.map((hunk) => hunk.id);
		if (wanted === undefined) return all;
		const unknown = wanted.find((id) => !all.includes(id));
		if (unknown !== undefined)
			throw new Fault("INPUT_INVALID", { subject: "The choice of hunks", reason: `${patch.id} has no ${unknown}` });
		const chosen = all.filter((id) => wanted.includes(id));
		if (chosen.length === 0)
			throw new Fault("INPUT_INVALID", { subject: "The choice of hunks", reason: "it is empty; refuse the patch instead" });
		return chosen;
	}

	function settle(patch: Patch, decision: Omit<NonNullable<Patch["decision"]>, "at">): void {
		const { accepted, by, hunks, gate } = decision;
		patch.state = accepted ? "applied" : "refused";
		patch.decision = { ...decision, at: now() };
		const decided = { patch: patch.id, function: patch.function, decision: accepted ? "accepted" : "refused", by } as const;
		record("patch.decided", accepted ? { ...decided, hunks, gate } : decided);
	}

	function takeBack(patch: Patch, state: "proposed" | "reverted" | "withdrawn", by: "engine" | "architect", version?: number): void {
		patch.state = state;
		if (state === "proposed") patch.decision = null;
		if (version !== undefined) patch.revertedTo = version;
		const { id, function: name } = patch;
		record("patch.taken-back", { patch: id, function: name, state, by, ...(version === undefined ? {} : { version }) });
	}

	return {
		problemOf,
		remember(patch, cases) {
			remembered.set(patch.id, { epoch: deps.system.history.epoch, cases: cases.filter((entry) => !entry.clean) });
			const [oldest] = remembered.keys();
			if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
		},
		settle,
		takeBack,
		async preview(id, wanted, onProgress, signal) {
			const patch = waiting(id, "Trying the patch");
			return gate(patch, hunksOf(patch, wanted), onProgress, signal);
		},
		async accept(id, wanted) {
			const patch = waiting(id, "Accepting");
			const hunks = hunksOf(patch, wanted);
			deciding.add(id);
			const result = await gate(patch, hunks).finally(() => deciding.delete(id));
			// The world may have moved on meanwhile.
			waiting(id, "Accepting");
			if (!result.passed) throw failed(patch, result);
			settle(patch, { accepted: true, by: "architect", hunks, gate: result });
			dispatch(patch.function, { kind: "accept", at: now(), patch: id });
			return result;
		},
		refuse(id) {
			const patch = waiting(id, "Refusing");
			settle(patch, { accepted: false, by: "architect", hunks: [], gate: null });
			dispatch(patch.function, { kind: "decline", at: now(), patch: id });
		},
		files: (id) => patchOf(id).files,
		reopen(id) {
			const patch = patchOf(id);
			const { state } = jobOf(patch.function);
			const reason = whyNotReopened(patch, state);
			if (reason !== null) throw refusal("Putting it up again", reason, "Wait for the next patch.");
			takeBack(patch, "proposed", "architect");
			dispatch(patch.function, { kind: "reopen", at: now(), patch: id, version: patch.from });
		},
		revert(id) {
			const patch = patchOf(id);
			const { state } = jobOf(patch.function);
			const reason = whyNotReverted(patch, state, [...patches.values()]);
			if (reason !== null)
				throw refusal("Reverting", reason, "Revert later patches first; the kill switch takes clients back to legacy at once.");
			dispatch(patch.function, { kind: "revert", at: now(), patch: id });
		},
		async showCase(id, seq, signal) {
			const patch = patchOf(id);
			const job = jobOf(patch.function);
			const made = acceptedSites(patch);
			const found = await deps.searching(() => {
				signal?.throwIfAborted();
				const problem = problemOf(job);
				// As the version before the patch was, whatever has become of it since.
				const choices = Object.fromEntries(
					Object.entries(problem.choices).filter(([expr]) => !patch.sites.some((site) => site.expr === expr)),
				);
				return runRepair({ ...problem, choices, dir: folder(patch.id) }, { kind: "case", sites: made, seq }, signal);
			});
			if (found !== null) return found;
			const remedy = "The journal keeps its differences: ask the evidence for its number.";
			throw refusal(`Showing request ${seq}`, "only the newest cases of each kind are kept", remedy);
		},
		withdrawStale(job) {
			for (const patch of patches.values()) {
				if (patch.function !== job.state.function || patch.state !== "proposed" || job.state.patch === patch.id) continue;
				takeBack(patch, "withdrawn", "engine");
			}
		},
	};
}

function failed(patch: Patch, { hunks, failing, clean, broken }: GateResult): Fault {
	const broke = clean.total - clean.passed;
	const reason =
		broke > 0
			? `${broke} of ${clean.total} clean cases would differ${broken === null ? "" : `, the first of them request ${broken.seq}`}`
			: `${hunks.length} of ${patch.hunks.length} places explain none of ${failing.total} failing cases`;
	return new Fault("PATCH_GATE", {
		patch: patch.id,
		reason,
		version: patch.from,
		failingPassed: failing.passed,
		failingTotal: failing.total,
		cleanPassed: clean.passed,
		cleanTotal: clean.total,
	});
}
