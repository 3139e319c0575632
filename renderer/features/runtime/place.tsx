import { SquareTerminal } from "lucide-react";
import type { RuntimeState } from "../../../core/contract/runtime.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useScreen } from "../../app/context.tsx";
import { bytes, count, plural, SplitPane } from "../../ui/index.ts";
import { useOutput, useRuntime } from "./feed.ts";
import { GatewayFigures } from "./gateway-figures.tsx";
import { LogView } from "./log-view.tsx";
import { Processes } from "./processes.tsx";
import { RecordedTraffic } from "./recorded-traffic.tsx";
import styles from "./runtime.module.css";
import { Terminal } from "./terminal.tsx";
import type { Filter } from "./view.ts";

/** The processes of the past and of the future, and everything that they write. */
export function RuntimePlace() {
	const { screen } = useApp();
	const state = useRuntime();
	const details = useScreen(({ details: all }) => all.runtime);
	useOutput();
	const source = details?.source ?? null;
	const level = details?.level === "warn" || details?.level === "bad" ? details.level : "all";
	const withTerminal = details?.terminal !== "off";
	const setFilter = (next: Filter) =>
		screen.getState().detail("runtime", { source: next.source, level: next.level === "all" ? null : next.level });
	const log = <LogView state={state} filter={{ source, level }} onFilter={setFilter} />;
	return (
		<div className={styles.place}>
			<header className={styles.head}>
				<h1>Runtime</h1>
				<p>{state === null ? "Waiting for the engine." : summaryOf(state)}</p>
				<CommandButton id="runtime.terminal" look="quiet" pressed={withTerminal} icon={<SquareTerminal size={15} aria-hidden="true" />}>
					Legacy's screen
				</CommandButton>
			</header>
			<GatewayFigures />
			<RecordedTraffic />
			<div className={styles.panes}>
				<SplitPane
					id="runtime.output"
					orientation="vertical"
					label="Height of the output"
					initial="58%"
					min="30%"
					max="80%"
					side={
						<SplitPane
							id="runtime.terminal"
							label="Width of legacy's screen"
							initial="38%"
							min="16rem"
							max="65%"
							side={
								withTerminal ? (
									<div className={styles.right}>
										<Terminal state={state} />
									</div>
								) : null
							}
						>
							<div className={withTerminal ? styles.left : styles.whole}>{log}</div>
						</SplitPane>
					}
				>
					{state === null ? null : (
						<div className={styles.upper}>
							<Processes state={state} source={source} onSource={(id) => screen.getState().detail("runtime", { source: id })} />
						</div>
					)}
				</SplitPane>
			</div>
		</div>
	);
}

function summaryOf({ processes, measured, processors }: RuntimeState): string {
	const running = processes.filter(({ endedAt }) => endedAt === null);
	const broken = running.filter(({ health }) => health?.ok === false).length;
	const health = broken === 0 ? "all that are asked answer" : `${plural(broken, "process", "processes")} without a good answer`;
	if (!measured) return `${plural(running.length, "process", "processes")}, ${health}. Resources are not measured on this system.`;
	const cpu = running.reduce((sum, { resources }) => sum + (resources?.cpu ?? 0), 0);
	const rss = running.reduce((sum, { resources }) => sum + (resources?.rss ?? 0), 0);
	return `${plural(running.length, "process", "processes")}, ${health}; ${count(cpu)} % of ${count(processors * 100)} % processor, ${bytes(rss)}`;
}
