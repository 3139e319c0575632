import { Tabs } from "radix-ui";
import { useEffect } from "react";
import type { Graph, GraphNode } from "../../../core/contract/graph.ts";
import { useApp, useEngine, useProject, useScreen } from "../../app/context.tsx";
import { loadInspection } from "../../app/questions.ts";
import { Badge, bareName, count, languageOf, Source } from "../../ui/index.ts";
import { isolationOf, Shape } from "../map/index.ts";
import { BlueprintTab } from "./blueprint-tab.tsx";
import { CodeTab } from "./code-tab.tsx";
import { FirstCuts } from "./first-cuts.tsx";
import styles from "./inspector.module.css";
import { IsolateFooter } from "./isolate-footer.tsx";
import { MigrationState } from "./migration-state.tsx";
import { NodeLinks } from "./node-links.tsx";

export function Inspector() {
	const graph = useProject((state) => state.graph);
	const selected = useScreen((state) => state.selected);
	const node = graph?.nodes.find((candidate) => candidate.id === selected);
	if (graph === null || node === undefined) {
		return graph === null ? null : <FirstCuts graph={graph} />;
	}
	if (node.kind === "function") return <FunctionInspector key={node.id} node={node} />;
	return <OtherInspector node={node} graph={graph} />;
}

function FunctionInspector({ node }: { node: GraphNode }) {
	const app = useApp();
	const name = bareName(node.id);
	const inspection = useProject((state) => state.inspections[name]);
	const migration = useEngine((state) => state.snapshot?.migrations.find((one) => one.function === name) ?? null);
	useEffect(() => void loadInspection(app, name), [app, name]);
	const isolation = isolationOf(node.isolation);
	return (
		<div className={styles.inspector}>
			<header className={styles.head}>
				<h2>
					<Shape kind={isolation} />
					{node.name}
				</h2>
				<p>
					{node.file}:{node.line}, {count(node.loc)} lines
				</p>
				<div className={styles.badges}>
					<Badge tone={isolation === "isolated" ? "good" : isolation === "coupled" ? "info" : "bad"}>
						{isolation} {node.isolation.toFixed(2)}
					</Badge>
					<Badge>complexity {node.complexity}</Badge>
					{inspection === undefined ? null : (
						<>
							<Badge>{inspection.effort} effort</Badge>
							<Badge tone={inspection.risk === "high" ? "bad" : inspection.risk === "medium" ? "warn" : "good"}>
								{inspection.risk} risk
							</Badge>
						</>
					)}
				</div>
			</header>
			<Tabs.Root defaultValue="overview" className={styles.tabs}>
				<Tabs.List className={styles.tabList} aria-label="About this function">
					<Tabs.Trigger value="overview">Overview</Tabs.Trigger>
					<Tabs.Trigger value="source">Source</Tabs.Trigger>
					<Tabs.Trigger value="blueprint">Blueprint</Tabs.Trigger>
					<Tabs.Trigger value="code">Code</Tabs.Trigger>
				</Tabs.List>
				<Tabs.Content value="overview" className={styles.tab}>
					{migration === null ? null : <MigrationState migration={migration} />}
					{inspection === undefined ? (
						<p className={styles.muted}>Reading…</p>
					) : (
						<>
							<section>
								<h3>For and against cutting here</h3>
								<ul className={styles.reasons}>
									{inspection.reasons.map((reason) => (
										<li key={reason.text} className={reason.good ? styles.good : styles.bad}>
											<span aria-hidden="true">{reason.good ? "+" : "−"}</span>
											<span className="sr-only">{reason.good ? "For:" : "Against:"}</span>
											{reason.text}
										</li>
									))}
								</ul>
							</section>
							<NodeLinks
								title="Routes that reach it"
								kind="route"
								names={inspection.routes.map((route) => `${route.method} ${route.path}`)}
							/>
							<NodeLinks title="Calls" kind="function" names={inspection.callees} />
							<NodeLinks title="Called by" kind="function" names={inspection.callers} />
							<NodeLinks title="Reads" kind="table" names={inspection.reads} />
							<NodeLinks title="Writes" kind="table" names={inspection.writes} />
						</>
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
					<BlueprintTab name={name} />
				</Tabs.Content>
				<Tabs.Content value="code" className={styles.tab}>
					<CodeTab name={name} version={migration?.version ?? 0} />
				</Tabs.Content>
			</Tabs.Root>
			<IsolateFooter name={name} migration={migration} reached={inspection === undefined || inspection.routes.length > 0} />
		</div>
	);
}

function OtherInspector({ node, graph }: { node: GraphNode; graph: Graph }) {
	const from = (kind: string) => graph.edges.filter((edge) => edge.to === node.id && edge.kind === kind).map((edge) => edge.from);
	const to = (kind: string) => graph.edges.filter((edge) => edge.from === node.id && edge.kind === kind).map((edge) => edge.to);
	const table = node.kind === "table" ? graph.tables.find((one) => one.name === bareName(node.id)) : undefined;
	return (
		<div className={styles.inspector}>
			<header className={styles.head}>
				<h2>
					{node.kind === "module" ? null : <Shape kind={node.kind === "route" ? "route" : "table"} />}
					{node.name}
				</h2>
				<p>
					{node.kind}
					{node.file === "" ? "" : `, ${node.file}:${node.line}`}
				</p>
			</header>
			<div className={styles.tab}>
				{node.kind === "module" ? (
					<NodeLinks title="Functions" kind="function" names={graph.nodes.filter((one) => one.parent === node.id).map((one) => one.id)} />
				) : null}
				{node.kind === "module" ? <NodeLinks title="Imports" kind="module" names={to("import")} /> : null}
				{node.kind === "route" ? <NodeLinks title="Handled by" kind="function" names={to("route")} /> : null}
				{node.kind === "table" ? <NodeLinks title="Read by" kind="function" names={from("read")} /> : null}
				{node.kind === "table" ? <NodeLinks title="Written by" kind="function" names={from("write")} /> : null}
				{table === undefined || table.ddl === "" ? null : (
					<section>
						<h3>Definition</h3>
						<Source text={table.ddl} language="text" label={`Definition of ${table.name}`} />
					</section>
				)}
			</div>
		</div>
	);
}
