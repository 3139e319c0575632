import { Pause, Play, Route, Stamp, X } from "lucide-react";
import { CommandButton } from "../../app/command-button.tsx";
import { useEngine } from "../../app/context.tsx";
import { Badge, Empty } from "../../ui/index.ts";
import { Charts } from "./charts.tsx";
import { DemoPanel } from "./demo-panel.tsx";
import { EventLog } from "./event-log.tsx";
import { MigrationCard } from "./migration-card.tsx";
import { Mismatches } from "./mismatches.tsx";
import styles from "./run.module.css";
import { Services } from "./services.tsx";
import { Totals } from "./totals.tsx";

export function RunPlace() {
	const run = useEngine((state) => state.snapshot?.run ?? null);
	const migrations = useEngine((state) => state.snapshot?.migrations);
	const demo = useEngine((state) => state.snapshot?.demo ?? null);
	if (run === null && demo === null) {
		return (
			<>
				<h1 className="sr-only">Run</h1>
				<Empty icon={<Route size={32} aria-hidden="true" />} title="Nothing runs yet">
					<p>Choose a function on the map and press Isolate and Modernize, or run the demo on the sample bank.</p>
					<CommandButton id="demo.start" look="primary" icon={<Play size={16} aria-hidden="true" />} />
				</Empty>
			</>
		);
	}
	const paused = run?.state === "paused";
	return (
		<div className={styles.place}>
			<div className={styles.main}>
				<header className={styles.head}>
					<h1>Run</h1>
					{run === null ? null : (
						<>
							<Badge tone={run.state === "done" ? "good" : run.state === "running" ? "accent" : "warn"}>{run.state}</Badge>
							<Badge>policy {run.policy.name}</Badge>
						</>
					)}
					<span className={styles.spring} />
					{run?.state === "running" ? (
						<CommandButton id="run.pause" icon={<Pause size={15} aria-hidden="true" />}>
							Pause
						</CommandButton>
					) : null}
					{paused ? (
						<CommandButton id="run.resume" icon={<Play size={15} aria-hidden="true" />}>
							Resume
						</CommandButton>
					) : null}
					{run?.state === "running" || paused ? (
						<CommandButton id="run.cancel" icon={<X size={15} aria-hidden="true" />}>
							Cancel
						</CommandButton>
					) : null}
					{migrations?.some((one) => one.stage === "promoted") ? (
						<CommandButton id="run.seal" icon={<Stamp size={15} aria-hidden="true" />}>
							Seal
						</CommandButton>
					) : null}
				</header>
				{demo === null ? null : <DemoPanel demo={demo} />}
				<Charts />
				<section className={styles.cards} aria-label="Functions on their way">
					{(migrations ?? []).map((migration) => (
						<MigrationCard key={migration.function} migration={migration} alpha={run?.policy.alpha ?? null} />
					))}
				</section>
				<Mismatches />
			</div>
			<aside className={styles.side} aria-label="Accounts, services and log">
				<Totals />
				<Services />
				<EventLog />
			</aside>
		</div>
	);
}
