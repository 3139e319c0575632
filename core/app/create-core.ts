import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createEmitter, Fault, type FaultData, faultOf, systemClock } from "../base/index.ts";
import type { Snapshot } from "../contract/api.ts";
import type { LogLine } from "../contract/log.ts";
import type { Policy } from "../contract/run.ts";
import type { ServiceTarget } from "../contract/targets.ts";
import { outcomeOf } from "../contract/verdict.ts";
import { sqlitePath } from "../effects/index.ts";
import { isProcess, readLease, removeFile, stateFiles } from "../gateway/hot/index.ts";
import { openJournal } from "../journal/index.ts";
import { createProcessRuntime, type Runtime } from "../operator/index.ts";
import { sealCapsule } from "./capsule.ts";
import type { AttachTarget, Core, SampleOptions } from "./core.ts";
import { withdrawCore } from "./core-lease.ts";
import { logLine } from "./log-lines.ts";
import { createFollowing } from "./map/following.ts";
import { createLayouts } from "./map/layouts.ts";
import { createScans } from "./map/scans.ts";
import { treesIn } from "./map/trees.ts";
import { missedExchanges } from "./missed-exchanges.ts";
import { createModelKey } from "./model-key.ts";
import { assertOwnRoutes } from "./plan/start-guard.ts";
import { createProgress } from "./progress.ts";
import { openProject, type Project } from "./project.ts";
import { createChronicle } from "./report/index.ts";
import { foldJournal, type Resumed } from "./resume.ts";
import { createGroups, type Groups } from "./run/groups.ts";
import { createMeter } from "./run/meter.ts";
import { createMigrations, type Migrations } from "./run/migrations.ts";
import { composePlan } from "./run/planner.ts";
import type { Recorder } from "./run/recorder.ts";
import { createRuntimeWatch } from "./runtime-watch.ts";
import { processOf, type SampleBank, sampleReplica, sampleSource, seedSample, startSample } from "./sample/bank.ts";
import { nextSampleHome, sampleHome } from "./sample/home.ts";
import { assertSealable, waitForQuiet } from "./sealing.ts";
import { snapshotOf, summaryOf, version } from "./snapshot.ts";
import { attachSystem, type System, upstreamOf } from "./system.ts";

const IDEMPOTENCY_HEADER = "Idempotency-Key";

/** `gatewayPort`: where the gateway of the sample bank listens unless `openSample` says otherwise. */
export async function createCore(options: { dir: string; resume?: boolean; gatewayPort?: number; gatewayWorkers?: number }): Promise<Core> {
	const dir = resolve(options.dir);
	mkdirSync(dir, { recursive: true });
	const journal = await openJournal({ file: join(dir, "journal.jsonl") });
	const modelKey = createModelKey({ dir, env: process.env });
	const chronicle = createChronicle();
	const resumed: Resumed = foldJournal(chronicle.hear(journal.entries()));
	const changes = createEmitter<void>();
	const lines = createEmitter<LogLine>();
	const alerts: FaultData[] = [];
	const totals = { compared: resumed.compared, dropped: { ...resumed.dropped } };
	const meter = createMeter(() => systemClock.now());
	const layouts = createLayouts({ dir });
	const scans = createScans();
	const following = createFollowing(dir, take, alert);
	const progress = createProgress(changed);
	const record: Recorder = (kind, data) => {
		journal.append(kind, modelKey.clean(data) as never);
		changed();
	};
	const groups: Groups = createGroups(record, () => systemClock.now());
	groups.restore(resumed.run === null ? [] : resumed.groups, resumed.examples);
	let project: Project | null = null;
	let system: System | null = null;
	let migrations: Migrations | null = null;
	let runtime: Runtime | null = null;
	let bank: SampleBank | null = null;
	const watch = createRuntimeWatch({
		dir,
		system: () => system && { legacy: system.legacy, gatewayPort: system.gateway.port, retired },
		services: () => runtime?.known() ?? [],
	});
	/** The screen and the command line may both ask for the sample at the start. */
	let opening: Promise<Project> | null = null;
	let run: Snapshot["run"] = null;
	let demo: Snapshot["demo"] = null;
	let planVersion = resumed.planVersion;
	let retired = resumed.retired;
	const closing = new AbortController();
	const held = new Set<Promise<unknown>>();
	let timer: NodeJS.Timeout | null = null;
	let announced = false;
	let seenPanicAt = 0;

	let lastPanic: Snapshot["lastPanic"] = null;
	journal.subscribe((entry) => {
		if (entry.kind === "panic") lastPanic = { at: entry.at, ms: entry.data.ms, reason: entry.data.reason };
		chronicle.add(entry);
		const line = logLine(entry);
		if (line) lines.emit(line);
	});
	journal.onFailure((fault) => {
		alert(fault);
		void system?.gateway.panic("journal cannot be written").catch(() => {});
	});
	record("core.started", { pid: process.pid, resumed: resumed.run !== null, version });

	/** Ten times a second is as often as an eye needs. */
	function changed(): void {
		if (announced) return;
		announced = true;
		setTimeout(() => {
			announced = false;
			changes.emit();
		}, 100).unref();
	}

	function alert(error: unknown): FaultData {
		const fault = modelKey.clean(faultOf(error, randomUUID().slice(0, 8), join(dir, "journal.jsonl")).toJSON());
		if (!(error instanceof Fault))
			process.stderr.write(`${modelKey.clean(error instanceof Error ? String(error.stack) : String(error))}\n`);
		alerts.push(fault);
		if (alerts.length > 5) alerts.shift();
		// What cannot be written is told all the same.
		if (journal.failed === null) record("fault", fault);
		changed();
		return fault;
	}

	function drop(functionName: string | null, count: number, reason: string): void {
		totals.dropped[reason] = (totals.dropped[reason] ?? 0) + count;
		record("dropped", { function: functionName ?? "", count, reason });
	}

	function take(next: Project): void {
		project = next;
		// By the time a screen asks for it, it is there.
		void layouts.layoutOf(next.graph).catch((error: unknown) => closing.signal.aborted || alert(error));
		changed();
	}

	async function open(target: string, sample = false): Promise<Project> {
		const started = systemClock.now();
		scans.begin();
		const opened = await progress
			.run(
				{ what: `Reading ${basename(target)}`, unit: "files" },
				(onProgress, signal) => openProject(target, { sample, cacheDir: treesIn(dir), onModule: scans.add, onProgress, signal }),
				closing.signal,
			)
			.finally(scans.end);
		following.begin(opened);
		const { functions, routes, tables } = summaryOf(opened);
		record("project.opened", { dir: opened.dir, functions, routes, tables, scanMs: systemClock.now() - started });
		return opened;
	}

	async function openSample({ gatewayPort = options.gatewayPort ?? 7461, bankPort = 0, accounts }: SampleOptions): Promise<Project> {
		const home = sampleHome(dir).dir;
		const database = join(home, "bank.db");
		await progress.run(
			{ what: "Filling the sample bank", unit: "accounts" },
			(onProgress, signal) => seedSample(database, { ...(accounts === undefined ? {} : { accounts }), onProgress }, signal),
			closing.signal,
		);
		closing.signal.throwIfAborted();
		bank ??= seeBank(await startSample({ database, port: bankPort, dir: home }));
		const opened = await open(sampleSource, true);
		if (system === null) {
			await attach({ legacy: { host: "127.0.0.1", port: bank.port }, database, port: gatewayPort, replica: sampleReplica() });
			await applyPlan("all to legacy");
		}
		return opened;
	}

	/**
	 * The sample as it was on the first day: a bank of its own in a new folder, a gateway, a shadow and a run that begin again. What
	 * was before stays in the journal and in its capsule.
	 */
	async function renewSample(): Promise<void> {
		if (timer) clearInterval(timer);
		await system?.endComparing();
		await migrations?.close({ keepServices: false });
		await system?.close({ stopGateway: true });
		await bank?.stop();
		const gateway = stateFiles(join(dir, "gateway"));
		const left = readLease(gateway.lease)?.pid ?? 0;
		for (let waited = 0; waited < 5_000 && isProcess(left, ["supervisor"]); waited += 20) await new Promise((done) => setTimeout(done, 20));
		removeFile(gateway.plan);
		[system, migrations, bank, run, retired] = [null, null, null, null, false];
		[totals.compared, totals.dropped] = [0, {}];
		groups.restore([]);
		record("sample.renewed", { home: nextSampleHome(dir).dir });
	}

	async function freshSample(sample: SampleOptions): Promise<{ round: number }> {
		if (project !== null && !project.sample)
			throw new Fault("RUN_STATE", {
				verb: "The demo",
				reason: "another project is open",
				remedy: "Start Phoenix in a state directory of its own.",
			});
		const moving = migrations?.states().find(({ stage }) => !["promoted", "refused", "cancelled", "held"].includes(stage));
		if (moving)
			throw new Fault("RUN_STATE", { verb: "The demo", reason: `${moving.function} is ${moving.stage}`, remedy: "Cancel the run first." });
		const gatewayPort = sample.gatewayPort ?? system?.gateway.port;
		if (migrations !== null || retired || totals.compared > 0) await renewSample();
		if (system === null) await core.openSample({ ...sample, ...(gatewayPort === undefined ? {} : { gatewayPort }) });
		return { round: sampleHome(dir).round };
	}

	function seeBank(started: SampleBank): SampleBank {
		const unfollow = watch.follow(processOf(started));
		return { ...started, stop: () => started.stop().finally(unfollow) };
	}

	async function attach(target: AttachTarget): Promise<System> {
		if (system)
			throw new Fault("RUN_STATE", {
				verb: "Attaching",
				reason: `the gateway already serves port ${system.gateway.port}`,
				remedy: "Close the present system first.",
			});
		// Services run in folders of their own, so a path means the same everywhere only when it is whole.
		const database = resolve(sqlitePath(target.database));
		const attached = await attachSystem({
			...{ ...target, database, dir, workers: options.gatewayWorkers ?? 1 },
			record,
			progress,
			mayWrite: (route) => project?.mayWrite(route) ?? true,
			onResult(result) {
				totals.compared++;
				meter.compared(result.ms, outcomeOf(result.verdict.kind));
				migrations?.verdict(result);
			},
			onDrop: drop,
			onTrouble: trouble,
			onLost(reason) {
				trouble(reason);
				void migrations?.renewShadow();
			},
		});
		system = attached;
		planVersion = Math.max(planVersion, attached.gateway.plan().version);
		attached.onExchange((exchange) => meter.exchange(exchange));
		attached.gateway.onLost((loss) => {
			if (loss.kind === "failed") alert(loss.fault);
			else record("note", { function: null, text: `The gateway was ${loss.kind}.` });
		});
		record("system.attached", {
			legacy: `${target.legacy.host}:${target.legacy.port}`,
			gatewayPort: attached.gateway.port,
			database,
			...{ adopted: attached.gateway.adopted, triggers: target.triggers === true, replica: attached.replica },
		});
		timer = setInterval(() => {
			noticePanic(attached);
			migrations?.tick();
			changed();
		}, 250);
		return attached;
	}

	/** `phoenix panic` and the file PANIC act on the gateway alone, so that they need no core: it is found here. */
	function noticePanic({ stats }: System): void {
		const panic = stats?.panic ?? null;
		if (panic === null || panic.at === seenPanicAt) return;
		seenPanicAt = panic.at;
		if (chronicle.facts.panicked) return;
		record("panic", { reason: panic.reason, by: "outside", ms: null });
		holdAfterPanic(panic.reason);
	}

	function holdAfterPanic(reason: string): void {
		for (const state of migrations?.states() ?? []) migrations?.dispatch(state.function, { kind: "panic", at: systemClock.now(), reason });
	}

	function trouble(reason: string): void {
		alert(new Fault("SHADOW_LOST", { reason }));
		for (const state of migrations?.states() ?? [])
			migrations?.dispatch(state.function, { kind: "trouble", at: systemClock.now(), reason });
	}

	async function applyPlan(reason: string): Promise<void> {
		if (system === null || project === null) return;
		planVersion = Math.max(planVersion, system.gateway.plan().version) + 1;
		const plan = composePlan({
			...{ version: planVersion, present: system.gateway.plan() },
			legacy: retired ? null : system.legacy,
			idempotencyHeader: IDEMPOTENCY_HEADER,
			routes: project.graph.routes,
			wishes: migrations?.wishes() ?? [],
			reason,
		});
		record("plan.set", plan);
		await journal.durable();
		await system.gateway.setPlan(plan);
	}

	function ensureMigrations(): Migrations {
		if (project === null)
			throw new Fault("RUN_STATE", { verb: "Starting a run", reason: "no project is open", remedy: "Open a folder or the sample bank." });
		if (system === null)
			throw new Fault("RUN_STATE", {
				verb: "Starting a run",
				reason: "no legacy system is attached",
				remedy: "Name the running system and its database.",
			});
		runtime ??= createProcessRuntime({ dir: join(dir, "processes"), output: watch.output });
		const parts = { project, system, progress, runtime, groups, meter, record, dir };
		migrations ??= createMigrations({ ...parts, applyPlan, alert, onChange: changed });
		return migrations;
	}

	function start(names: string[], policy: Policy, target: ServiceTarget = "typescript"): string {
		const runs = ensureMigrations();
		const functions = [...new Set(names.map((name) => (project as Project).resolve(name)))];
		assertOwnRoutes(project as Project, functions, runs.states());
		const id = `run-${journal.seq + 1}`;
		runs.start({ id, functions, policy, target });
		run = { id, state: "running", startedAt: systemClock.now(), policy };
		return id;
	}

	/** Requests that were mirrored while no core listened are part of the account. */
	async function balanceAccount(target: System): Promise<void> {
		const missed = await missedExchanges(target.gateway.stats, () => totals.compared + sum(totals.dropped) + target.mirrors.taken);
		if (missed > 0) drop(null, missed, "core-restart");
	}

	async function resume(): Promise<void> {
		const { project: former, system: formerSystem, run: formerRun } = resumed;
		if (former === null || formerSystem === null || formerRun === null || retired) return;
		const isSample = resolve(former.dir) === resolve(sampleSource);
		if (isSample)
			bank = seeBank(
				await startSample({
					database: formerSystem.database,
					port: upstreamOf(formerSystem.legacy).port,
					dir: dirname(formerSystem.database),
				}),
			);
		await open(former.dir, isSample);
		const attached = await attach({
			legacy: upstreamOf(formerSystem.legacy),
			...{ database: formerSystem.database, triggers: formerSystem.triggers, replica: formerSystem.replica },
			port: formerSystem.gatewayPort,
		});
		if (attached.gateway.adopted) await balanceAccount(attached);
		run = { id: formerRun.id, state: "running", startedAt: formerRun.startedAt, policy: formerRun.policy };
		ensureMigrations().resume(resumed.migrations, resumed.choices, resumed.patches);
	}

	const core: Core = {
		dir,
		journal,
		meter,
		progress,
		layouts,
		scans,
		chronicle,
		groups,
		watch,
		get project() {
			return project;
		},
		get system() {
			return system;
		},
		get migrations() {
			return migrations;
		},
		modelKey,
		get bank() {
			return bank;
		},
		snapshot: () =>
			snapshotOf({
				...{ journal, dir, project, system, bank, retired, run, migrations, groups, meter, totals, demo },
				...{ progress, alerts, chronicle, lastPanic },
			}),
		onChange: (listener) => changes.subscribe(listener),
		onLog: lines.subscribe,
		logSince: (seq) => [...journal.entries(seq + 1)].map(logLine).filter((line) => line !== null),
		open: (target) => open(target),
		freshSample: (sample = {}) => freshSample(sample),
		openSample(sample = {}) {
			if (opening === null) {
				opening = openSample(sample).finally(() => {
					opening = null;
				});
				// What is half started must be whole before it can be ended.
				core.hold(opening.catch(() => {}));
			}
			return opening;
		},
		async attach(target) {
			const attached = await attach(target);
			await applyPlan("all to legacy");
			return attached;
		},
		start,
		steer(kind, functionName) {
			const target = migrations;
			if (target === null) throw new Fault("RUN_STATE", { verb: "This", reason: "no run was started", remedy: "Start a run first." });
			const names = functionName === undefined ? target.states().map((state) => state.function) : [functionName];
			for (const name of names) target.dispatch(name, { kind, at: systemClock.now() });
			const over = target.states().every((state) => state.stage === "cancelled" || state.stage === "refused");
			if (kind !== "cancel" || !over || run === null || run.state === "cancelled") return;
			record("run.ended", { run: run.id, outcome: "cancelled" });
			run = { ...run, state: "cancelled" };
		},
		async panic(reason, by) {
			if (system === null)
				throw new Fault("RUN_STATE", { verb: "The kill switch", reason: "no gateway runs", remedy: "Nothing routes to a new service." });
			const { ms } = await system.gateway.panic(reason);
			record("panic", { reason, by, ms });
			holdAfterPanic(reason);
			return { ms };
		},
		async retryJournal() {
			if (journal.failed !== null) await journal.retry();
		},
		async clearPanic(by) {
			// Nothing moves again before what happened can be written down.
			await core.retryJournal();
			await system?.gateway.clearPanic();
			seenPanicAt = system?.stats?.panic?.at ?? seenPanicAt;
			record("panic.cleared", { by });
			await applyPlan("kill switch cleared");
		},
		async seal({ waitMs = 60_000 } = {}) {
			if (system === null || project === null || migrations === null)
				throw new Fault("RUN_STATE", { verb: "Sealing", reason: "nothing was promoted", remedy: "Start a run." });
			assertSealable(project, migrations);
			const quietMs = await waitForQuiet({
				coolDownMs: migrations.coolDownMs(),
				limitMs: waitMs,
				lastAsked: () => Math.max(meter.lastLegacyAt, run?.startedAt ?? 0),
			});
			retired = true;
			await applyPlan("legacy retired");
			await bank?.stop();
			record("legacy.retired", { pid: bank?.pid ?? null, quietMs });
			const capsule = await sealCapsule({
				dir: join(dir, "capsule"),
				servicesDir: join(dir, "services"),
				journal,
				project,
				migrations,
				groups,
				snapshot: core.snapshot(),
				chronicle,
				layoutOf: layouts.layoutOf,
			});
			record("capsule.written", capsule);
			if (run) {
				record("run.ended", { run: run.id, outcome: "done" });
				run = { ...run, state: "done" };
			}
			await journal.durable();
			return capsule.dir;
		},
		alert,
		dismissAlerts(code) {
			alerts.splice(0, alerts.length, ...alerts.filter((alert) => code !== undefined && alert.code !== code));
			changed();
		},
		setDemo(next) {
			demo = next;
			changed();
		},
		closing: closing.signal,
		hold(work) {
			held.add(work);
			void work.finally(() => held.delete(work));
		},
		async close({ keepTraffic = false, reason = "asked to" } = {}) {
			closing.abort();
			await Promise.allSettled([...held, layouts.close(), following.end()]);
			if (timer) clearInterval(timer);
			await system?.endComparing();
			await migrations?.close({ keepServices: keepTraffic });
			await system?.close({ stopGateway: !keepTraffic });
			if (keepTraffic === false) await bank?.stop();
			watch.close();
			record("core.stopped", { reason });
			await journal.close();
			withdrawCore(dir);
		},
	};

	if (options.resume !== false) await resume();
	return core;
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);
