import { FileText, Pause, Play, RotateCw, Route, Stamp, X } from "lucide-react";
import { CommandButton } from "../../app/command-button.tsx";
import { useEngine, useScreen } from "../../app/context.tsx";
import { Badge, Empty, SplitPane } from "../../ui/index.ts";
import { Charts } from "./charts.tsx";
import { DemoPanel } from "./demo-panel.tsx";
import styles from "./detail.module.css";
import { Detail, Parts } from "./detail.tsx";
import { EventLog } from "./event-log.tsx";
import { History } from "./history.tsx";
import { MigrationList } from "./migration-list.tsx";
import { Mismatches } from "./mismatches.tsx";
import { Services } from "./services.tsx";
import { Totals } from "./totals.tsx";

/** The run: every function in the list, the chosen one or the whole run beside it. */
export function RunPlace() {
	const run = useEngine((state) => state.snapshot?.run ?? null);
	const demo = useEngine((state) => state.snapshot?.demo ?? null);
	const chosen = useScreen((state) => state.details.run?.function ?? null);
	const migration = useEngine((state) => state.snapshot?.migrations.find((one) => one.function === chosen) ?? null);
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
	return (
		<>
			<h1 className="sr-only">Run</h1>
			<SplitPane id="run" sideFirst label="Width of the list of functions" initial="21rem" min="15rem" max="45%" side={<MigrationList />}>
				{migration === null || run === null ? <WholeRun /> : <Detail key={migration.function} migration={migration} policy={run.policy} />}
			</SplitPane>
		</>
	);
}

function WholeRun() {
	const open = useEngine((state) => state.snapshot?.groups.filter((group) => group.state === "open").length ?? 0);
	return (
		<section className={styles.detail} aria-label="Whole run">
			<Head />
			<Parts
				label="Parts of the run"
				parts={[
					{ id: "overview", title: "Overview", body: <Overview /> },
					{ id: "mismatches", title: "Mismatches", mark: open, body: <Mismatches name={null} /> },
					{ id: "history", title: "History", body: <History name={null} /> },
					{ id: "events", title: "Events", body: <EventLog name={null} /> },
				]}
			/>
		</section>
	);
}

function Head() {
	const run = useEngine((state) => state.snapshot?.run ?? null);
	const held = useEngine((state) => state.snapshot?.migrations.some((one) => one.stage === "held") ?? false);
	const sealable = useEngine((state) => state.snapshot?.migrations.some((one) => one.stage === "promoted") ?? false);
	const icon = { size: 15, "aria-hidden": true } as const;
	const on = run?.state === "running" || run?.state === "paused";
	return (
		<header className={styles.head}>
			<div>
				<h2>Whole run</h2>
				{run === null ? null : (
					<p>
						<Badge tone={run.state === "done" ? "good" : run.state === "running" ? "accent" : "warn"}>{run.state}</Badge>
						<Badge>policy {run.policy.name}</Badge>
						<code>{run.id}</code>
					</p>
				)}
			</div>
			<div className={styles.actions}>
				{held ? (
					<CommandButton id="run.retry" icon={<RotateCw {...icon} />}>
						Let held ones go on
					</CommandButton>
				) : null}
				{run?.state === "running" ? (
					<CommandButton id="run.pause" icon={<Pause {...icon} />}>
						Pause all
					</CommandButton>
				) : null}
				{run?.state === "paused" ? (
					<CommandButton id="run.resume" icon={<Play {...icon} />}>
						Resume all
					</CommandButton>
				) : null}
				{on ? (
					<CommandButton id="run.cancel" icon={<X {...icon} />}>
						Cancel all
					</CommandButton>
				) : null}
				{sealable ? (
					<CommandButton id="run.seal" icon={<Stamp {...icon} />}>
						Seal
					</CommandButton>
				) : null}
				<CommandButton id="report.html" argument="" look="quiet" icon={<FileText {...icon} />}>
					HTML
				</CommandButton>
				<CommandButton id="report.pdf" argument="" look="quiet" icon={<FileText {...icon} />}>
					PDF
				</CommandButton>
			</div>
		</header>
	);
}

function Overview() {
	const demo = useEngine((state) => state.snapshot?.demo ?? null);
	return (
		<div className={styles.parts}>
			{demo === null ? null : <DemoPanel demo={demo} />}
			<Charts />
			<Totals />
			<Services />
		</div>
	);
}
