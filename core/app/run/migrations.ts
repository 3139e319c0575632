import { join } from "node:path";
import { minGeneratedOf, newMigration, transition } from "../../arbiter/index.ts";
import { Fault, type FaultData, faultOf, systemClock } from "../../base/index.ts";
import { groupOf } from "../../compare/index.ts";
import type { ServiceInfo } from "../../contract/api.ts";
import type { Blueprint, Choices, ServiceFiles } from "../../contract/blueprint.ts";
import type { Migration, Patch, Policy, ProbeCounts, RunCommand, RunEvent } from "../../contract/run.ts";
import type { ServiceTarget } from "../../contract/targets.ts";
import { outcomeOf } from "../../contract/verdict.ts";
import { firstChoices } from "../../generate/index.ts";
import type { Runtime } from "../../operator/index.ts";
import type { Case } from "../lockstep/history.ts";
import type { LaneResult, LaneService } from "../lockstep/lane.ts";
import { createLock } from "../lockstep/lock.ts";
import { createProber } from "../probe/index.ts";
import type { ProgressBoard } from "../progress.ts";
import type { Project } from "../project.ts";
import type { System } from "../system.ts";
import { withAccepted } from "./acceptances.ts";
import { branchNames } from "./branch-names.ts";
import { canaryRecord } from "./canary-record.ts";
import { comparedOf, verdictEvent } from "./compared.ts";
import { createLateExplanation } from "./explain-late.ts";
import type { Groups } from "./groups.ts";
import { acceptedSites, exactly, fieldsOf, infoOf, isStep, type Job, proposePatch, stopped } from "./job.ts";
import type { Meter } from "./meter.ts";
import { modeOf, type RouteWish, routeId } from "./planner.ts";
import type { Recorder } from "./recorder.ts";
import { createRenewal } from "./renew-shadow.ts";
import { runRepair } from "./repair.ts";
import { createReview, type Review } from "./review.ts";
import { createVersions } from "./versions.ts";

export type Migrations = {
	/** Fault RUN_STATE when one of the functions is under way already; then none is started. */
	start(run: { id: string; functions: string[]; policy: Policy; target: ServiceTarget }): void;
	/** The longest cool-down that a started function asks for. */
	coolDownMs(): number;
	/** Takes up migrations that a former core left, as folded from its journal. */
	resume(states: { migration: Migration; policy: Policy; target: ServiceTarget }[], choices: Map<string, Choices>, patches: Patch[]): void;
	states(): Migration[];
	/** Of the run that started this function; null for one that was never started. */
	policyOf(functionName: string): Policy | null;
	/** What its service is written in; null for one that was never started. */
	targetOf(functionName: string): ServiceTarget | null;
	services(): ServiceInfo[];
	patches(): Patch[];
	wishes(): RouteWish[];
	dispatch(functionName: string, event: RunEvent): void;
	verdict(result: LaneResult): void;
	/** Files of the running version, or null. */
	files(functionName: string): ServiceFiles | null;
	blueprint(functionName: string): Blueprint | null;
	/** The architect's decisions on patches. */
	readonly review: Review;
	/** Generated requests for the branches that live traffic does not reach; see `Prober`. */
	probe(functionName: string): Promise<ProbeCounts>;
	tick(): void;
	/** Stops the shadow services, has the shadow made anew, and starts them on it. */
	renewShadow(): Promise<void>;
	/** Waits for the commands in hand, then stops (or leaves) the services. */
	close(options: { keepServices: boolean }): Promise<void>;
};

export function createMigrations(deps: {
	project: Project;
	system: System;
	runtime: Runtime;
	groups: Groups;
	meter: Meter;
	record: Recorder;
	progress: ProgressBoard;
	dir: string;
	/** Composes and sets the plan from all wishes; resolves when it is in force. */
	applyPlan(reason: string): Promise<void>;
	/** Shows a failure on every screen. */
	alert(error: unknown): FaultData;
	onChange(): void;
}): Migrations {
	const jobs = new Map<string, Job>();
	const patches = new Map<string, Patch>();
	const { record, system } = deps;
	/** One search at a time: it takes a whole core, and the traffic needs the others. */
	const searching = createLock();
	let closed = false;
	const now = () => systemClock.now();
	const versions = createVersions(deps);
	const explainLate = createLateExplanation({ ...deps, searching, isClosed: () => closed });
	const prober = createProber({ ...deps, versions, searching, dispatch, replica: () => system.replica });
	const review = createReview({ ...deps, jobOf, patches, searching, dispatch, now });

	function jobOf(functionName: string): Job {
		const job = jobs.get(functionName);
		if (job === undefined) throw new Fault("FUNCTION_UNKNOWN", { name: functionName, near: [...jobs.keys()].join(", ") || "none" });
		return job;
	}

	function addJob(state: Migration, policy: Policy, target: ServiceTarget): Job {
		const job: Job = {
			state,
			policy,
			target,
			blueprint: null,
			choices: {},
			shadow: null,
			reference: null,
			live: null,
			weight: 0,
			line: createLock(),
			abort: new AbortController(),
		};
		jobs.set(state.function, job);
		return job;
	}

	function dispatch(functionName: string, event: RunEvent): void {
		const job = jobOf(functionName);
		const before = job.state;
		const [after, commands] = transition(before, event, job.policy);
		job.state = after;
		const isQuiet = event.kind === "tick" || event.kind === "measured" || event.kind === "verdict";
		if (!isQuiet) record("run.event", { function: functionName, event });
		const ended = canaryRecord(before, event, after, job.policy);
		if (ended) record("canary.step", ended);
		if (isStep(before, after)) record("run.state", { function: functionName, migration: after });
		if (after.stage === "promoted" && before.stage !== "promoted") {
			const { clean, bound } = after.evidence;
			record("function.promoted", { function: functionName, version: after.version, clean, bound });
		}
		if (commands.some((command) => command.kind === "stopService" || command.kind === "revert")) {
			job.abort.abort();
			job.abort = new AbortController();
		}
		// From the press on, no plan that is composed for another reason may bring clients back.
		if (event.kind === "panic") job.weight = 0;
		for (const command of commands) void job.line(() => perform(job, command));
		review.withdrawStale(job);
		deps.onChange();
	}

	async function perform(job: Job, command: RunCommand): Promise<void> {
		if (closed) return;
		const name = job.state.function;
		const { signal } = job.abort;
		try {
			await performers[command.kind](job, command as never);
		} catch (error) {
			if (closed || signal.aborted) return;
			const fault = deps.alert(error);
			dispatch(name, { kind: "trouble", at: now(), reason: `${fault.code}: ${fault.what}` });
		}
	}

	const performers: { [K in RunCommand["kind"]]: (job: Job, command: Extract<RunCommand, { kind: K }>) => Promise<void> } = {
		async extract(job) {
			const blueprint = await extract(job);
			if (blueprint === null) return;
			dispatch(job.state.function, { kind: "extracted", at: now(), routes: blueprint.interface.routes.map(routeId) });
		},
		async generate(job) {
			const version = job.state.version + 1;
			if (version === 1) job.choices = firstChoices(blueprintOf(job), job.target);
			versions.write(job, blueprintOf(job), version, job.choices);
			dispatch(job.state.function, { kind: "generated", at: now(), version });
		},
		async deploy(job, { version }) {
			await system.ready();
			await startShadow(job, version);
			dispatch(job.state.function, { kind: "deployed", at: now(), version, branches: branchesOf(job) });
		},
		async heal(job) {
			await heal(job);
		},
		async askReview() {},
		async swap(job, { patch }) {
			const found = patches.get(patch);
			if (found === undefined) throw new Error(`patch ${patch} is gone`);
			if (found.state === "proposed")
				review.settle(found, { accepted: true, by: "policy", hunks: found.hunks.map((hunk) => hunk.id), gate: null });
			const before = job.choices;
			await replaceVersion(job, found.to, { ...before, ...exactly(acceptedSites(found)) }, "swapped");
			void explainLate(job, blueprintOf(job), found, withAccepted(before, job.state));
			dispatch(job.state.function, { kind: "swapped", at: now(), version: found.to, branches: branchesOf(job) });
		},
		async revert(job, { patch }) {
			const found = patches.get(patch);
			if (found === undefined) throw new Error(`patch ${patch} is gone`);
			const version = job.state.version + 1;
			const reverted = new Set(acceptedSites(found));
			const choices = Object.fromEntries(Object.entries(job.choices).filter(([expr]) => !reverted.has(expr)));
			await replaceVersion(job, version, choices, "reverted");
			review.takeBack(found, "reverted", "architect", version);
			deps.groups.reopen(job.state.function, acceptedSites(found));
			dispatch(job.state.function, { kind: "swapped", at: now(), version, branches: branchesOf(job) });
		},
		async renew(job) {
			const version = job.state.version + 1;
			await replaceVersion(job, version, job.choices, "made again");
			dispatch(job.state.function, { kind: "swapped", at: now(), version, branches: branchesOf(job) });
		},
		async route(job, { weight }) {
			// A step forward that waited while the run was taken back is no longer wanted.
			if (weight > 0 && job.state.stage !== "canary") return;
			await route(job, weight);
			dispatch(job.state.function, { kind: "routed", at: now(), weight });
		},
		async stopService(job) {
			job.weight = 0;
			if (system.shadow.ready) system.lane().detach(job.state.routes);
			await deps.applyPlan(`${job.state.function}: to legacy`);
			await versions.stop(job, "shadow", "no longer needed");
			await versions.stop(job, "live", "no longer needed");
		},
		async note(job, { text }) {
			record("note", { function: job.state.function, text });
		},
	};

	async function extract(job: Job): Promise<Blueprint | null> {
		const name = job.state.function;
		const blueprint = deps.project.blueprint(name);
		const refusal = blueprint.unsupported[0];
		if (refusal) {
			const { construct, remedy, span } = refusal;
			const fault = new Fault("UNSUPPORTED", { function: name, construct, remedy, file: span.file, line: span.line });
			record("fault", fault.toJSON());
			dispatch(name, { kind: "refused", at: now(), reason: `${fault.message} ${remedy}` });
			return null;
		}
		job.blueprint = blueprint;
		const lines = blueprint.functions.reduce((sum, one) => sum + one.span.endLine - one.span.line + 1, 0);
		const { hash, rules, statements } = blueprint;
		record("blueprint.made", { function: name, hash, rules: rules.length, statements: statements.length, lines });
		versions.keepBlueprint(blueprint, name);
		return blueprint;
	}

	/** The next version takes the place of the running one in shadow; the old one answers until then. */
	async function replaceVersion(job: Job, version: number, choices: Choices, reason: string): Promise<void> {
		const [old, reference, former] = [job.shadow, job.reference, job.state.version];
		versions.write(job, blueprintOf(job), version, choices);
		job.choices = choices;
		await startShadow(job, version);
		await reference?.stop();
		await old?.stop();
		if (old) record("service.stopped", stopped(job, old, former, "shadow", reason));
	}

	async function startShadow(job: Job, version: number): Promise<void> {
		const { function: name, acceptances = [] } = job.state;
		const handle = await versions.start(job, blueprintOf(job), version, "shadow");
		const reference = acceptances.length === 0 ? null : await versions.start(job, blueprintOf(job), version, "reference");
		const service: LaneService = {
			...{ function: name, version, port: handle.port, ...fieldsOf(blueprintOf(job)) },
			...(reference === null ? {} : { reference: { port: reference.port, places: acceptances } }),
		};
		try {
			await system.lane().atRest(async () => system.lane().attach(job.state.routes, service));
		} catch (error) {
			await Promise.all([handle.stop(), reference?.stop()]);
			throw error;
		}
		[job.shadow, job.reference] = [handle, reference];
		reference?.onExit(() => {
			if (!closed && job.reference === reference) void job.line(() => restart(job, version, "shadow"));
		});
		handle.onExit(() => {
			if (!closed && job.shadow === handle) void job.line(() => restart(job, version, "shadow"));
		});
	}

	async function startLive(job: Job): Promise<void> {
		if (job.live && (await job.live.isHealthy())) return;
		const version = job.state.version;
		const handle = await versions.start(job, blueprintOf(job), version, "live");
		job.live = handle;
		handle.onExit(() => {
			if (!closed && job.live === handle) void job.line(() => restart(job, version, "live"));
		});
	}

	async function restart(job: Job, version: number, role: "shadow" | "live"): Promise<void> {
		if (closed) return;
		const ended = role === "live" ? job.live : job.shadow;
		if (ended) record("service.stopped", stopped(job, ended, version, role, "it ended unexpectedly"));
		try {
			if (role === "shadow") await startShadow(job, version);
			else {
				job.live = null;
				await startLive(job);
				await deps.applyPlan(`${job.state.function}: service restarted`);
			}
		} catch (error) {
			dispatch(job.state.function, { kind: "trouble", at: now(), reason: faultOf(error, "restart").message });
		}
	}

	async function route(job: Job, weight: number): Promise<void> {
		if (weight > 0) await startLive(job);
		else if (job.shadow === null && job.state.stage !== "cancelled") await startShadow(job, job.state.version);
		job.weight = weight;
		await deps.applyPlan(`${job.state.function}: ${weight === 0 ? "shadow" : `${weight} %`}`);
		if (weight === 0) await versions.stop(job, "live", "rolled back");
		if (weight >= 100) {
			await system.lane().settled();
			system.lane().detach(job.state.routes);
			await versions.stop(job, "shadow", "promoted");
		}
	}

	async function heal(job: Job): Promise<void> {
		const name = job.state.function;
		const { signal } = job.abort;
		const what = `Searching a repair for ${name.slice(name.lastIndexOf(".") + 1)}`;
		const about = { what, unit: "cases of this round", sort: "Searching repairs", isBound: true };
		let seen: Case[] = [];
		const outcome = await deps.progress.run(
			about,
			(onProgress, ended) =>
				searching(() => {
					ended.throwIfAborted();
					const problem = review.problemOf(job);
					seen = problem.cases;
					const options = { ...problem, dir: join(deps.dir, "repair", name), onProgress };
					return runRepair(options, { kind: "search" }, ended).catch((error: unknown) => {
						throw ended.aborted ? ended.reason : error;
					});
				}),
			signal,
		);
		if (outcome.sites.length === 0) {
			dispatch(name, { kind: "noPatch", at: now(), reason: outcome.explanation });
			return;
		}
		const patch = proposePatch(job, blueprintOf(job), outcome, { project: deps.project, taken: patches, at: now() });
		patches.set(patch.id, patch);
		review.remember(patch, seen);
		record("patch.proposed", patch);
		deps.groups.explain(name, patch.sites, outcome.bySite);
		dispatch(name, { kind: "patch", at: now(), patch: patch.id, explained: outcome.explained.length, total: outcome.failing });
	}

	function blueprintOf(job: Job): Blueprint {
		if (job.blueprint === null) throw new Error(`no blueprint of ${job.state.function}`);
		return job.blueprint;
	}

	const branchesOf = (job: Job) => branchNames(deps.project.dir, blueprintOf(job));

	return {
		coolDownMs: () => Math.max(0, ...[...jobs.values()].map((job) => job.policy.coolDownMs)),
		start({ id, functions, policy, target }) {
			for (const name of functions) {
				const present = jobs.get(name);
				if (present && !["refused", "cancelled"].includes(present.state.stage)) {
					throw new Fault("RUN_STATE", {
						verb: `Starting ${name}`,
						reason: `it is already ${present.state.stage}`,
						remedy: "Choose another function.",
					});
				}
			}
			record("run.started", { run: id, functions, policy, target });
			for (const name of functions) {
				addJob(newMigration(name, now()), policy, target);
				dispatch(name, { kind: "start", at: now() });
			}
		},
		resume(states, choices, formerPatches) {
			for (const patch of formerPatches) patches.set(patch.id, patch);
			for (const { migration: state, policy, target } of states) {
				const job = addJob(state, policy, target);
				job.choices = choices.get(state.function) ?? {};
				if (["refused", "cancelled", "waiting"].includes(state.stage)) continue;
				void job.line(() => takeUp(job));
			}
		},
		states: () => [...jobs.values()].map((job) => job.state),
		policyOf: (functionName) => jobs.get(functionName)?.policy ?? null,
		targetOf: (functionName) => jobs.get(functionName)?.target ?? null,
		services: () => [...jobs.values()].flatMap((job) => [...infoOf(job, "shadow"), ...infoOf(job, "live")]),
		patches: () => [...patches.values()],
		wishes: () =>
			[...jobs.values()].flatMap((job): RouteWish[] => {
				const { state, blueprint, live } = job;
				if (blueprint === null || state.routes.length === 0) return [];
				if (job.shadow === null && job.weight === 0) return [];
				const upstream = live === null ? null : { host: "127.0.0.1", port: live.port };
				return [{ routes: state.routes, mode: modeOf(job.weight, upstream, blueprint) }];
			}),
		dispatch,
		verdict(result) {
			const name = result.service.function;
			const outcome = outcomeOf(result.verdict.kind);
			// There is nothing to search in a skewed one: the service did not see what legacy saw.
			const group = outcome !== "mismatched" && outcome !== "failed" ? null : deps.groups.add(result, groupOf(name, result.verdict));
			const compared = comparedOf(result, group);
			record("compared", compared);
			if (jobs.has(name)) dispatch(name, verdictEvent(now(), compared));
		},
		files(functionName) {
			const job = jobs.get(functionName);
			return job?.blueprint && job.state.version > 0 ? versions.files(job, job.blueprint, job.choices) : null;
		},
		blueprint: (functionName) => jobs.get(functionName)?.blueprint ?? null,
		review,
		probe(functionName) {
			const job = jobOf(functionName);
			return prober.probe(job, minGeneratedOf(job.policy.canary.at(-1)?.branches ?? {}));
		},
		renewShadow: createRenewal({
			jobs: () => [...jobs.values()],
			stop: (job) => versions.stop(job, "shadow", "the shadow is made anew"),
			ready: () => system.ready(),
			start: async (job) => (closed ? undefined : startShadow(job, job.state.version)),
			onTrouble: (job, error) => dispatch(job.state.function, { kind: "trouble", at: now(), reason: faultOf(error, "renew").message }),
		}),
		tick() {
			for (const job of jobs.values()) {
				const { state, policy } = job;
				if (["waiting", "refused", "cancelled", "promoted"].includes(state.stage)) continue;
				const measured = state.canary && deps.meter.canary(state.routes, state.canary.since, policy.guards);
				if (state.stage === "canary" && measured) dispatch(state.function, { kind: "measured", at: now(), ...measured });
				dispatch(state.function, { kind: "tick", at: now() });
				prober.probeWhenDue(job);
			}
		},
		async close({ keepServices }) {
			closed = true;
			for (const job of jobs.values()) job.abort.abort();
			await Promise.all([...jobs.values()].map((job) => job.line(() => {})));
			if (keepServices) {
				// Nobody compares any more; what answers clients stays.
				await Promise.all([...jobs.values()].flatMap((job) => [job.shadow?.stop(500), job.reference?.stop(500)]));
				deps.runtime.detach();
			} else
				await Promise.all(
					[...jobs.values()].flatMap(({ shadow, reference, live }) => [shadow, reference, live].map((one) => one?.stop(500))),
				);
		},
	};

	/** Brings the services and the routing of a resumed migration back to what its state says. */
	async function takeUp(job: Job): Promise<void> {
		const { state } = job;
		try {
			job.blueprint = await extract(job);
			if (job.blueprint === null) return;
			if (state.version === 0) {
				await performers.generate(job, { kind: "generate" });
				return;
			}
			if (!versions.isWritten(job, state.version)) versions.write(job, job.blueprint, state.version, job.choices);
			job.weight = state.stage === "promoted" ? 100 : (state.canary?.weight ?? 0);
			if (job.weight > 0) await startLive(job);
			if (job.weight < 100) {
				await system.ready();
				await startShadow(job, state.version);
			}
			await deps.applyPlan(`${state.function}: resumed at ${job.weight} %`);
			const placing = state.stage === "healing" ? patches.get(state.patch ?? "") : undefined;
			// The decision is taken; what it says is made true.
			if (state.renewing) await perform(job, { kind: "renew" });
			else if (placing) await perform(job, { kind: placing.to > state.version ? "swap" : "revert", patch: placing.id });
			else if (state.stage === "healing")
				dispatch(state.function, { kind: "noPatch", at: now(), reason: "The search was interrupted and starts again." });
			if (state.stage === "deploying")
				dispatch(state.function, { kind: "deployed", at: now(), version: state.version, branches: branchesOf(job) });
			record("note", { function: state.function, text: `resumed in ${state.stage} at ${job.weight} %` });
		} catch (error) {
			dispatch(state.function, { kind: "trouble", at: now(), reason: faultOf(error, "resume").message });
		}
	}
}
