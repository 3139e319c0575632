import { setTimeout as sleep } from "node:timers/promises";
import { policies } from "../../arbiter/index.ts";
import { Fault, systemClock } from "../../base/index.ts";
import type { DemoChapter, DemoFact, DemoReport, DemoState } from "../../contract/demo.ts";
import type { Migration } from "../../contract/run.ts";
import type { ServiceTarget } from "../../contract/targets.ts";
import type { Core } from "../core.ts";
import { routeId } from "../run/planner.ts";
import { type Audit, createAudit, readClientLog } from "./audit.ts";
import { type SampleTraffic, startTraffic } from "./bank.ts";
import { chapters as script } from "./chapters.ts";
import { createHold } from "./hold.ts";
import { createPace } from "./pace.ts";

export type DemoOptions = {
	rate?: number;
	seed?: number;
	functions?: string[];
	policy?: "demo" | "default";
	/** What the new services are written in. */
	target?: ServiceTarget;
	gatewayPort?: number;
	limitMs?: number;
	/** Waits for the presenter at the end of each chapter. */
	guided?: boolean;
};
export type Demo = {
	run(): Promise<DemoReport>;
	/** The runs stand still, traffic goes on. */
	pause(): void;
	resume(): void;
	/** Goes on from where it waits. */
	next(): void;
	cancel(): void;
	isRunning(): boolean;
};

/** Shown first: the slowest function and the two with the old arithmetic. The others follow in a second wave. */
const FIRST_WAVE = ["credit_score", "transfer", "interest"];
/** Compared requests before the mirror has shown what it is. */
const MIRRORED = 60;
const LOOK_MS = 100;
/** A step that was just taken is in force by then; the switch would refuse it as an error. */
const STEP_MS = 500;

const bare = (name: string) => name.slice(name.lastIndexOf(".") + 1);
const isDeployed = ({ stage }: Migration) => !["waiting", "extracting", "generating", "deploying"].includes(stage);

/**
 * The main job on the sample bank, nothing prepared: mirror under load, find and name the drift, heal, canary, the kill switch
 * pressed on purpose, promote, stop legacy with traffic flowing. Every figure of the report is counted, none is set. Each demo
 * begins on a fresh bank; the journal keeps the ones before.
 */
export function createDemo(core: Core, options: DemoOptions = {}): Demo {
	const abort = new AbortController();
	core.closing.addEventListener("abort", () => abort.abort(), { once: true });
	const startedAt = systemClock.now();
	const chapters: DemoChapter[] = script.map((chapter) => ({ ...chapter, startedAt: null, endedAt: null, facts: [] }));
	const policy = policies[options.policy ?? "demo"];
	const guided = options.guided ?? false;
	const hold = createHold(core);
	const pace = createPace({ now: () => systemClock.now(), signal: abort.signal, onChange: show });
	let running = false;
	let index = 0;
	let round = 1;
	let ended: Pick<DemoState, "state" | "report"> | null = null;
	let audit: Audit | null = null;
	let killSwitchMs = -1;

	function show(): void {
		const stands = pace.isPaused || pace.gate !== null;
		const title = chapters[index]?.title ?? "";
		core.setDemo({
			state: ended?.state ?? (stands ? "paused" : "running"),
			chapter: ended?.state === "done" ? "Migration complete" : title,
			index,
			chapters: chapters.map((chapter) => ({ ...chapter })),
			first: options.functions ?? FIRST_WAVE,
			guided,
			gate: ended === null ? pace.gate : null,
			round,
			startedAt,
			report: ended?.report ?? null,
		});
	}

	function enter(id: DemoChapter["id"]): void {
		const now = systemClock.now();
		index = script.findIndex((chapter) => chapter.id === id);
		for (const [place, chapter] of chapters.entries()) {
			if (place < index) chapter.endedAt ??= chapter.startedAt === null ? null : now;
			if (place === index) chapter.startedAt ??= now;
		}
		show();
		abort.signal.throwIfAborted();
	}

	/** The chapter is told: its figures stand, and in a guided demo the presenter has the word. */
	async function tell(facts: DemoFact[], next: string): Promise<void> {
		const chapter = chapters[index] as DemoChapter;
		chapter.facts = facts;
		chapter.endedAt = systemClock.now();
		await wait(next);
	}

	/** The functions that move stand still while the presenter speaks. */
	async function wait(next: string, thenGoOn = true): Promise<void> {
		if (!guided) return show();
		const held = hold.all();
		await pace.waitAt(next);
		if (thenGoOn) hold.release(held);
	}

	async function until(what: string, isTrue: () => boolean, limitMs: number): Promise<void> {
		let started = systemClock.now() - pace.stoodMs;
		for (;;) {
			abort.signal.throwIfAborted();
			await pace.passable();
			if (isTrue()) return;
			// While the presenter's own kill switch is on, nothing can come nearer.
			if (core.system?.stats?.panic) started += LOOK_MS;
			const stuck = hold.stuck();
			const problem = stuck
				? { reason: `${stuck.function} is ${stuck.stage}: ${stuck.reason}`, remedy: "Look at its mismatches." }
				: systemClock.now() - pace.stoodMs - started > limitMs
					? { reason: `not reached within ${limitMs / 1000} s`, remedy: "Look at the gates of each function." }
					: null;
			if (problem) throw new Fault("RUN_STATE", { verb: `The demo (${what})`, ...problem });
			await sleep(LOOK_MS);
		}
	}

	async function play(): Promise<DemoReport> {
		enter("map");
		const { gatewayPort } = options;
		({ round } = await core.freshSample(gatewayPort === undefined ? {} : { gatewayPort }));
		const { system, project, bank } = core;
		if (system === null || project === null || bank === null)
			throw new Fault("RUN_STATE", { verb: "The demo", reason: "the sample bank is not open", remedy: "Close the present project first." });
		const { graph } = project;
		const facts = [
			{ name: "Functions", value: graph.nodes.filter((node) => node.kind === "function").length },
			{ name: "Routes", value: graph.routes.length },
			{ name: "Tables", value: graph.tables.length },
			{ name: "Lines of legacy", value: graph.files.reduce((all, file) => all + file.lines, 0) },
		];
		await tell(facts, `${options.rate ?? 100} requests a second begin, and the first new services are started beside legacy.`);
		enter("mirror");
		audit = createAudit(core);
		const traffic = startTraffic({
			url: `http://127.0.0.1:${system.gateway.port}`,
			database: bank.database,
			rate: options.rate ?? 100,
			seed: options.seed ?? 1990,
			dir: bank.dir,
		});
		const unfollow = core.watch.follow({
			id: "load",
			role: "load",
			title: "Load",
			pid: traffic.pid,
			port: null,
			startedAt: traffic.startedAt,
			adopted: false,
			files: [{ file: traffic.output, stream: "out" }],
		});
		try {
			return await drive(traffic, audit, graph.routes);
		} catch (error) {
			// The load goes on until nobody is on a new service any more.
			if (abort.signal.aborted && !core.closing.aborted) await hold.cancelAll();
			throw error;
		} finally {
			audit.end();
			await traffic.stop();
			unfollow();
		}
	}

	async function drive(
		traffic: SampleTraffic,
		watching: Audit,
		routes: { method: string; path: string; handler: string }[],
	): Promise<DemoReport> {
		// On a busy machine a single search for a repair may take minutes.
		const limitMs = options.limitMs ?? (policy.name === "demo" ? 900_000 : 86_400_000);
		const handlers = routes.map((route) => route.handler);
		const first = options.functions ?? FIRST_WAVE;
		const rest = options.functions ? [] : handlers.filter((handler) => !FIRST_WAVE.includes(bare(handler)));
		const all = () => core.migrations?.states() ?? [];
		const mine = () => all().filter((state) => first.some((name) => bare(state.function) === bare(name)));
		const isClean = (state: Migration) => state.openFailures === 0 && state.evidence.clean >= policy.shadow.minClean;
		const isOnward = (state: Migration) => state.stage === "canary" || state.stage === "promoted";

		core.start(first, policy, options.target);
		// The presenter shows the differences before anything answers them.
		if (guided) hold.all();
		await until(
			"the mirror",
			() =>
				core.snapshot().totals.compared >= MIRRORED &&
				mine().every(isDeployed) &&
				(mine().some((state) => state.totals.mismatched > 0) || mine().every((state) => isClean(state) || isOnward(state))),
			limitMs,
		);
		await tell(mirrorFacts(watching), "The causes are searched, patched and proved; the services are swapped.");

		enter("remediation");
		await until(
			"remediation",
			() => {
				if (!guided) return mine().every((state) => isOnward(state));
				// Who has nothing left to heal waits for the others, and gathers evidence meanwhile: the switch is a chapter of its own.
				for (const state of mine()) {
					if (state.stage === "shadowing" && state.openFailures === 0) hold.one(state.function);
					else hold.release([state.function]);
				}
				return mine().every((state) => isOnward(state) || (isClean(state) && state.stage === "shadowing"));
			},
			limitMs,
		);
		await tell(remediationFacts(), "The evidence suffices: clients move to the new services, step by step.");

		enter("switch");
		hold.release(mine().map((state) => state.function));
		if (rest.length === 0) await showKillSwitch(mine, limitMs);
		await until("promotion", () => mine().every((state) => state.stage === "promoted"), limitMs);
		await tell(switchFacts(mine()), rest.length > 0 ? "The other functions of the bank follow." : "The report is written.");

		enter("seal");
		if (rest.length > 0) {
			core.start(rest, policy, options.target);
			await showKillSwitch(() => all().filter((state) => rest.includes(state.function)), limitMs);
			await until("promotion of the rest", () => all().every((state) => state.stage === "promoted"), limitMs);
		}
		const covered = new Set(all().flatMap((state) => (state.stage === "promoted" ? state.routes : [])));
		let capsule: string | null = null;
		if (routes.map(routeId).every((route) => covered.has(route))) {
			await wait("Nobody asks legacy any more: it is stopped for good and sealed with all evidence.");
			capsule = await core.seal();
			await sleep(5_000, undefined, { signal: abort.signal });
		}
		const final = await traffic.stop();
		await sleep(500);
		await core.system?.lane().settled();
		return report(final, watching, traffic, capsule);
	}

	/** Pressed while clients are on new services; then everything goes on by itself. */
	async function showKillSwitch(states: () => Migration[], limitMs: number): Promise<void> {
		await until("a canary", () => states().some((state) => state.stage === "canary" && (state.canary?.weight ?? 0) >= 5), limitMs);
		await wait("The kill switch is pressed on purpose: everything to legacy.", false);
		killSwitchMs = await pressKillSwitch();
	}

	/** From the press until it is in force, or to the last request that a new service received if that is later. */
	async function pressKillSwitch(): Promise<number> {
		hold.all();
		await sleep(STEP_MS, undefined, { signal: abort.signal });
		const pressed = systemClock.now();
		const { ms } = await core.panic("the demo shows it", "demo");
		await sleep(1_000, undefined, { signal: abort.signal });
		const stats = await core.system?.gateway.stats();
		const lastMs = Math.max(ms, (stats?.lastModernAt ?? 0) - pressed);
		await core.clearPanic("demo");
		hold.release((core.migrations?.states() ?? []).map((state) => state.function));
		return Math.round(lastMs * 10) / 10;
	}

	function mirrorFacts(watching: Audit): DemoFact[] {
		const { totals, groups, traffic } = core.snapshot();
		const [slowest] = watching.legacyTimes();
		return [
			{ name: "Requests a second", value: (traffic.at(-1)?.legacyRps ?? 0) + (traffic.at(-1)?.modernRps ?? 0) },
			{ name: "Requests compared", value: totals.compared },
			{ name: "Causes of difference so far", value: groups.length },
			{ name: "Client errors", value: totals.clientErrors },
			...(slowest ? [{ name: `Slowest of legacy: ${slowest.route}`, value: `${slowest.ms.toFixed(1)} ms` }] : []),
		];
	}

	function remediationFacts(): DemoFact[] {
		const { totals, groups, patches } = core.snapshot();
		const applied = patches.filter((patch) => patch.state === "applied");
		return [
			{ name: "Patches proved and applied", value: applied.length },
			{ name: "Causes named", value: new Set(groups.filter((group) => group.where !== null).map((group) => group.cause)).size },
			{ name: "Requests compared", value: totals.compared },
			{ name: "Client errors", value: totals.clientErrors },
		];
	}

	function switchFacts(states: Migration[]): DemoFact[] {
		const { totals, system } = core.snapshot();
		const weakest = Math.max(...states.map((state) => state.evidence.bound));
		return [
			{ name: "Functions on new services", value: states.filter((state) => state.stage === "promoted").length },
			{ name: "Mismatch rate at most", value: `${(Math.ceil(weakest * 10_000) / 100).toFixed(2)} %` },
			{ name: "Answered by new services", value: system?.gateway.stats.byArm.modern ?? 0 },
			{ name: "Client errors", value: totals.clientErrors },
		];
	}

	async function report(
		final: { sent: number; errors: number },
		watching: Audit,
		traffic: SampleTraffic,
		capsule: string | null,
	): Promise<DemoReport> {
		const stats = await core.system?.gateway.stats();
		const { totals, groups, patches, migrations } = core.snapshot();
		const client = readClientLog(traffic.log);
		const made: DemoReport = {
			requests: final.sent,
			clientErrors: final.errors,
			wrongBeforePromotion: watching.wrong(client),
			doubledEffects: watching.doubled(client),
			mirrored: stats?.mirrored ?? 0,
			compared: totals.compared,
			dropped: Object.values(totals.dropped).reduce((sum, count) => sum + count, 0),
			mismatchesFound: groups.map(({ cause, field, where }) => ({ cause, field, where: where ?? "unexplained" })),
			healed: patches
				.filter((patch) => patch.state === "applied")
				.map(({ cause, candidates, ms }) => ({ cause, attempts: candidates, ms })),
			promoted: migrations.filter((state) => state.stage === "promoted").map((state) => state.function),
			sealed: capsule !== null,
			killSwitchMs,
			capsule,
			durationMs: Math.round(systemClock.now() - startedAt),
		};
		const chapter = chapters[index] as DemoChapter;
		chapter.endedAt = systemClock.now();
		chapter.facts = [
			{ name: "Requests", value: made.requests },
			{ name: "Client errors", value: made.clientErrors },
			{ name: "Wrong answers", value: made.wrongBeforePromotion },
			{ name: "Doubled effects", value: made.doubledEffects },
			{ name: "Kill switch", value: `${made.killSwitchMs} ms` },
		];
		return made;
	}

	return {
		async run() {
			running = true;
			try {
				const made = await play();
				ended = { state: "done", report: made };
				return made;
			} catch (error) {
				ended = { state: abort.signal.aborted ? "cancelled" : "failed", report: null };
				const safe = hold.isRetired() ? "Legacy is sealed; the new services answer every route." : "All traffic goes to legacy.";
				if (abort.signal.aborted) throw new Fault("CANCELLED", { what: "The demo", safe });
				throw error;
			} finally {
				running = false;
				show();
			}
		},
		pause() {
			if (pace.isPaused || pace.gate !== null) return;
			hold.pauseAll();
			pace.pause();
		},
		resume() {
			hold.resumeAll();
			pace.resume();
		},
		next() {
			pace.next();
			hold.resumeAll();
		},
		cancel: () => abort.abort(),
		isRunning: () => running,
	};
}

export const isRight = (report: DemoReport): boolean =>
	report.clientErrors === 0 &&
	report.wrongBeforePromotion === 0 &&
	report.doubledEffects === 0 &&
	report.mirrored === report.compared + report.dropped;
