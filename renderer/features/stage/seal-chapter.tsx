import { useMemo } from "react";
import type { Snapshot } from "../../../core/contract/api.ts";
import { count, duration } from "../../ui/index.ts";
import styles from "./chapters.module.css";
import { type Line, LiveChart } from "./live-chart.tsx";
import { Happening } from "./mirror-chapter.tsx";
import { Figure, Figures } from "./parts.tsx";
import { Routes } from "./switch-chapter.tsx";

/** One press takes everything back; and when nobody needs legacy any more, it ends. */
export function SealChapter({ snapshot }: { snapshot: Snapshot }) {
	const { traffic, totals, migrations, system, lastPanic, demo } = snapshot;
	const lines = useMemo(
		(): Line[] => [
			{ label: "Legacy", colour: "legacy", values: traffic.map(({ legacyRps }) => legacyRps) },
			{ label: "New services", colour: "modern", values: traffic.map(({ modernRps }) => modernRps), dashed: true },
		],
		[traffic],
	);
	const promoted = migrations.filter(({ stage }) => stage === "promoted").length;
	const moving = migrations.filter(({ stage }) => stage !== "refused" && stage !== "cancelled").length;
	const retired = system?.legacy.retired ?? false;
	const report = demo?.report ?? null;
	return (
		<div className={styles.chapter}>
			<Figures label="Kill switch and seal">
				<Figure
					name="kill switch, all to legacy"
					value={lastPanic === null ? "not pressed" : lastPanic.ms === null ? "pressed" : duration(lastPanic.ms)}
					tone="bad"
				/>
				<Figure name="functions on new services" value={`${promoted} of ${moving}`} tone="modern" />
				<Figure name="client errors" value={count(totals.clientErrors)} tone={totals.clientErrors === 0 ? "good" : "bad"} />
			</Figures>
			{retired ? (
				<section className={styles.sealed} aria-label="Sealed">
					<h2>{report === null ? "Legacy is sealed" : "Migration complete"}</h2>
					{report === null ? (
						<p>No route needs legacy; it was stopped with no request left for it, and its evidence is kept.</p>
					) : (
						<p>
							{count(report.requests)} requests, {count(report.clientErrors)} client errors, {count(report.wrongBeforePromotion)} wrong
							answers, {count(report.doubledEffects)} doubled effects, in {duration(report.durationMs)}
						</p>
					)}
				</section>
			) : null}
			<LiveChart title="Answers a second" lines={lines} />
			{retired ? <Happening /> : <Routes migrations={migrations} />}
		</div>
	);
}
