import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, systemClock } from "../../base/index.ts";
import { groupOf } from "../../compare/index.ts";
import { branchesOf } from "../../contract/branches.ts";
import type { ReplicaCommand } from "../../contract/replica.ts";
import type { ProbeCounts, RunEvent } from "../../contract/run.ts";
import { outcomeOf } from "../../contract/verdict.ts";
import { cloneDatabase, openCollector } from "../../effects/index.ts";
import { comparePolicy } from "../comparison-policy.ts";
import type { Case } from "../lockstep/history.ts";
import type { createLock } from "../lockstep/lock.ts";
import type { ProgressBoard } from "../progress.ts";
import type { Groups } from "../run/groups.ts";
import { fieldsOf, type Job } from "../run/job.ts";
import type { Versions } from "../run/versions.ts";
import type { System } from "../system.ts";
import { dueOf } from "./due.ts";
import type { Probe } from "./probe.ts";
import { startReplica } from "./replica.ts";
import { type ProbeResult, runProbes } from "./run-probes.ts";
import { searchProbes } from "./search.ts";

export type Prober = {
	/**
	 * One round: what it came to is dispatched as `probed`. `want`: different requests of each branch that live traffic does not reach.
	 * Throws RUN_STATE (no version runs in shadow, or how legacy is started a second time is not known), REPLICA_UNSTARTED, CANCELLED.
	 */
	probe(job: Job, want: number): Promise<ProbeCounts>;
	/**
	 * Starts a round where nothing but branches that live traffic does not reach keeps a migration from its next step, once for each version.
	 * What fails is told and not tried again by itself.
	 */
	probeWhenDue(job: Job): void;
};

const BUDGET_MS = 20_000;
const SEEDS = 300;
/** Of those that were clean, for the gate of a later repair. */
const CLEAN_KEPT = 200;

export function createProber(deps: {
	system: System;
	versions: Pick<Versions, "startBeside">;
	groups: Pick<Groups, "add">;
	alert(error: unknown): unknown;
	progress: ProgressBoard;
	/** A search takes a whole core. */
	searching: ReturnType<typeof createLock>;
	dispatch(functionName: string, event: RunEvent): void;
	replica(): ReplicaCommand | null;
	dir: string;
}): Prober {
	const { system, dispatch } = deps;
	const under = new Set<string>();
	/** Rounds that began by themselves. */
	const asked = new Set<string>();
	let rounds = 0;
	/** Below zero, so that none is taken for a request of the gateway. */
	let lastSeq = 0;

	async function round(
		job: Job,
		want: number,
		onProgress: (done: number, total: number) => void,
		signal: AbortSignal,
	): Promise<ProbeCounts> {
		const started = systemClock.now();
		const { blueprint, choices, state } = job;
		const command = deps.replica();
		const refuse = (reason: string, remedy: string) =>
			new Fault("RUN_STATE", { verb: `Generating requests for ${state.function}`, reason, remedy });
		if (command === null)
			throw refuse(
				"how legacy is started a second time is not known",
				"Say it with `phoenix serve --replica` when the system is attached.",
			);
		if (blueprint === null || job.shadow === null) throw refuse("no version of it runs in shadow", "Wait until it is in shadow.");
		const { evidence, version } = state;
		const wanted = branchesOf(blueprint)
			.keys()
			.filter((place) => evidence.branches?.[place]?.live !== true)
			.toArray();
		const dir = join(deps.dir, "probe", state.function);
		rmSync(dir, { recursive: true, force: true });
		mkdirSync(dir, { recursive: true });
		const files = { search: join(dir, "search.db"), legacy: join(dir, "legacy.db"), modern: join(dir, "modern.db") };
		const position = await system.lane().atRest(async () => {
			await cloneDatabase(system.shadowDatabase, files.search, {}, signal);
			return system.history.position;
		});
		const { epoch } = system.history;
		copyFileSync(files.search, files.legacy);
		copyFileSync(files.search, files.modern);
		rounds++;
		const found = await deps.searching(() =>
			searchProbes(
				{
					...{ blueprint, choices, database: files.search, dir, targets: wanted, want },
					...{ seeds: seedsOf(job), now: systemClock.now(), budgetMs: BUDGET_MS, seed: 7919 * rounds },
				},
				(done, total) => onProgress(done / 2, total),
				signal,
			),
		);
		const replica = await startReplica(command, { database: files.legacy, dir }, signal);
		const service = await deps.versions.startBeside(job, blueprint, files.modern).catch(async (error: unknown) => {
			await replica.stop();
			throw error;
		});
		const collector = await openCollector();
		try {
			const { random, clock, ids } = fieldsOf(blueprint);
			const { results, unanswered } = await runProbes(
				found.probes,
				{
					legacy: { port: replica.port, database: files.legacy, tail: await collector.tail(files.legacy) },
					modern: { port: service.port, database: files.modern, tail: await collector.tail(files.modern) },
					policyOf: (route, window) => comparePolicy({ random, clock, ids, clockSlackMs: 1_500 }, system.mirrors.ruleOf(route), window),
					onProgress: (done, total) => onProgress(BUDGET_MS / 2 + (BUDGET_MS / 2) * (done / total), BUDGET_MS),
				},
				signal,
			);
			const kept = join(deps.dir, "services", state.function, `v${version}-generated-requests.jsonl`);
			const sha256 = writeResults(kept, results);
			if (system.history.epoch === epoch) remember(job, results, position);
			return {
				...totalsOf(results),
				...{ wanted: wanted.length, reached: found.reached.length, tried: found.tried, unanswered },
				...{ file: kept, sha256, ms: Math.round(systemClock.now() - started) },
			};
		} finally {
			await collector.stop();
			await Promise.all([replica.stop(), service.stop(500)]);
			rmSync(dir, { recursive: true, force: true });
		}
	}

	/** What live traffic sent last, of each route; a request without a field where nothing was sent. */
	function seedsOf({ state, blueprint }: Job): Pick<Probe, "route" | "request">[] {
		const cases = system.history.cases(state.function).filter(({ rows }) => rows === undefined);
		return (blueprint?.interface.routes ?? []).flatMap(({ method, path }) => {
			const route = `${method} ${path}`;
			const own = cases.filter((entry) => entry.route === route).slice(-SEEDS);
			if (own.length > 0) return own.map(({ request }) => ({ route, request }));
			const headers: [string, string][] = [["Content-Type", "application/x-www-form-urlencoded"]];
			return [{ route, request: { method, target: path, headers, body: "" } }];
		});
	}

	/** A repair runs them again like any other case, and one that differs is a mismatch like any other. */
	function remember(job: Job, results: readonly ProbeResult[], position: number): void {
		const { function: name, version } = job.state;
		let clean = 0;
		for (const result of results) {
			const isClean = outcomeOf(result.verdict.kind) === "clean";
			if (isClean && ++clean > CLEAN_KEPT) continue;
			const seq = --lastSeq;
			const { probe, legacy, modern, verdict, policy, clock } = result;
			const [first] = verdict.differences;
			const kind = first === undefined ? "" : `generated ${first.field} ${first.suspicion}`;
			const entry: Case = {
				...{ seq, route: probe.route, function: name, version, position, clock, request: probe.request },
				...{ legacy, policy, clean: isClean, kind, rows: probe.rows },
			};
			system.history.add(entry);
			if (isClean) continue;
			const differing = {
				service: { function: name, version },
				exchange: { seq, request: probe.request },
				verdict,
				legacy,
				modern,
				rows: probe.rows,
			};
			deps.groups.add(differing, groupOf(name, verdict));
		}
	}

	const prober: Prober = {
		probeWhenDue(job) {
			const { function: name, evidence } = job.state;
			const id = `${name} v${evidence.version}`;
			const want = dueOf(job.state, job.policy);
			if (want === null || deps.replica() === null || asked.has(id)) return;
			asked.add(id);
			prober.probe(job, want).catch((error: unknown) => job.abort.signal.aborted || deps.alert(error));
		},
		async probe(job, want) {
			const name = job.state.function;
			if (under.has(name))
				throw new Fault("RUN_STATE", {
					verb: `Generating requests for ${name}`,
					reason: "it is under way already",
					remedy: "Wait until it ends.",
				});
			under.add(name);
			const { version } = job.state;
			const what = `Generating requests for ${name.slice(name.lastIndexOf(".") + 1)}`;
			try {
				const counts = await deps.progress.run(
					{ what, unit: "ms", sort: "Generating requests", isBound: true },
					(onProgress, signal) => round(job, want, (done, total) => onProgress(Math.round(done), total), signal),
					job.abort.signal,
				);
				dispatch(name, { kind: "probed", at: systemClock.now(), version, ...counts });
				return counts;
			} finally {
				under.delete(name);
			}
		},
	};
	return prober;
}

function totalsOf(results: readonly ProbeResult[]): Pick<ProbeCounts, "clean" | "differing" | "branches"> {
	const byPlace = new Map<number, [clean: number, differing: number]>();
	let [clean, differing] = [0, 0];
	for (const { verdict, branches } of results) {
		const isClean = outcomeOf(verdict.kind) === "clean";
		if (isClean) clean++;
		else differing++;
		for (const place of branches) {
			const counts = byPlace.get(place) ?? [0, 0];
			counts[isClean ? 0 : 1]++;
			byPlace.set(place, counts);
		}
	}
	const branches = [...byPlace].sort(([a], [b]) => a - b).map(([place, [good, bad]]): [number, number, number] => [place, good, bad]);
	return { clean, differing, branches };
}

/** One line each; the SHA-256 of the file. */
function writeResults(file: string, results: readonly ProbeResult[]): string {
	const lines = results.map(({ probe, verdict, branches, clock, legacy }) => {
		const { route, request, rows } = probe;
		const { status, body, changes } = legacy;
		return `${JSON.stringify({ route, request, rows, clock, branches, verdict: verdict.kind, differences: verdict.differences, legacy: { status, body, changes } })}\n`;
	});
	const text = lines.join("");
	writeFileSync(file, text);
	return createHash("sha256").update(text).digest("hex");
}
