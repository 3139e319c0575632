import type { GatewayStats } from "../../../core/contract/traffic.ts";
import { useEngine } from "../../app/context.tsx";
import { count, plural } from "../../ui/index.ts";
import styles from "./gateway.module.css";

type Figure = { name: string; value: string; detail: string; bad?: boolean };

/** What the gateway has served and sent, in one line of figures; what it has never done has no figure. */
export function GatewayFigures() {
	const stats = useEngine(({ snapshot }) => snapshot?.system?.gateway.stats);
	if (stats === undefined) return null;
	return (
		<dl className={styles.figures} aria-label="Gateway">
			{figuresOf(stats).map(({ name, value, detail, bad = false }) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd className={bad ? styles.bad : ""}>{value}</dd>
					<dd className={styles.detail}>{detail}</dd>
				</div>
			))}
		</dl>
	);
}

export function figuresOf(stats: GatewayStats): Figure[] {
	const { byArm, copies, panic, requests, clientErrors } = stats;
	const figures: Figure[] = [
		{
			name: "Gateway",
			value: `plan ${count(stats.planVersion)}`,
			detail: panic === null ? `${plural(stats.openRequests, "request")} open` : `kill switch: ${panic.reason}`,
			bad: panic !== null,
		},
		{
			name: "Answered",
			value: count(requests),
			detail: `legacy ${count(byArm.legacy)}, new ${count(byArm.modern)}, legacy after a failure ${count(byArm.failover)}`,
		},
		{ name: "Failed for clients", value: count(clientErrors), detail: "counted once each", bad: clientErrors > 0 },
		{ name: "To be compared", value: count(stats.mirrored), detail: lost(stats.dropped) },
	];
	const { workers = [], workerDeaths = 0 } = stats;
	if (workers.length > 1 || workerDeaths > 0)
		figures.push({
			name: "Workers",
			value: count(workers.length),
			detail: workerDeaths === 0 ? "none ended unasked" : `${count(workerDeaths)} ended unasked and replaced`,
			bad: workerDeaths > 0,
		});
	if (copies)
		figures.push({
			name: "Copies sent",
			value: count(copies.taken),
			detail: `${count(copies.delivered)} answered; ${lost(copies.dropped)}`,
		});
	for (const [address, mirror] of Object.entries(stats.mirrors ?? {})) {
		const detail = `${count(mirror.inFlight)} under way, ${count(mirror.failed)} failed`;
		figures.push({ name: `Mirror ${address}`, value: breaker[mirror.state], detail, bad: mirror.state !== "closed" });
	}
	for (const [address, { state, ejected }] of Object.entries(stats.ejections ?? {}))
		figures.push({
			name: `Service ${address}`,
			value: ejection[state],
			detail: `left out ${plural(ejected, "time")}`,
			bad: state !== "closed",
		});
	const { connections = 0, sockets = 0, ...befell } = stats.streams ?? {};
	if (connections > 0 || sockets > 0)
		figures.push({
			name: "Streams",
			value: `${count(connections)} TCP, ${count(sockets)} WebSocket`,
			detail: countsOf(befell) || "all in order",
		});
	return figures;
}

const breaker = { closed: "takes copies", open: "left alone", "half-open": "being tried" } as const;
const ejection = { closed: "answers again", open: "left out", "half-open": "being tried" } as const;

function lost(dropped: Readonly<Record<string, number>>): string {
	const words = countsOf(dropped);
	return words === "" ? "none dropped" : `dropped: ${words}`;
}

const countsOf = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.filter(([, amount]) => amount > 0)
		.sort(([, a], [, b]) => b - a)
		.map(([reason, amount]) => `${count(amount)} ${reason}`)
		.join(", ");
