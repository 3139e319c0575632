import { useMemo } from "react";
import type { Snapshot } from "../../../core/contract/api.ts";
import { useEngine } from "../../app/context.tsx";
import { clock, count, shortName } from "../../ui/index.ts";
import styles from "./chapters.module.css";
import { type Line, LiveChart } from "./live-chart.tsx";
import { Figure, Figures } from "./parts.tsx";

/** Every request is answered by legacy, and a copy of it by the new services; nobody sees the difference but the engine. */
export function MirrorChapter({ snapshot }: { snapshot: Snapshot }) {
	const { traffic, totals, groups } = snapshot;
	const lines = useMemo(
		(): Line[] => [
			{ label: "Legacy answers", colour: "legacy", values: traffic.map(({ legacyRps }) => legacyRps) },
			{ label: "Compared in shadow", colour: "modern", values: traffic.map(({ compared }) => compared), dashed: true },
			{ label: "Different", colour: "bad-mark", values: traffic.map(({ mismatched }) => mismatched) },
		],
		[traffic],
	);
	const last = traffic.at(-1);
	const open = groups.filter(({ state }) => state === "open");
	return (
		<div className={styles.chapter}>
			<Figures label="The mirror">
				<Figure name="requests a second" value={count((last?.legacyRps ?? 0) + (last?.modernRps ?? 0))} tone="legacy" />
				<Figure name="compared" value={count(totals.compared)} tone="modern" />
				<Figure name="causes of difference" value={count(open.length)} tone={open.length > 0 ? "bad" : "plain"} />
				<Figure name="client errors" value={count(totals.clientErrors)} tone={totals.clientErrors === 0 ? "good" : "bad"} />
			</Figures>
			<LiveChart title="A second" lines={lines} />
			<div className={styles.pair}>
				<Happening />
				<Services snapshot={snapshot} />
			</div>
		</div>
	);
}

/** The newest events, as the engine wrote them into its journal. */
export function Happening() {
	const log = useEngine((state) => state.log);
	return (
		<section className={styles.panel} aria-label="Happening">
			<h2>Happening</h2>
			<ol className={styles.events}>
				{log
					.slice(-9)
					.reverse()
					.map(({ seq, at, level, function: name, text }) => (
						<li key={seq} className={level === "info" ? "" : styles[level]}>
							<time>{clock(at).slice(0, 8)}</time>
							<span>
								{name === null ? null : <b>{shortName(name)}</b>} {text}
							</span>
						</li>
					))}
			</ol>
		</section>
	);
}

export function Services({ snapshot: { services, system } }: { snapshot: Snapshot }) {
	return (
		<section className={styles.panel} aria-label="Services">
			<h2>Services</h2>
			<ul className={styles.services}>
				<li>
					<i className={system?.legacy.alive ? styles.up : styles.down} aria-hidden="true" />
					<b>legacy</b>
					<span>{system?.legacy.retired ? "stopped" : system?.legacy.alive ? "answers" : "silent"}</span>
				</li>
				{services.slice(0, 7).map((service) => (
					<li key={`${service.function} ${service.role} ${service.pid}`}>
						<i className={service.healthy ? styles.up : styles.down} aria-hidden="true" />
						<b>
							{shortName(service.function)} v{service.version}
						</b>
						<span>{service.role === "live" ? "answers clients" : service.healthy ? "in shadow" : "starting"}</span>
					</li>
				))}
				{services.length > 7 ? <li>and {services.length - 7} more</li> : null}
			</ul>
		</section>
	);
}
