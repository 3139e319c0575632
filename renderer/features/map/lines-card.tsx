import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { EdgeEvidence } from "../../../core/contract/evidence.ts";
import type { Scene } from "../../adapters/map-scene.ts";
import { ask, perform } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Button, count, plural } from "../../ui/index.ts";
import { Shape } from "./legend.tsx";
import styles from "./lines-card.module.css";
import { useLook, useNote } from "./use-map.ts";

const verbs: Record<EdgeEvidence["edges"][number]["kind"], string> = {
	call: "calls",
	read: "reads",
	write: "writes",
	route: "answered by",
	import: "imports",
};

/** The lines of source that cause a line of the map. */
export function LinesCard({ scene }: { scene: Scene }) {
	const app = useApp();
	const { lines } = useLook();
	const note = useNote();
	const [answer, setAnswer] = useState<{ key: string; evidence: EdgeEvidence } | null>(null);
	const [from, to] = [lines?.from ?? null, lines?.to ?? null];
	const key = `${from}>${to}`;
	useEffect(() => {
		if (from === null && to === null) return;
		let isOver = false;
		void ask(app, (client) => client.map.evidence({ from, to })).then((evidence) => {
			if (evidence !== undefined && !isOver) setAnswer({ key, evidence });
		});
		return () => {
			isOver = true;
		};
	}, [app, from, to, key]);
	if (lines === null) return null;
	const labelOf = (id: string) => scene.nodes[scene.at.get(id) ?? -1]?.label ?? id.slice(id.indexOf(":") + 1);
	const title =
		from === null
			? `What leads into ${labelOf(to ?? "")}`
			: to === null
				? `What leads out of ${labelOf(from)}`
				: `${labelOf(from)} to ${labelOf(to)}`;
	const evidence = answer?.key === key ? answer.evidence : null;
	return (
		<section className={styles.lines} aria-label={`Lines of code: ${title}`}>
			<header>
				<h2>{title}</h2>
				<span className={styles.muted} role="status">
					{evidence === null ? "Reading" : plural(evidence.total, "connection")}
				</span>
				<Button
					look="quiet"
					icon={<X size={15} aria-hidden="true" />}
					aria-label="Close the lines of code"
					onClick={() => note({ lines: null })}
				/>
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.evidence} tabIndex={0} aria-label="Source">
				{evidence?.edges.map((edge) => (
					<article key={`${edge.kind} ${edge.from} ${edge.to}`}>
						<h3>
							<Jump id={edge.from} label={labelOf(edge.from)} scene={scene} onGo={(id) => void perform(app, "map.show", id)} />
							<span className={styles.muted}>{verbs[edge.kind]}</span>
							<Jump id={edge.to} label={labelOf(edge.to)} scene={scene} onGo={(id) => void perform(app, "map.show", id)} />
						</h3>
						{edge.lines.map(({ line, text }) => (
							<p key={line}>
								<span className={styles.place2}>
									{edge.file}:{line}
								</span>
								<code>{text}</code>
							</p>
						))}
					</article>
				))}
				{evidence !== null && evidence.edges.length < evidence.total ? (
					<p className={styles.muted}>{count(evidence.total - evidence.edges.length)} more; choose a smaller bubble to see them.</p>
				) : null}
				{evidence?.total === 0 ? <p className={styles.muted}>Nothing connects them.</p> : null}
			</section>
		</section>
	);
}

function Jump({ id, label, scene, onGo }: { id: string; label: string; scene: Scene; onGo(id: string): void }) {
	const shape = scene.nodes[scene.at.get(id) ?? -1]?.shape ?? "bubble";
	return (
		<button type="button" onClick={() => onGo(id)}>
			<Shape kind={shape} />
			{label}
		</button>
	);
}
