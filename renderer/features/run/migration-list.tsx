import { Pause, Play, RotateCw, X } from "lucide-react";
import type { Migration, Policy } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { perform } from "../../app/commands/index.ts";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { ContextMenu } from "../../app/context-menu.tsx";
import { Badge, count, percentAtMost, plural, shortName } from "../../ui/index.ts";
import { figureOf, stageTone, stageWord, Track } from "../stage-strip/index.ts";
import styles from "./list.module.css";

const none: readonly Migration[] = [];

/** Every function of the run in one row, and before them the run itself. The chosen one stands beside. */
export function MigrationList() {
	const app = useApp();
	const migrations = useEngine((state) => state.snapshot?.migrations) ?? none;
	const policy = useEngine((state) => state.snapshot?.run?.policy ?? null);
	const chosen = useScreen((state) => state.details.run?.function ?? null);
	const open = useEngine((state) => state.snapshot?.groups.filter((group) => group.state === "open").length ?? 0);
	const promoted = migrations.filter((one) => one.stage === "promoted").length;
	const show = (name: string) => void perform(app, "run.show", name);
	return (
		<nav className={styles.list} aria-label="Functions on their way">
			<ul>
				<li className={styles.all}>
					<button type="button" aria-current={chosen === null ? "true" : undefined} onClick={() => show("")}>
						<span className={styles.head}>
							<strong>Whole run</strong>
							{open > 0 ? <Badge tone="bad">{plural(open, "open cause")}</Badge> : null}
						</span>
						<span className={styles.line}>
							{promoted} of {plural(migrations.length, "function")} promoted
						</span>
					</button>
				</li>
				{migrations.map((migration) => (
					<Row
						key={migration.function}
						migration={migration}
						policy={policy}
						isChosen={chosen === migration.function}
						show={() => show(migration.function)}
					/>
				))}
			</ul>
		</nav>
	);
}

type RowProps = { migration: Migration; policy: Policy | null; isChosen: boolean; show(): void };

function Row({ migration, policy, isChosen, show }: RowProps) {
	const { function: name, canary, evidence, openFailures, version } = migration;
	const moves = !["promoted", "refused", "cancelled"].includes(migration.stage);
	// The bound stands above, and what heals tells its failures itself.
	const figure = migration.stage === "promoted" ? plural(evidence.clean, "clean request") : figureOf(migration);
	return (
		<ContextMenu
			label={shortName(name)}
			argument={name}
			items={[
				"run.show",
				{ id: "map.show", argument: `function:${name}` },
				"separator",
				migration.paused ? "function.resume" : "function.pause",
				"function.retry",
				"function.cancel",
				"separator",
				"report.html",
				"report.pdf",
			]}
		>
			<li className={styles.item}>
				<button type="button" aria-current={isChosen ? "true" : undefined} onClick={show}>
					<span className={styles.head}>
						<strong>{shortName(name)}</strong>
						<Badge tone={stageTone(migration)}>{stageWord(migration)}</Badge>
					</span>
					<Track migration={migration} />
					<Bound migration={migration} limit={policy?.shadow.maxMismatchRate ?? null} />
					<span className={styles.line}>
						{[
							version > 0 ? `v${version}` : "",
							figure,
							evidence.needed !== null && evidence.needed > 0 ? `${count(evidence.needed)} more needed` : "",
							canary === null ? "" : `weight ${canary.weight} %`,
							openFailures > 0 && migration.stage !== "healing" ? plural(openFailures, "open mismatch", "open mismatches") : "",
						]
							.filter(Boolean)
							.join(" · ")}
					</span>
				</button>
				{moves ? <Actions migration={migration} /> : null}
			</li>
		</ContextMenu>
	);
}

function Actions({ migration: { function: name, paused, stage } }: { migration: Migration }) {
	const icon = { size: 14, "aria-hidden": true } as const;
	return (
		<span className={styles.actions}>
			{stage === "held" ? <CommandButton id="function.retry" argument={name} look="quiet" iconOnly icon={<RotateCw {...icon} />} /> : null}
			{paused ? (
				<CommandButton id="function.resume" argument={name} look="quiet" iconOnly icon={<Play {...icon} />} />
			) : (
				<CommandButton id="function.pause" argument={name} look="quiet" iconOnly icon={<Pause {...icon} />} />
			)}
			<CommandButton id="function.cancel" argument={name} look="quiet" iconOnly icon={<X {...icon} />} />
		</span>
	);
}

/** The bound on a logarithmic scale from 100 % to a tenth of the limit: full is better, and the mark is the policy's limit. */
export function Bound({ migration, limit }: { migration: Migration; limit: number | null }) {
	const { bound } = migration.evidence;
	const lowest = (limit ?? 0.01) / 10;
	const at = (share: number) => Math.min(100, Math.max(0, (100 * Math.log(share)) / Math.log(lowest)));
	const met = limit !== null && bound <= limit;
	return (
		<span className={styles.bound}>
			<span className={styles.bar} aria-hidden="true">
				<i className={met ? styles.met : ""} style={{ width: `${at(bound)}%` }} />
				{limit === null ? null : <b style={{ left: `${at(limit)}%` }} />}
			</span>
			<span>{bound >= 1 ? "no evidence" : `≤ ${percentAtMost(bound)}`}</span>
		</span>
	);
}
