import { useEffect, useState } from "react";
import { Button, bareName, Dialog, shortName } from "../ui/index.ts";
import { ask } from "./commands/index.ts";
import { useApp, useProject } from "./context.tsx";
import styles from "./dialogs.module.css";
import { loadInspection } from "./questions.ts";

/** Says what moves and what stays before anything starts. */
export function IsolateDialog({ name, onClose }: { name: string; onClose(): void }) {
	const app = useApp();
	const inspection = useProject((state) => state.inspections[name]);
	const [policy, setPolicy] = useState<"demo" | "default">("demo");
	const [autoAccept, setAutoAccept] = useState(false);
	useEffect(() => void loadInspection(app, name), [app, name]);

	const tables = [...new Set([...(inspection?.reads ?? []), ...(inspection?.writes ?? [])])].map(bareName);
	const start = () => {
		onClose();
		void ask(app, (client) => client.run.start({ functions: [name], policy, autoAccept }));
	};
	const list = (items: string[], none: string) =>
		items.length === 0 ? (
			none
		) : (
			<ul className={styles.list}>
				{items.map((item) => (
					<li key={item}>
						<code>{item}</code>
					</li>
				))}
			</ul>
		);
	return (
		<Dialog
			title={`Isolate and modernize ${shortName(name)}?`}
			lead="Legacy keeps answering every client while the new service is compared with it. Traffic moves only when the evidence allows it."
			onClose={onClose}
			actions={
				<>
					<Button onClick={onClose}>Not now</Button>
					<Button look="primary" onClick={start}>
						Isolate and modernize
					</Button>
				</>
			}
		>
			<dl className={styles.facts}>
				<dt>These routes move</dt>
				<dd>
					{inspection === undefined
						? "…"
						: list(
								inspection.routes.map((route) => `${route.method} ${route.path}`),
								"none: no traffic could prove it",
							)}
				</dd>
				<dt>These tables are touched</dt>
				<dd>{inspection === undefined ? "…" : list(tables, "none")}</dd>
				<dt>Effort and risk</dt>
				<dd>{inspection === undefined ? "…" : `${inspection.effort} effort, ${inspection.risk} risk`}</dd>
			</dl>
			<fieldset className={styles.choice}>
				<legend>How much evidence</legend>
				<label className={styles.option}>
					<input type="radio" name="policy" checked={policy === "demo"} onChange={() => setPolicy("demo")} />
					<strong>Demo</strong>
					<span>Small thresholds, so that the whole way takes minutes. For showing, not for a bank.</span>
				</label>
				<label className={styles.option}>
					<input type="radio" name="policy" checked={policy === "default"} onChange={() => setPolicy("default")} />
					<strong>Default</strong>
					<span>At least a thousand clean requests before the first client sees an answer of the new service.</span>
				</label>
			</fieldset>
			<label className={styles.option}>
				<input type="checkbox" checked={autoAccept} onChange={(event) => setAutoAccept(event.target.checked)} />
				<strong>Accept patches automatically</strong>
				<span>A patch that passes the gate is applied without asking. Otherwise it waits for you under Patches.</span>
			</label>
		</Dialog>
	);
}
