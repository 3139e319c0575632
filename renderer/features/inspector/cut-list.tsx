import { ChevronDown } from "lucide-react";
import { useEffect, useState } from "react";
import { perform } from "../../app/commands/index.ts";
import { useApp, useProject } from "../../app/context.tsx";
import { loadCuts } from "../../app/questions.ts";
import { shortName } from "../../ui/index.ts";
import { isolationOf, Shape } from "../map/index.ts";
import styles from "./inspector.module.css";
import { IsolationExplained } from "./numbers.tsx";

/** Handlers, best first cut first. Each number opens to say how it comes about. */
export function CutList({ within, most }: { within: string; most: number }) {
	const app = useApp();
	const cuts = useProject((state) => state.cuts[within]);
	const [open, setOpen] = useState<string | null>(null);
	useEffect(() => void loadCuts(app, within), [app, within]);
	if (cuts === undefined) return <p className={styles.muted}>Ranking…</p>;
	if (cuts.length === 0) return <p className={styles.muted}>No route begins here, so nothing here can be cut by itself.</p>;
	return (
		<ol className={styles.cuts}>
			{cuts.slice(0, most).map((cut) => {
				const shown = open === cut.function;
				return (
					<li key={cut.function}>
						<button type="button" className={styles.cut} onClick={() => void perform(app, "map.show", `function:${cut.function}`)}>
							<Shape kind={isolationOf(cut.isolation)} />
							<span>
								<strong>{shortName(cut.function)}</strong>
								<small>{cut.routes.join(", ")}</small>
							</span>
						</button>
						<button
							type="button"
							className={styles.score}
							aria-expanded={shown}
							aria-label={`Score ${cut.score.toFixed(2)} of ${shortName(cut.function)}, explained`}
							onClick={() => setOpen(shown ? null : cut.function)}
						>
							{cut.score.toFixed(2)}
							<ChevronDown size={14} aria-hidden="true" />
						</button>
						{shown ? (
							<div className={styles.cutExplained}>
								<p>
									{cut.isolation.toFixed(2)} isolation × {(1 + Math.min(cut.complexity, 30) / 30).toFixed(2)} for its complexity of{" "}
									{cut.complexity}: among equally isolated ones the one with more logic first.
								</p>
								<IsolationExplained value={cut.isolation} terms={cut.terms} />
							</div>
						) : null}
					</li>
				);
			})}
		</ol>
	);
}
