import { Columns3 } from "lucide-react";
import { Tabs } from "radix-ui";
import { useEffect } from "react";
import type { GraphNode } from "../../../core/contract/graph.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { perform } from "../../app/commands/index.ts";
import { useApp, useEngine, useProject, useScreen } from "../../app/context.tsx";
import { loadInspection, loadPlan } from "../../app/questions.ts";
import { bareName, languageOf, Source } from "../../ui/index.ts";
import { isolationOf, Shape } from "../map/index.ts";
import { BlueprintTab } from "./blueprint-tab.tsx";
import { CodeTab } from "./code-tab.tsx";
import styles from "./inspector.module.css";
import { IsolateFooter } from "./isolate-footer.tsx";
import { Numbers } from "./numbers.tsx";
import { Overview } from "./overview.tsx";

const tabs = ["overview", "source", "blueprint", "code"] as const;

export function FunctionInspector({ node }: { node: GraphNode }) {
	const app = useApp();
	const name = bareName(node.id);
	const inspection = useProject((state) => state.inspections[name]);
	const plan = useProject((state) => state.plans[name]);
	const noted = useScreen((state) => state.details.map?.tab);
	const tab = tabs.find((one) => one === noted) ?? "overview";
	const migration = useEngine((state) => state.snapshot?.migrations.find((one) => one.function === name) ?? null);
	useEffect(() => {
		void loadInspection(app, name);
		void loadPlan(app, name);
	}, [app, name]);
	const choose = (next: string) => app.screen.getState().detail("map", { tab: next === "overview" ? null : next });
	return (
		<div className={styles.inspector}>
			<header className={styles.head}>
				<div className={styles.nameRow}>
					<h2>
						<Shape kind={isolationOf(node.isolation)} />
						{node.name}
					</h2>
					<CommandButton id="function.workbench" look="quiet" iconOnly icon={<Columns3 size={17} aria-hidden="true" />} />
				</div>
				<p className={styles.verdict}>{plan?.verdict.text ?? "Working out what the cut means…"}</p>
				<button
					type="button"
					className={styles.place}
					title="Show beside blueprint and code"
					disabled={plan?.unreached === true}
					onClick={() => void perform(app, "function.workbench", `${name} ${node.file}:${node.line}`)}
				>
					{node.file}:{node.line}
				</button>
				{plan === undefined ? null : <Numbers plan={plan} />}
			</header>
			<Tabs.Root value={tab} onValueChange={choose} className={styles.tabs}>
				<Tabs.List className={styles.tabList} aria-label="About this function">
					<Tabs.Trigger value="overview">Overview</Tabs.Trigger>
					<Tabs.Trigger value="source">Source</Tabs.Trigger>
					<Tabs.Trigger value="blueprint">Blueprint</Tabs.Trigger>
					<Tabs.Trigger value="code">Code</Tabs.Trigger>
				</Tabs.List>
				<Tabs.Content value="overview" className={styles.tab}>
					{inspection === undefined ? (
						<p className={styles.muted}>Reading…</p>
					) : (
						<Overview inspection={inspection} plan={plan} migration={migration} />
					)}
				</Tabs.Content>
				<Tabs.Content value="source" className={styles.tab}>
					{inspection === undefined ? (
						<p className={styles.muted}>Reading…</p>
					) : (
						<Source
							text={inspection.source.text}
							from={inspection.source.from}
							language={languageOf(inspection.source.file)}
							label={`Source of ${node.name}`}
						/>
					)}
				</Tabs.Content>
				<Tabs.Content value="blueprint" className={styles.tab}>
					{plan?.unreached === true ? <Unreached /> : <BlueprintTab name={name} />}
				</Tabs.Content>
				<Tabs.Content value="code" className={styles.tab}>
					{plan?.unreached === true ? <Unreached /> : <CodeTab name={name} version={migration?.version ?? 0} />}
				</Tabs.Content>
			</Tabs.Root>
			<IsolateFooter name={name} migration={migration} plan={plan} />
		</div>
	);
}

function Unreached() {
	return (
		<p className={styles.muted}>
			No route reaches it, so there is nothing to cut at and no blueprint. Choose a function that a route reaches.
		</p>
	);
}
