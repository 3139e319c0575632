import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { policies } from "../../arbiter/index.ts";
import { Fault, systemClock } from "../../base/index.ts";
import type { DemoReport } from "../../contract/api.ts";
import type { Exchange, RoutePlan } from "../../contract/traffic.ts";
import type { Core } from "../core.ts";
import { routeId } from "../run/planner.ts";
import { type SampleTraffic, startTraffic } from "./bank.ts";

export type DemoOptions = {
	rate?: number;
	seed?: number;
	functions?: string[];
	policy?: "demo" | "default";
	gatewayPort?: number;
	limitMs?: number;
};
export type Demo = { run(): Promise<DemoReport>; cancel(): void; isRunning(): boolean };

/** Shown first: the slowest function and the two with the old arithmetic. The others follow in a second wave. */
const FIRST_WAVE = ["credit_score", "transfer", "interest"];

/**
 * The main job on the sample bank, nothing prepared: mirror under load, find and name the drift, heal, canary, the kill switch
 * pressed on purpose, promote, stop legacy with traffic flowing. Every figure of the report is counted, none is set.
 */
export function createDemo(core: Core, options: DemoOptions = {}): Demo {
	const abort = new AbortController();
	core.closing.addEventListener("abort", () => abort.abort(), { once: true });
	let running = false;
	let chapter = "";
	const startedAt = systemClock.now();

	function enter(next: string): void {
		chapter = next;
		core.setDemo({ state: "running", chapter, startedAt, report: null });
		abort.signal.throwIfAborted();
	}

	async function until(what: string, isTrue: () => boolean, limitMs: number): Promise<void> {
		const limit = systemClock.now() + limitMs;
		while (!isTrue()) {
			abort.signal.throwIfAborted();
			const stuck = core.migrations?.states().find((state) => state.stage === "held" || state.stage === "refused");
			if (stuck)
				throw new Fault("RUN_STATE", {
					verb: `The demo (${what})`,
					reason: `${stuck.function} is ${stuck.stage}: ${stuck.reason}`,
					remedy: "Look at its mismatches.",
				});
			if (systemClock.now() > limit)
				throw new Fault("RUN_STATE", {
					verb: `The demo (${what})`,
					reason: `not reached within ${limitMs / 1000} s`,
					remedy: "Look at the gates of each function.",
				});
			await sleep(100);
		}
	}

	async function play(): Promise<DemoReport> {
		enter("The system map");
		const { gatewayPort } = options;
		if (core.system === null) await core.openSample(gatewayPort === undefined ? {} : { gatewayPort });
		const { system, project, bank } = core;
		if (system === null || project === null || bank === null)
			throw new Fault("RUN_STATE", { verb: "The demo", reason: "the sample bank is not open", remedy: "Close the present project first." });
		const audit = createAudit(core);
		enter("The mirror");
		const traffic = startTraffic({
			url: `http://127.0.0.1:${system.gateway.port}`,
			database: bank.database,
			rate: options.rate ?? 100,
			seed: options.seed ?? 1990,
			dir: `${core.dir}/sample`,
		});
		try {
			return await drive(traffic, audit, project.graph.routes);
		} finally {
			audit.end();
			await traffic.stop();
		}
	}

	async function drive(
		traffic: SampleTraffic,
		audit: Audit,
		routes: { method: string; path: string; handler: string }[],
	): Promise<DemoReport> {
		const policy = policies[options.policy ?? "demo"];
		const limitMs = options.limitMs ?? (policy.name === "demo" ? 420_000 : 86_400_000);
		const handlers = routes.map((route) => route.handler);
		const bare = (name: string) => name.slice(name.lastIndexOf(".") + 1);
		const waves = options.functions ? [options.functions] : [FIRST_WAVE, handlers.filter((handler) => !FIRST_WAVE.includes(bare(handler)))];
		let killSwitchMs = -1;
		for (const [index, wave] of waves.entries()) {
			if (wave.length === 0) continue;
			enter(index === 0 ? "Drift, named and healed" : "The rest of the bank");
			core.start(wave, policy);
			const mine = () =>
				(core.migrations?.states() ?? []).filter((state) =>
					wave.some((name) => state.function === name || bare(state.function) === bare(name)),
				);
			if (index === 0) {
				await until("first canary", () => mine().some((state) => state.stage === "canary" && (state.canary?.weight ?? 0) >= 5), limitMs);
				enter("The kill switch, pressed on purpose");
				killSwitchMs = await pressKillSwitch();
				enter("Auto-switch");
			}
			await until("promotion", () => mine().length > 0 && mine().every((state) => state.stage === "promoted"), limitMs);
		}
		const promoted = (core.migrations?.states() ?? []).filter((state) => state.stage === "promoted");
		const covered = new Set(promoted.flatMap((state) => state.routes));
		let capsule: string | null = null;
		if (routes.map(routeId).every((route) => covered.has(route))) {
			enter("Sealing legacy");
			capsule = await core.seal();
			enter("Life without legacy");
			await sleep(5_000, undefined, { signal: abort.signal });
		}
		const final = await traffic.stop();
		await sleep(500);
		await core.system?.lane().settled();
		return report(final, audit, capsule, killSwitchMs);
	}

	/** From the press until it is in force, or to the last request that a new service received if that is later; then everything goes on. */
	async function pressKillSwitch(): Promise<number> {
		const pressed = systemClock.now();
		const { ms } = await core.panic("the demo shows it", "demo");
		await sleep(1_000, undefined, { signal: abort.signal });
		const stats = await core.system?.gateway.stats();
		const lastMs = Math.max(ms, (stats?.lastModernAt ?? 0) - pressed);
		await core.clearPanic("demo");
		for (const state of core.migrations?.states() ?? [])
			core.migrations?.dispatch(state.function, { kind: "resume", at: systemClock.now() });
		return Math.round(lastMs * 10) / 10;
	}

	async function report(
		final: { sent: number; errors: number },
		audit: Audit,
		capsule: string | null,
		killSwitchMs: number,
	): Promise<DemoReport> {
		const stats = await core.system?.gateway.stats();
		const { totals, groups, patches, migrations } = core.snapshot();
		const client = readClientLog(core);
		return {
			requests: final.sent,
			clientErrors: final.errors,
			wrongBeforePromotion: audit.wrong(client),
			doubledEffects: audit.doubled(client),
			mirrored: stats?.mirrored ?? 0,
			compared: totals.compared,
			dropped: Object.values(totals.dropped).reduce((all, count) => all + count, 0),
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
	}

	return {
		async run() {
			running = true;
			try {
				const result = await play();
				core.setDemo({ state: "done", chapter: "Migration complete", startedAt, report: result });
				return result;
			} catch (error) {
				core.setDemo({ state: abort.signal.aborted ? "cancelled" : "failed", chapter, startedAt, report: null });
				if (abort.signal.aborted) throw new Fault("CANCELLED", { what: "The demo", safe: "All traffic goes to legacy." });
				throw error;
			} finally {
				running = false;
			}
		},
		cancel: () => abort.abort(),
		isRunning: () => running,
	};
}

type ClientLine = { n: number; route: string; code: string | null; sha256: string; error: string | null };

function readClientLog(core: Core): ClientLine[] {
	const text = readFileSync(`${core.dir}/sample/traffic.jsonl`, "utf8");
	return text
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line) as ClientLine);
}

type Audit = {
	/** Answers that a client got although legacy gave another, or a new service gave while the plan had it in shadow, or nobody saw. */
	wrong(client: ClientLine[]): number;
	/** Transactions that moved money without a key of their own, and sessions beyond those that clients were given. */
	doubled(client: ClientLine[]): number;
	end(): void;
};

/** Watches what the gateway and the database show, independently of the comparison. */
function createAudit(core: Core): Audit {
	const answers = new Map<number, { sha256: string; arm: Exchange["arm"]; early: boolean }>();
	const modes = new Map<string, string>();
	let keyless = 0;
	let sessions = 0;
	const { system, journal } = core;
	if (system === null) throw new Error("no system to audit");
	const seePlan = (plan: RoutePlan) => {
		for (const route of plan.routes) modes.set(`${plan.version} ${route.id}`, route.mode.kind);
	};
	seePlan(system.gateway.plan());
	const endPlans = journal.subscribe((entry) => {
		if (entry.kind === "plan.set") seePlan(entry.data);
	});
	const endExchanges = system.onExchange((exchange) => {
		const n = headerOf(exchange, "x-client-request");
		if (n === null) return;
		const mode = modes.get(`${exchange.planVersion} ${exchange.route}`);
		const sha256 = createHash("sha256").update(Buffer.from(exchange.response.body, "base64")).digest("hex");
		answers.set(Number(n), { sha256, arm: exchange.arm, early: exchange.arm === "modern" && mode !== "canary" && mode !== "modern" });
	});
	const endCommits = system.onCommit((commit) => {
		const inserted = (table: string) => commit.changes.filter((change) => change.table === table && change.kind === "insert").length;
		if (inserted("movements") > 0 && inserted("requests") === 0) keyless++;
		sessions += inserted("sessions");
	});
	return {
		wrong: (client) =>
			client.filter((line) => {
				const answer = answers.get(line.n);
				if (line.error !== null) return false;
				return answer === undefined || answer.early || (answer.arm === "legacy" && answer.sha256 !== line.sha256);
			}).length,
		doubled: (client) => keyless + Math.max(0, sessions - client.filter((line) => line.route === "login" && line.code === "000").length),
		end() {
			endPlans();
			endExchanges();
			endCommits();
		},
	};
}

function headerOf(exchange: Exchange, name: string): string | null {
	return exchange.request.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}
