import { useEffect, useRef, useState } from "react";
import type { Decider, Decision } from "../../../core/contract/history.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { Button, clock, plural, shortName } from "../../ui/index.ts";
import { useHistory } from "./asked.ts";
import styles from "./history.module.css";

const kinds: readonly { name: string; of: readonly Decision["kind"][] }[] = [
	{ name: "All", of: [] },
	{ name: "Stages", of: ["stage", "canary", "pause", "run"] },
	{ name: "Guards", of: ["guard", "panic", "trouble"] },
	{ name: "Patches", of: ["patch", "version"] },
	{ name: "Routing", of: ["routing"] },
];
/** More than one reads here; the rest is asked for in the evidence. */
const SHOWN = 600;
const who: Record<Decider, string> = { architect: "Architect", policy: "Policy", guard: "Guard", engine: "Engine" };

/** Every decision with its reason and who took it, newest last, from the journal. */
export function History({ name }: { name: string | null }) {
	const decisions = useHistory(name);
	const [kind, setKind] = useState(kinds[0]);
	const end = useRef<HTMLOListElement>(null);
	const all = (decisions ?? []).filter((one) => kind === undefined || kind.of.length === 0 || kind.of.includes(one.kind));
	const shown = all.slice(-SHOWN);
	// The newest is the end of the list; whoever has scrolled up is left alone.
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new decision is the occasion
	useEffect(() => {
		const element = end.current;
		if (element === null) return;
		const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
		if (rest < 400 || element.scrollTop === 0) element.scrollTop = element.scrollHeight;
	}, [shown.length]);
	return (
		<div className={styles.box}>
			<div className={styles.filter}>
				{/* biome-ignore lint/a11y/useSemanticElements: a toolbar of toggles */}
				<div role="group" aria-label="Which decisions">
					{kinds.map((one) => (
						<Button key={one.name} look="quiet" aria-pressed={one.name === kind?.name} onClick={() => setKind(one)}>
							{one.name}
						</Button>
					))}
				</div>
				<span role="status">
					{decisions === null
						? "One moment."
						: all.length > SHOWN
							? `the last ${SHOWN} of ${plural(all.length, "decision")}`
							: plural(all.length, "decision")}
				</span>
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<ol ref={end} className={styles.list} tabIndex={0} aria-label="Decisions, oldest first">
				{shown.map((decision) => (
					<Line key={decision.seq} decision={decision} withName={name === null} />
				))}
			</ol>
		</div>
	);
}

export function Line({ decision, withName }: { decision: Decision; withName: boolean }) {
	const { at, what, reason, figures, level, seq } = decision;
	return (
		<li className={styles[level]}>
			<time>{clock(at).slice(0, 8)}</time>
			<i aria-hidden="true" />
			<div>
				<p>
					{withName && decision.function !== null ? <b>{shortName(decision.function)} </b> : null}
					<strong>{what}</strong>
				</p>
				{reason === "" ? null : <p className={styles.reason}>{reason}</p>}
				{figures.length === 0 ? null : (
					<ul className={styles.figures}>
						{figures.map((figure) => (
							<li key={figure.name} className={figure.open ? "" : styles.broken}>
								{figure.name} <b>{figure.value}</b>
								{figure.limit === "" ? "" : ` (${figure.limit})`}
							</li>
						))}
					</ul>
				)}
			</div>
			<span className={styles.who}>{who[decision.who]}</span>
			<CommandButton id="evidence.entry" argument={String(seq)} look="quiet" className={styles.entry}>
				#{seq}
			</CommandButton>
		</li>
	);
}
