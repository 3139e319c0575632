import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Exchange, RoutePlan } from "../../contract/traffic.ts";
import type { Core } from "../core.ts";

/** What the client itself wrote of one request. */
export type ClientLine = { n: number; route: string; code: string | null; sha256: string; error: string | null };

export function readClientLog(file: string): ClientLine[] {
	return readFileSync(file, "utf8")
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line) as ClientLine);
}

export type Audit = {
	/** Answers that a client got although legacy gave another, or a new service gave while the plan had it in shadow, or nobody saw. */
	wrong(client: ClientLine[]): number;
	/** Transactions that moved money without a key of their own, and sessions beyond those that clients were given. */
	doubled(client: ClientLine[]): number;
	/** Mean milliseconds that legacy needed, by route, slowest first. */
	legacyTimes(): { route: string; ms: number }[];
	end(): void;
};

/** Watches what the gateway and the database show, independently of the comparison. */
export function createAudit(core: Core): Audit {
	const answers = new Map<number, { sha256: string; arm: Exchange["arm"]; early: boolean }>();
	const modes = new Map<string, string>();
	const times = new Map<string, { sum: number; count: number }>();
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
		if (exchange.arm === "legacy" && exchange.route !== null) {
			const { sum, count } = times.get(exchange.route) ?? { sum: 0, count: 0 };
			times.set(exchange.route, { sum: sum + exchange.endedAt - exchange.startedAt, count: count + 1 });
		}
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
		legacyTimes: () => [...times].map(([route, { sum, count }]) => ({ route, ms: sum / count })).sort((one, other) => other.ms - one.ms),
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
