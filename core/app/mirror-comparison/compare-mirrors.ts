import { systemClock } from "../../base/index.ts";
import type { ComparisonReport, ComparisonRule, RouteComparison } from "../../contract/comparison.ts";
import type { Exchange, GatewayStats } from "../../contract/traffic.ts";
import type { Gateway } from "../../gateway/control/index.ts";
import { readLease, stateFiles } from "../../gateway/hot/index.ts";
import { judgePair } from "./judge-pair.ts";
import { createOwnMirrors } from "./own-mirrors.ts";
import { createPairing, pairLimits } from "./pairing.ts";
import { readReport, readSettings, writeReport } from "./report-file.ts";
import { createTally } from "./tally.ts";

export type MirrorComparison = {
	/** The gateway itself sends this one's copy, and nobody else compares it. */
	owns(exchange: Exchange): boolean;
	report(): ComparisonReport;
	/** What somebody wrote for a route or stream, or for all; empty: nothing. */
	ruleOf(id: string): ComparisonRule;
	/** Exchanges taken from the gateway that counts now. */
	readonly taken: number;
	close(): void;
};

type Source = Pick<Gateway, "plan" | "onExchanges" | "onShadowAnswers" | "onTick" | "onLost">;

const writeEveryMs = 1_000;

type CompareOptions = {
	gateway: Source;
	gatewayDir: string;
	onTrouble(error: unknown): void;
	/** What belongs into the journal: the first of each kind of difference, and the sums at the end. No values of clients. */
	note?(text: string): void;
};

/** Compares all that this gateway mirrors itself. Its figures lie beside the gateway and are gone on from after a restart. */
export function compareMirrors(options: CompareOptions): MirrorComparison {
	const { gateway, gatewayDir, note } = options;
	const now = () => systemClock.now();
	const mirrors = createOwnMirrors(gateway.plan);
	const former = readReport(gatewayDir);
	const tally = createTally(now, former, ({ route, field, cause }, { seq }) =>
		note?.(`Mirrored traffic differs on ${route}: ${field} (${cause}), first in exchange ${seq}.`),
	);
	let settings = readSettings(gatewayDir);
	let planVersion = gateway.plan().version;
	let copies: GatewayStats["copies"] | null = former?.copies ?? null;
	let isFailing = false;
	const pidOf = () => readLease(stateFiles(gatewayDir).lease)?.pid ?? 0;
	let gatewayPid = pidOf();
	let taken = former?.gatewayPid === gatewayPid ? former.taken : 0;

	const pairing = createPairing({
		tally,
		now,
		limits: { patienceMs: Math.max(pairLimits.patienceMs, mirrors.longestMs() * 6) },
		judge: (id, exchange, answer) => judgePair(exchange, answer, { rule: ruleOf(id), listeners: settings.listeners }),
	});
	const ruleOf = (id: string): ComparisonRule => settings.rules[id] ?? settings.rules["*"] ?? {};

	const reportNow = (isRunning: boolean): ComparisonReport => ({ ...tally.report(now()), isRunning, gatewayPid, taken, copies });

	function keep(isRunning: boolean): void {
		try {
			writeReport(gatewayDir, reportNow(isRunning));
			isFailing = false;
		} catch (error) {
			if (!isFailing) options.onTrouble(error);
			isFailing = true;
		}
	}

	const ends = [
		gateway.onExchanges((items) => {
			// A new plan comes with the settings of the same file.
			if (gateway.plan().version !== planVersion) [planVersion, settings] = [gateway.plan().version, readSettings(gatewayDir)];
			for (const exchange of items) if (mirrors.owns(exchange) && pairing.exchange(exchange.route ?? "", exchange)) taken++;
		}),
		gateway.onShadowAnswers((answers) => {
			for (const answer of answers) pairing.answer(answer);
		}),
		gateway.onTick(({ stats }) => {
			copies = stats.copies ?? null;
		}),
		gateway.onLost(({ kind }) => {
			if (kind !== "restarted") return;
			pairing.restart("gateway-restarted");
			[gatewayPid, taken] = [pidOf(), 0];
		}),
	];
	keep(true);
	const timer = setInterval(() => {
		pairing.sweep();
		keep(true);
	}, writeEveryMs);
	timer.unref();

	return {
		owns: mirrors.owns,
		report: () => reportNow(true),
		ruleOf,
		get taken() {
			return taken;
		},
		close() {
			clearInterval(timer);
			for (const end of ends) end();
			keep(false);
			for (const route of tally.report(now()).routes) if (taken > 0) note?.(sumsText(route));
		},
	};
}

function sumsText({ id, seen, matched, mismatched, failed, uncompared, waiting }: RouteComparison): string {
	const all = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
	const others = `${all(failed)} failed, ${all(uncompared)} not compared, ${waiting} waiting`;
	return `Mirrored traffic of ${id}: ${seen} seen, ${matched} matched, ${mismatched} differ, ${others}.`;
}
