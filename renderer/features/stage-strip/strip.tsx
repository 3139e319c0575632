import { Check, CircleDashed, OctagonX, Pause, Play } from "lucide-react";
import type { Migration } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { perform } from "../../app/commands/index.ts";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { ContextMenu } from "../../app/context-menu.tsx";
import { shortName } from "../../ui/index.ts";
import { figureOf, type StepState, stageTone, stageWord, stepsOf } from "./stages.ts";
import styles from "./strip.module.css";

/** More than these stand close, in rows, without the figure. */
const ROOMY = 4;

/** All migrations under the header; a press shows the function on the map. */
export function StageStrip() {
	const migrations = useEngine((state) => state.snapshot?.migrations ?? null);
	const isPaused = useEngine((state) => state.snapshot?.run?.state === "paused");
	if (migrations === null || migrations.length === 0) return null;
	const isClose = migrations.length > ROOMY;
	return (
		<section className={styles.strip} aria-label="Migrations">
			<ul className={isClose ? styles.close : styles.roomy} tabIndex={isClose ? 0 : undefined} aria-label="Functions of the run">
				{migrations.map((migration) => (
					<Item key={migration.function} migration={migration} isClose={isClose} />
				))}
			</ul>
			<div className={styles.controls}>
				<CommandButton
					id={isPaused ? "run.resume" : "run.pause"}
					look="quiet"
					iconOnly
					icon={isPaused ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
				/>
			</div>
		</section>
	);
}

function Item({ migration, isClose }: { migration: Migration; isClose: boolean }) {
	const app = useApp();
	const node = `function:${migration.function}`;
	const isShown = useScreen((state) => state.selected === node && state.place === "map");
	const name = shortName(migration.function);
	return (
		<li>
			<ContextMenu
				label={name}
				argument={migration.function}
				items={[
					{ id: "map.show", argument: node },
					"run.show",
					"separator",
					migration.paused ? "function.resume" : "function.pause",
					"function.cancel",
				]}
			>
				<button
					type="button"
					className={styles.item}
					aria-current={isShown ? "true" : undefined}
					title={migration.reason === "" ? undefined : migration.reason}
					onClick={() => void perform(app, "map.show", node)}
				>
					<span className={styles.head}>
						<strong>{name}</strong>
						<span className={styles[stageTone(migration)]}>{stageWord(migration)}</span>
						{isClose ? null : <span className={styles.figure}>{figureOf(migration)}</span>}
					</span>
					<Track migration={migration} />
				</button>
			</ContextMenu>
		</li>
	);
}

/** The way as a line of segments; its words are read to those who cannot see it. */
export function Track({ migration }: { migration: Migration }) {
	const steps = stepsOf(migration);
	return (
		<span className={styles.track}>
			<span className="sr-only">{steps.map(({ name, state }) => `${name} ${state}`).join(", ")}</span>
			{steps.map(({ name, state }) => (
				<i key={name} className={styles[state]} aria-hidden="true" title={name} />
			))}
		</span>
	);
}

export function StepIcon({ state }: { state: StepState }) {
	switch (state) {
		case "done":
			return <Check size={14} aria-hidden="true" />;
		case "stopped":
			return <OctagonX size={14} aria-hidden="true" />;
		case "now":
		case "ahead":
			return <CircleDashed size={14} aria-hidden="true" />;
	}
}
