import { CircleCheck, CircleDot, Pause, Play, X } from "lucide-react";
import type { Migration } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { Badge, boundWords, count, plural, shortName } from "../../ui/index.ts";
import { nowOf, StepIcon, stageTone, stageWord, stepsOf } from "../stage-strip/index.ts";
import styles from "./run.module.css";

/** One function on its way: steps, evidence, weight, and what still stands between it and the next step. */
export function MigrationCard({ migration, alpha }: { migration: Migration; alpha: number | null }) {
	const { evidence, canary, gates } = migration;
	const over = ["promoted", "refused", "cancelled"].includes(migration.stage);
	const now = nowOf(migration);
	const closed = gates.filter((gate) => !gate.open);
	return (
		<article className={styles.card} aria-label={shortName(migration.function)}>
			<header>
				<h2>{shortName(migration.function)}</h2>
				{over ? null : (
					<>
						{migration.paused ? (
							<CommandButton
								id="run.resume"
								argument={migration.function}
								look="quiet"
								iconOnly
								icon={<Play size={15} aria-hidden="true" />}
							/>
						) : (
							<CommandButton
								id="run.pause"
								argument={migration.function}
								look="quiet"
								iconOnly
								icon={<Pause size={15} aria-hidden="true" />}
							/>
						)}
						<CommandButton id="run.cancel" argument={migration.function} look="quiet" iconOnly icon={<X size={15} aria-hidden="true" />} />
					</>
				)}
			</header>
			<p className={styles.badges}>
				<Badge tone={stageTone(migration)}>{stageWord(migration)}</Badge>
				{migration.version > 0 ? <Badge>v{migration.version}</Badge> : null}
				<span className={styles.routes}>{migration.routes.join(", ")}</span>
			</p>
			{over ? null : (
				<ol className={styles.steps}>
					{stepsOf(migration).map(({ name, state }) => (
						<li key={name} className={styles[state]}>
							<StepIcon state={state} />
							{name}
							<span className="sr-only"> {state}</span>
						</li>
					))}
				</ol>
			)}
			{now === "" ? null : <p className={styles.now}>{now}</p>}
			{canary === null ? null : <Weight weight={canary.weight} />}
			<dl className={styles.evidence}>
				<div>
					<dt>Clean</dt>
					<dd>{count(evidence.clean)}</dd>
				</div>
				<div>
					<dt>Mismatched</dt>
					<dd className={evidence.mismatched > 0 ? styles.bad : ""}>{count(evidence.mismatched)}</dd>
				</div>
				<div>
					<dt>Failed</dt>
					<dd className={evidence.failed > 0 ? styles.bad : ""}>{count(evidence.failed)}</dd>
				</div>
				<div>
					<dt>Still needed</dt>
					<dd>{evidence.needed === null ? "new version" : count(evidence.needed)}</dd>
				</div>
			</dl>
			<p className={styles.bound}>{boundWords(evidence.bound, alpha)}</p>
			{gates.length === 0 ? null : (
				<details className={styles.gates} open={closed.length > 0}>
					<summary>{closed.length === 0 ? "Every gate is open" : `Why not further: ${plural(closed.length, "gate")} closed`}</summary>
					<ul>
						{gates.map((gate) => (
							<li key={gate.name} className={gate.open ? styles.open : styles.closed}>
								{gate.open ? <CircleCheck size={15} aria-hidden="true" /> : <CircleDot size={15} aria-hidden="true" />}
								<span>{gate.name}</span>
								<b>{gate.value}</b>
								<span>{gate.limit}</span>
								<span className="sr-only">{gate.open ? "open" : "closed"}</span>
							</li>
						))}
					</ul>
				</details>
			)}
		</article>
	);
}

const marks = [1, 5, 10, 50, 100];

/** The share of clients on the new service. The scale is by the root, so that the first steps can be seen. */
function Weight({ weight }: { weight: number }) {
	const at = (percent: number) => `${Math.sqrt(percent) * 10}%`;
	return (
		// biome-ignore lint/a11y/useSemanticElements: the scale is not linear, which the element cannot draw
		<div
			className={styles.weight}
			role="meter"
			aria-label="Share of clients on the new service"
			aria-valuemin={0}
			aria-valuemax={100}
			aria-valuenow={weight}
			aria-valuetext={`${weight} percent`}
		>
			<div className={styles.bar}>
				<i style={{ width: at(weight) }} />
			</div>
			{marks.map((mark) => (
				<span key={mark} className={mark === weight ? styles.here : ""} style={{ left: at(mark) }} aria-hidden="true">
					{mark}
				</span>
			))}
		</div>
	);
}
