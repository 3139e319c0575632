import { FileText, Pause, Play, RotateCw, X } from "lucide-react";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import type { Migration, Policy } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { Badge, shortName } from "../../ui/index.ts";
import { nowOf, StepIcon, stageTone, stageWord, stepsOf } from "../stage-strip/index.ts";
import { useHistory } from "./asked.ts";
import { Canary } from "./canary.tsx";
import { Confidence } from "./confidence.tsx";
import styles from "./detail.module.css";
import { EventLog } from "./event-log.tsx";
import { GateTable } from "./gate-table.tsx";
import story from "./history.module.css";
import { History, Line } from "./history.tsx";
import { Mismatches } from "./mismatches.tsx";
import { Proof } from "./proof.tsx";

export type Part = { id: string; title: string; mark?: number; body: ReactNode };

/** The parts of what is chosen as tabs; the address carries which one. */
export function Parts({ parts, label }: { parts: readonly Part[]; label: string }) {
	const app = useApp();
	const wanted = useScreen((state) => state.details.run?.view ?? parts[0]?.id);
	const shown = parts.find((part) => part.id === wanted) ?? parts[0];
	if (shown === undefined) return null;
	const show = (id: string) => app.screen.getState().detail("run", { view: id === parts[0]?.id ? null : id });
	return (
		<Tabs.Root className={styles.tabs} value={shown.id} onValueChange={show}>
			<Tabs.List className={styles.tabList} aria-label={label}>
				{parts.map(({ id, title, mark = 0 }) => (
					<Tabs.Trigger key={id} value={id}>
						{title}
						{mark > 0 ? <span className={styles.mark}>{mark}</span> : null}
					</Tabs.Trigger>
				))}
			</Tabs.List>
			<Tabs.Content className={styles.panel} value={shown.id} tabIndex={-1}>
				{shown.body}
			</Tabs.Content>
		</Tabs.Root>
	);
}

/** One function on its way. */
export function Detail({ migration, policy }: { migration: Migration; policy: Policy }) {
	const name = migration.function;
	const open = useEngine(
		(state) => state.snapshot?.groups.filter((group) => group.function === name && group.state === "open").length ?? 0,
	);
	return (
		<article className={styles.detail} aria-label={shortName(name)}>
			<Head migration={migration} />
			<Parts
				label={`Parts of ${shortName(name)}`}
				parts={[
					{ id: "overview", title: "Overview", body: <Overview migration={migration} policy={policy} /> },
					{ id: "mismatches", title: "Mismatches", mark: open, body: <Mismatches name={name} /> },
					{ id: "confidence", title: "Confidence", body: <Confidence migration={migration} /> },
					{ id: "history", title: "History", body: <History name={name} /> },
					{ id: "events", title: "Events", body: <EventLog name={name} /> },
				]}
			/>
		</article>
	);
}

function Head({ migration }: { migration: Migration }) {
	const { function: name, routes, version, paused, stage } = migration;
	const moves = !["promoted", "refused", "cancelled"].includes(stage);
	const icon = { size: 15, "aria-hidden": true } as const;
	return (
		<header className={styles.head}>
			<div>
				<h2>{shortName(name)}</h2>
				<p>
					<Badge tone={stageTone(migration)}>{stageWord(migration)}</Badge>
					{version > 0 ? <Badge>v{version}</Badge> : null}
					<code>{routes.join(", ")}</code>
				</p>
			</div>
			<div className={styles.actions}>
				{stage === "held" ? (
					<CommandButton id="function.retry" argument={name} icon={<RotateCw {...icon} />}>
						Let it go on
					</CommandButton>
				) : null}
				{!moves ? null : paused ? (
					<CommandButton id="function.resume" argument={name} icon={<Play {...icon} />}>
						Resume
					</CommandButton>
				) : (
					<CommandButton id="function.pause" argument={name} icon={<Pause {...icon} />}>
						Pause
					</CommandButton>
				)}
				{moves ? (
					<CommandButton id="function.cancel" argument={name} icon={<X {...icon} />}>
						Cancel
					</CommandButton>
				) : null}
				<CommandButton id="report.html" argument={name} look="quiet" icon={<FileText {...icon} />}>
					HTML
				</CommandButton>
				<CommandButton id="report.pdf" argument={name} look="quiet" icon={<FileText {...icon} />}>
					PDF
				</CommandButton>
			</div>
		</header>
	);
}

function Overview({ migration, policy }: { migration: Migration; policy: Policy }) {
	const now = nowOf(migration);
	return (
		<div className={styles.parts}>
			<ol className={styles.way}>
				{stepsOf(migration).map(({ name, state }) => (
					<li key={name} className={styles[state]}>
						<StepIcon state={state} />
						{name}
						<span className="sr-only"> {state}</span>
					</li>
				))}
			</ol>
			{now === "" ? null : <p className={styles.lead}>{now}</p>}
			<Proof migration={migration} policy={policy} />
			<Story name={migration.function} />
			<Canary migration={migration} policy={policy} />
			<GateTable migration={migration} />
		</div>
	);
}

/** The last time that a guard took the clients back: what happened, which guard, the numbers, when. */
function Story({ name }: { name: string }) {
	const history = useHistory(name);
	const last = history?.findLast((decision) => decision.kind === "guard");
	if (last === undefined) return null;
	return (
		<section className={styles.part} aria-labelledby="story-title">
			<h3 id="story-title">The last rollback</h3>
			<ol className={`${styles.story} ${story.story}`}>
				<Line decision={last} withName={false} />
			</ol>
			<p className={styles.source}>Every client was answered by legacy from then on; what was compared stays counted.</p>
		</section>
	);
}
