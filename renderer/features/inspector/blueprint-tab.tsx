import { useEffect } from "react";
import type { Span } from "../../../core/contract/ir.ts";
import { sitesOf } from "../../../core/contract/sites.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp, useProject } from "../../app/context.tsx";
import { loadBlueprint } from "../../app/questions.ts";
import { Badge, plural, shortName } from "../../ui/index.ts";
import styles from "./inspector.module.css";

/** The blueprint as an architect reads it: rules and drift sites with their lines. */
export function BlueprintTab({ name }: { name: string }) {
	const app = useApp();
	const blueprint = useProject((state) => state.blueprints[name]);
	useEffect(() => void loadBlueprint(app, name), [app, name]);
	if (blueprint === undefined) return <p className={styles.muted}>Drawing the blueprint…</p>;
	const sites = sitesOf(blueprint);
	return (
		<>
			<section className={styles.badges}>
				<Badge>{plural(blueprint.functions.length, "function")}</Badge>
				<Badge>{plural(blueprint.statements.length, "SQL statement")}</Badge>
				<Badge tone={blueprint.interface.readOnly ? "good" : "info"}>
					{blueprint.interface.readOnly ? "changes no row" : "changes rows"}
				</Badge>
				<Badge>answers {blueprint.interface.response.format.toUpperCase()}</Badge>
			</section>
			{blueprint.unsupported.length === 0 ? null : (
				<section>
					<h3>Cannot be translated exactly</h3>
					<ul className={styles.rules}>
						{blueprint.unsupported.map((one) => (
							<li key={`${one.function}${one.span.line}${one.construct}`}>
								<Where unit={name} span={one.span} />
								{one.construct}. {one.remedy}
							</li>
						))}
					</ul>
				</section>
			)}
			<section>
				<h3>
					Rules <span className={styles.muted}>{blueprint.rules.length}</span>
				</h3>
				<ul className={styles.rules}>
					{blueprint.rules.map((rule) => (
						<li key={rule.id}>
							<Where unit={name} span={rule.span} />
							<Badge>{rule.kind}</Badge> {rule.text}
						</li>
					))}
				</ul>
			</section>
			<section>
				<h3>
					Where the usual spelling would drift <span className={styles.muted}>{sites.length}</span>
				</h3>
				<ul className={styles.rules}>
					{sites.map((site) => (
						<li key={site.expr}>
							<Where unit={name} span={site.span} />
							<Badge tone="warn">{site.cause}</Badge> Legacy {site.legacy}; the usual TypeScript {site.idiom}.
							<span className={styles.muted}> In {shortName(site.function)}.</span>
						</li>
					))}
				</ul>
			</section>
			<p className={styles.hash}>Blueprint {blueprint.hash}</p>
		</>
	);
}

/** A line that opens beside blueprint and code. */
function Where({ unit, span }: { unit: string; span: Span }) {
	const app = useApp();
	return (
		<button
			type="button"
			className={styles.jump}
			onClick={() => void perform(app, "function.workbench", `${unit} ${span.file}:${span.line}`)}
		>
			{span.file}:{span.line}
		</button>
	);
}
