import { setTimeout as delay } from "node:timers/promises";
import { faultOf, systemClock } from "../../base/index.ts";
import { type AcceptedPlace, acceptedRounding, compare } from "../../compare/index.ts";
import type { ComparisonRule } from "../../contract/comparison.ts";
import type { Commit, EffectSource, RowChange } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { type Behaviour, type ComparePolicy, outcomeOf, type Verdict } from "../../contract/verdict.ts";
import { type AttributionMemory, createAttributionMemory, netChanges, type ShadowState } from "../../effects/index.ts";
import { comparePolicy, ruleWords } from "../comparison-policy.ts";
import type { Case, History } from "./history.ts";
import { createLock } from "./lock.ts";
import { createOpenOwners, type OpenOwner } from "./open-owners.ts";
import { ownersOf, slackMs as SLACK_MS } from "./owners.ts";
import { askService, bodyText, clockOf, type ShadowAnswer } from "./shadow-request.ts";
import type { TableWatch } from "./table-watch.ts";

/** What the lane needs to know of a function whose routes are compared. */
export type LaneService = {
	function: string;
	version: number;
	port: number;
	/** Names of `answer/X` and `table.column` that are not deterministic. */
	random: string[];
	clock: string[];
	/** Numbers that the database gives to new rows, as in `ComparePolicy`. */
	ids: Record<string, string[]>;
	/** The same version with legacy's rounding at the places that were accepted; absent: none are. */
	reference?: { port: number; places: AcceptedPlace[] };
};

export type LaneResult = {
	service: LaneService;
	exchange: Exchange;
	verdict: Verdict;
	legacy: Behaviour;
	modern: Behaviour;
	/** That the new service took; null when it did not say. */
	branches: number[] | null;
	ms: number;
};

export type Lane = {
	push(exchanges: Exchange[]): void;
	/** Every request that started before this time has been pushed. */
	advance(openSince: number): void;
	/** Compares the requests of these routes with this service from the next request on. */
	attach(routes: string[], service: LaneService): void;
	detach(routes: string[]): void;
	/** Runs between two requests, with the shadow database at rest. */
	atRest<T>(work: () => Promise<T>): Promise<T>;
	/** Everything pushed before the call has been handled, or `limitMs` have passed. */
	settled(limitMs?: number): Promise<void>;
	/** Mirrored requests and commits that wait. */
	readonly waiting: number;
	stop(): Promise<void>;
};

/** `until`: end of the time in which a commit may have been seen. */
type Pending = { exchange: Exchange; until: number };

/** What the new service did, before it is known what all of legacy's commits add up to. */
type Ran = Done & { service: LaneService; exchange: Exchange; reference: Done | null; ms: number };
type Done = { answer: ShadowAnswer; changes: RowChange[] };

const MAX_WAITING = 4_000;
const GATHER_MS = 100;

/**
 * Commit-order lockstep: the shadow database holds exactly what legacy's held when it answered each request.
 *
 *     legacy  ──c1──────c2───────c3──▶      a request that made c2 runs on the shadow after c1;
 *     shadow  ──c1─[run]─c2──[run]─c3──▶    what the new service wrote is undone, then c2 itself is applied; its verdict falls
 *                                           when it can make no further commit, with the net changes of all that it made.
 *
 * So one difference never becomes the cause of another. A request without a commit is run on each state that it may have
 * seen (those between its start and its end) until one explains legacy's answer. Every mirrored request ends in exactly one of
 * `onResult` and `onDrop`. That the shadow holds legacy's rows is not taken on trust: whole tables are compared between two
 * requests, and a row that was not the same before makes the verdict "skewed".
 */
export function createLane(deps: {
	/** Commits that the shadow does not hold yet, made while it was prepared. */
	waiting: Commit[];
	legacy: EffectSource;
	shadow: EffectSource;
	state: ShadowState;
	history: History;
	onResult(result: LaneResult): void;
	onDrop(functionName: string | null, count: number, reason: string): void;
	onTrouble(reason: string): void;
	/** The shadow does not hold legacy's rows: nothing more is compared on it. */
	onSkew(reason: string): void;
	/** Holds whole tables against each other between two requests. */
	tables: TableWatch;
	/** What somebody wrote for a route. */
	ruleOf(route: string): ComparisonRule;
	/** For the journal: what lets differences pass belongs to the evidence. */
	note(functionName: string, text: string): void;
	/** False for routes that the map proves to change no row: no commit can be theirs. */
	mayWrite(route: string | null): boolean;
}): Lane {
	const services = new Map<string, LaneService>();
	const memory: AttributionMemory = createAttributionMemory();
	const commits: Commit[] = [...deps.waiting];
	const exchanges: Exchange[] = [];
	let reads: Pending[] = [];
	const open = createOpenOwners<Ran>();
	let shadowChanges: RowChange[] = [];
	let watermark = 0;
	let stopped = false;
	let pumping: Promise<void> | null = null;
	let again = false;
	const lock = createLock();
	/** The shadow holds no state from before. */
	const startedAt = systemClock.now();

	const unsubscribe = [
		deps.legacy.subscribe((commit) => commits.push(commit)),
		deps.shadow.subscribe((commit) => shadowChanges.push(...commit.changes)),
	];

	function wake(): void {
		if (stopped) return;
		again = true;
		// What comes within one interval is attributed together: together is cheaper, and no client waits for it.
		pumping ??= delay(GATHER_MS)
			.then(pump)
			.catch((error) => deps.onTrouble(faultOf(error, "lane").message + detailOf(error)))
			.finally(() => {
				pumping = null;
				if (again && !stopped) wake();
			});
	}

	/** One round; what comes meanwhile waits for the next. */
	async function pump(): Promise<void> {
		again = false;
		const settled = watermark - SLACK_MS;
		await deps.legacy.drain();
		while (!stopped && (await settle(settled)));
		await checkTables();
	}

	/** Between two requests the shadow holds what legacy held before the commits that wait. */
	async function checkTables(): Promise<void> {
		if (stopped || !deps.tables.isDue()) return;
		const differing = await lock(() => deps.tables.look(commits));
		if (differing !== null) giveUp(differing);
	}

	function giveUp(reason: string): void {
		if (stopped) return;
		stopped = true;
		deps.onSkew(reason);
	}

	/** Handles, in commit order, the commits whose owner must be known by now, and the reads between them. True: there are more. */
	async function settle(settled: number): Promise<boolean> {
		const near = [...exchanges, ...open.exchanges];
		const bySeq = new Map(near.map((exchange) => [exchange.seq, exchange]));
		const writing = near.filter((exchange) => deps.mayWrite(exchange.route));
		const { found, decided, owned, knownUntil } = ownersOf(commits, writing, memory);
		for (const one of found.slice(0, decided)) {
			const commit = commits[0] as Commit;
			if (commit.at >= settled || stopped) break;
			await lock(async () => {
				takeReads(commit.at, owned, knownUntil);
				await runReads(commit.since);
				finishOwners(commit.since);
				if (one.kind === "ambiguous") for (const seq of one.candidates) takeDropped(bySeq.get(seq), "ambiguous");
				const owner = one.kind === "request" ? (bySeq.get(one.seq) ?? null) : null;
				if (owner !== null && remove(owner)) await runOwner(owner);
				const service = services.get(owner?.route ?? "");
				const numbered = new Set(service === undefined || owner === null ? [] : Object.keys(policyOf(service, owner).ids ?? {}));
				open.see(commit, owner, one.kind === "request" && one.exchangeable, numbered);
				advanceShadow(commit.changes);
				commits.shift();
			});
		}
		const [next] = commits;
		// Without a commit in between, whatever ended early enough saw the present state.
		await lock(async () => {
			takeReads(Math.min(next?.at ?? settled, settled), owned, knownUntil);
			await runReads(Math.min(next?.since ?? settled, settled));
			finishOwners(Math.min(next?.since ?? settled, settled));
		});
		return next !== undefined && next.at < settled;
	}

	/** Moves the requests without a commit that started before `before` to the reads. */
	function takeReads(before: number, owned: Set<number>, knownUntil: number): void {
		for (let index = 0; index < exchanges.length; ) {
			const exchange = exchanges[index] as Exchange;
			// A commit beyond the batch may be its own.
			const isOpen = exchange.endedAt + SLACK_MS >= knownUntil && deps.mayWrite(exchange.route);
			if (exchange.startedAt >= before || owned.has(exchange.seq) || isOpen) index++;
			else {
				exchanges.splice(index, 1);
				if (isComparable(exchange)) reads.push({ exchange, until: exchange.endedAt + SLACK_MS });
			}
		}
	}

	/** Runs every waiting read on the present state; those that cannot match a later state any more are decided. */
	async function runReads(nextCommitSince: number): Promise<void> {
		const kept: Pending[] = [];
		for (const read of reads) {
			const service = services.get(read.exchange.route ?? "");
			if (service === undefined) {
				deps.onDrop(null, 1, "detached");
				continue;
			}
			const result = judge(await runOnce(service, read.exchange), []);
			const isLast = read.until <= nextCommitSince;
			const outcome = outcomeOf(result.verdict.kind);
			if (outcome === "clean" || outcome === "accepted" || isLast) finish(result);
			else kept.push(read);
		}
		reads = kept;
	}

	/** Runs it before its first commit, and keeps it open for further ones. */
	async function runOwner(exchange: Exchange): Promise<void> {
		const position = deps.history.position;
		const service = isComparable(exchange) ? services.get(exchange.route ?? "") : undefined;
		open.open({ exchange, ran: service === undefined ? null : await runOnce(service, exchange), position });
	}

	/** Decides the requests whose commits are all known when the next commit was made after `since`. */
	function finishOwners(since: number): void {
		for (const { exchange, ran, changes, conflict, position } of open.takeEnded(since)) {
			if (ran === null) continue;
			const dropped = conflict ?? (services.get(exchange.route ?? "") === ran.service ? null : "detached");
			if (dropped === null) finish(judge(ran, netChanges(changes)), position);
			else deps.onDrop(ran.service.function, 1, dropped);
		}
	}

	/** One request on the shadow; what the new service wrote is undone before this returns. */
	async function runOnce(service: LaneService, exchange: Exchange): Promise<Ran> {
		const started = systemClock.now();
		const done = await runOn(service.port, exchange);
		const ms = systemClock.now() - started;
		const reference = service.reference === undefined ? null : await runOn(service.reference.port, exchange);
		return { service, exchange, ...done, reference, ms };
	}

	async function runOn(port: number, exchange: Exchange): Promise<Done> {
		await deps.shadow.drain();
		shadowChanges = [];
		const answer = await askService(port, exchange);
		await deps.shadow.drain();
		const changes = netChanges(shadowChanges);
		shadowChanges = [];
		if (changes.length > 0) deps.state.undo(changes);
		return { answer, changes };
	}

	function judge({ service, exchange, answer, changes, reference, ms }: Ran, legacyChanges: RowChange[]): LaneResult {
		const legacy: Behaviour = {
			status: exchange.response.status,
			contentType: headerOf(exchange.response.headers, "content-type"),
			body: bodyText(exchange.response.body),
			changes: legacyChanges,
		};
		const verdictOf = (done: Done): Verdict =>
			done.answer.error === null
				? compare(legacy, behaviourOf(done), policyOf(service, exchange))
				: { kind: "failed", differences: [], tolerated: [], reason: done.answer.error };
		const own = verdictOf({ answer, changes });
		const isAsked = own.kind === "mismatch" && reference !== null;
		const verdict = isAsked ? acceptedRounding(own, verdictOf(reference), service.reference?.places ?? []) : own;
		return { service, exchange, verdict, legacy, modern: behaviourOf({ answer, changes }), branches: answer.branches, ms };
	}

	function behaviourOf({ answer: { status, contentType, body }, changes }: Done): Behaviour {
		return { status, contentType, body, changes };
	}

	function advanceShadow(changes: RowChange[]): void {
		deps.state.apply(changes);
		deps.history.append(changes);
	}

	function finish(result: LaneResult, position = deps.history.position): void {
		const { exchange, service, legacy, verdict } = result;
		if (verdict.kind === "skewed") {
			// No state that legacy ever had: a repair that is tried on it would learn something false.
			deps.onResult(result);
			giveUp(verdict.reason);
			return;
		}
		if (verdict.kind === "accepted") {
			// Neither right nor wrong: no repair may learn from it.
			deps.onResult(result);
			return;
		}
		const entry: Case = {
			seq: exchange.seq,
			route: exchange.route ?? "",
			function: service.function,
			version: service.version,
			position,
			clock: clockOf(exchange),
			request: exchange.request,
			legacy,
			policy: policyOf(service, exchange),
			clean: verdict.kind === "identical" || verdict.kind === "equivalent",
			kind: verdict.differences[0] ? `${verdict.differences[0].field} ${verdict.differences[0].suspicion}` : "",
		};
		deps.history.add(entry);
		deps.onResult(result);
	}

	function policyOf(service: LaneService, exchange: Exchange): ComparePolicy {
		const { random, clock, ids } = service;
		const window = { from: exchange.startedAt, to: exchange.endedAt };
		return comparePolicy({ random, clock, ids, clockSlackMs: 1_500 }, deps.ruleOf(exchange.route ?? ""), window);
	}

	/** False after it was counted as dropped, or when nobody asked for a comparison. */
	function isComparable(exchange: Exchange): boolean {
		if (!exchange.mirrored) return false;
		const reason = !services.has(exchange.route ?? "")
			? "detached"
			: exchange.startedAt < startedAt
				? "before-shadow"
				: exchange.truncated
					? "too-large"
					: exchange.response.status === 0
						? "legacy-failed"
						: null;
		if (reason === null) return true;
		deps.onDrop(services.get(exchange.route ?? "")?.function ?? null, 1, reason);
		return false;
	}

	function takeDropped(exchange: Exchange | undefined, reason: string): void {
		if (exchange === undefined) return;
		// What is not compared has been counted, or was never to be.
		const owner: OpenOwner<Ran> | null = open.drop(exchange);
		if (owner === null ? !remove(exchange) || !exchange.mirrored : owner.ran === null) return;
		deps.onDrop(services.get(exchange.route ?? "")?.function ?? null, 1, reason);
	}

	function remove(exchange: Exchange): boolean {
		const index = exchanges.indexOf(exchange);
		if (index >= 0) exchanges.splice(index, 1);
		return index >= 0;
	}

	const lane: Lane = {
		push(items) {
			exchanges.push(...items);
			exchanges.sort((a, b) => a.startedAt - b.startedAt);
			if (exchanges.length > MAX_WAITING) {
				const over = exchanges.splice(0, exchanges.length - MAX_WAITING).filter((exchange) => exchange.mirrored);
				if (over.length > 0) deps.onDrop(null, over.length, "backlog");
			}
			for (const exchange of items) watermark = Math.max(watermark, exchange.openSince);
			wake();
		},
		advance(openSince) {
			if (openSince <= watermark) return;
			watermark = openSince;
			if (lane.waiting > 0 || deps.tables.isDue()) wake();
		},
		attach(routes, service) {
			for (const route of routes) {
				services.set(route, service);
				const words = ruleWords(deps.ruleOf(route));
				if (words !== null) deps.note(service.function, `${route} is compared by the rule that was given for it: ${words}.`);
			}
		},
		detach(routes) {
			for (const route of routes) services.delete(route);
		},
		atRest: (work) => lock(work),
		async settled(limitMs = 3_000) {
			const until = Math.max(0, ...[...exchanges, ...open.exchanges].map((exchange) => exchange.seq));
			const limit = systemClock.now() + limitMs;
			const waits = () => [...exchanges, ...open.exchanges, ...reads.map((read) => read.exchange)];
			const isOpen = () => waits().some((exchange) => exchange.seq <= until);
			while (isOpen() && !stopped && systemClock.now() < limit) await delay(20);
		},
		get waiting() {
			return exchanges.length + open.exchanges.length + reads.length + commits.length;
		},
		async stop() {
			stopped = true;
			for (const end of unsubscribe) end();
			await pumping;
			await deps.tables.close();
			const compared = open.takeEnded(Number.POSITIVE_INFINITY).filter(({ ran }) => ran !== null).length;
			const lost = compared + [...exchanges, ...reads.map((read) => read.exchange)].filter((exchange) => exchange.mirrored).length;
			if (lost > 0) deps.onDrop(null, lost, "lane-ended");
		},
	};
	return lane;
}

function headerOf(headers: [string, string][], name: string): string {
	return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}

function detailOf(error: unknown): string {
	return error instanceof Error ? `: ${error.message}` : "";
}
