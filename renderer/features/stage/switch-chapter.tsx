import { useMemo } from "react";
import type { Snapshot } from "../../../core/contract/api.ts";
import type { Migration } from "../../../core/contract/run.ts";
import { useProject } from "../../app/context.tsx";
import { count, shortName } from "../../ui/index.ts";
import { stageWord } from "../stage-strip/index.ts";
import styles from "./chapters.module.css";
import { type Line, LiveChart } from "./live-chart.tsx";
import { Figure, Figures } from "./parts.tsx";
import { weightOf } from "./subject.ts";

/** Clients move by themselves, as far as the evidence carries; everything else is still answered by legacy. */
export function SwitchChapter({ snapshot, subject }: { snapshot: Snapshot; subject: string | null }) {
	const { traffic, totals, migrations, system } = snapshot;
	const lines = useMemo(
		(): Line[] => [
			{ label: "Legacy", colour: "legacy", values: traffic.map(({ legacyRps }) => legacyRps) },
			{ label: "New services", colour: "modern", values: traffic.map(({ modernRps }) => modernRps), dashed: true },
		],
		[traffic],
	);
	const told = migrations.find(({ function: name }) => name === subject) ?? null;
	const weight = told === null ? 0 : weightOf(told);
	return (
		<div className={styles.chapter}>
			<Figures label="The switch">
				<Figure
					name={told === null ? "on new services" : `of ${shortName(told.function)} on the new service`}
					value={`${weight} %`}
					tone="modern"
				/>
				<Figure name="answered by new services" value={count(system?.gateway.stats.byArm.modern ?? 0)} tone="modern" />
				<Figure name="client errors" value={count(totals.clientErrors)} tone={totals.clientErrors === 0 ? "good" : "bad"} />
			</Figures>
			<LiveChart title="Answers a second" lines={lines} />
			<Routes migrations={migrations} />
		</div>
	);
}

const SHOWN_ROUTES = { small: 6, tall: 10 };

function restWords(rest: readonly { weight: number }[]): string {
	const moved = rest.filter(({ weight }) => weight === 100).length;
	const words = [moved > 0 ? `${moved} on new services` : "", rest.length > moved ? `${rest.length - moved} on legacy` : ""];
	return `and ${words.filter(Boolean).join(", ")}`;
}

/** Who answers each route, as the plan of the gateway has it. */
export function Routes({ migrations }: { migrations: readonly Migration[] }) {
	const graph = useProject((state) => state.graph);
	const rows = (graph?.routes ?? []).map(({ method, path }) => {
		const route = `${method} ${path}`;
		const migration = migrations.findLast((one) => one.routes.includes(route) && one.stage !== "cancelled") ?? null;
		return { route, migration, weight: migration === null ? 0 : weightOf(migration) };
	});
	// The rest is told in one line, so that nothing is cut off in a small hall.
	rows.sort((one, other) => other.weight - one.weight || Number(other.migration !== null) - Number(one.migration !== null));
	return (
		<section className={styles.panel} aria-label="Who answers">
			<ul className={styles.routes}>
				{rows.slice(0, SHOWN_ROUTES.tall).map(({ route, migration, weight }, index) => (
					<li key={route} className={index < SHOWN_ROUTES.small ? "" : styles.tallOnly}>
						<code>{route}</code>
						<span className={styles.bar} role="img" aria-label={`${weight} percent answered by the new service`}>
							<i style={{ width: `${weight}%` }} />
						</span>
						<span>{migration === null ? "legacy" : weight === 100 ? "new service" : stageWord(migration)}</span>
					</li>
				))}
				{rows.length > SHOWN_ROUTES.small ? (
					<li className={`${styles.more} ${styles.smallOnly}`}>{restWords(rows.slice(SHOWN_ROUTES.small))}</li>
				) : null}
				{rows.length > SHOWN_ROUTES.tall ? (
					<li className={`${styles.more} ${styles.tallOnly}`}>{restWords(rows.slice(SHOWN_ROUTES.tall))}</li>
				) : null}
			</ul>
		</section>
	);
}
