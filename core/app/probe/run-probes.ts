import { systemClock } from "../../base/index.ts";
import { compare } from "../../compare/index.ts";
import type { EffectSource, RowChange } from "../../contract/effects.ts";
import type { Behaviour, ComparePolicy, Verdict } from "../../contract/verdict.ts";
import { createShadowState, netChanges, type ShadowState } from "../../effects/index.ts";
import { type Asked, askService, bodyText, clockOf } from "../lockstep/shadow-request.ts";
import type { Probe, TakenProbe } from "./probe.ts";

/** One side: who answers, and the database that it answers from. */
export type ProbedSide = { port: number; database: string; tail: EffectSource };

/** What both did with one probe. `branches`: that the new service says it took, or else those of the search. */
export type ProbeResult = {
	probe: Probe;
	verdict: Verdict;
	legacy: Behaviour;
	modern: Behaviour;
	branches: number[];
	policy: ComparePolicy;
	/** Milliseconds since the epoch, that the new service was given. */
	clock: number;
};

/** `unanswered`: legacy itself gave no answer, so that there is nothing to compare with. */
export type ProbedAll = { results: ProbeResult[]; unanswered: number };

/**
 * Every probe on legacy's replica and on the new service, each on the same rows: what a request changed is undone on both sides before the
 * next. So no probe can spoil another, and the order says nothing.
 */
export async function runProbes(
	probes: readonly TakenProbe[],
	options: {
		legacy: ProbedSide;
		modern: ProbedSide;
		policyOf(route: string, window: ComparePolicy["window"]): ComparePolicy;
		onProgress(done: number, total: number): void;
	},
	signal?: AbortSignal,
): Promise<ProbedAll> {
	const [legacySide, modernSide] = [openSide(options.legacy), openSide(options.modern)];
	const results: ProbeResult[] = [];
	let unanswered = 0;
	try {
		for (const [index, taken] of probes.entries()) {
			signal?.throwIfAborted();
			const { branches, ...probe } = taken;
			const startedAt = systemClock.now();
			const legacy = await legacySide.ask(probe, { request: probe.request, startedAt, endedAt: startedAt });
			const asked = { request: probe.request, startedAt, endedAt: systemClock.now() };
			if (legacy.error !== null) unanswered++;
			else {
				const modern = await modernSide.ask(probe, asked);
				const policy = options.policyOf(probe.route, { from: asked.startedAt, to: asked.endedAt });
				const verdict: Verdict =
					modern.error === null
						? compare(legacy.behaviour, modern.behaviour, policy)
						: { kind: "failed", differences: [], tolerated: [], reason: modern.error };
				results.push({
					probe,
					verdict,
					policy,
					legacy: legacy.behaviour,
					modern: modern.behaviour,
					branches: modern.branches ?? branches,
					clock: clockOf(asked),
				});
			}
			options.onProgress(index + 1, probes.length);
		}
	} finally {
		legacySide.close();
		modernSide.close();
	}
	return { results, unanswered };
}

function openSide({ port, database, tail }: ProbedSide) {
	const state: ShadowState = createShadowState({ path: database });
	let seen: RowChange[] = [];
	const unsubscribe = tail.subscribe((commit) => seen.push(...commit.changes));

	async function changesSince(): Promise<RowChange[]> {
		await tail.drain();
		const changes = netChanges(seen);
		seen = [];
		return changes;
	}

	return {
		async ask({ rows }: Probe, asked: Asked) {
			if (rows.length > 0) state.apply(rows);
			await changesSince();
			const answer = await askService(port, asked);
			const changes = await changesSince();
			state.undo(changes);
			if (rows.length > 0) state.undo(rows);
			const behaviour: Behaviour = { status: answer.status, contentType: answer.contentType, body: answer.body, changes };
			return { behaviour, error: answer.status === 0 ? (answer.error ?? "no answer") : answer.error, branches: answer.branches };
		},
		close() {
			unsubscribe();
			state.close();
		},
	};
}

export const requestText = ({ request }: Probe) => ({ ...request, body: bodyText(request.body) });
