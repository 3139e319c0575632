import { useMemo } from "react";
import type { Snapshot } from "../../../core/contract/api.ts";
import type { Migration, PatchInfo } from "../../../core/contract/run.ts";
import { boundWords, count, languageOf, markedLine, plural, shortName } from "../../ui/index.ts";
import styles from "./chapters.module.css";
import { type Line, LiveChart } from "./live-chart.tsx";
import { Figure, Figures } from "./parts.tsx";
import { driftOf, tellingDifference } from "./subject.ts";

/** The drift with its cause, and the patch that answers it. */
export function RemediationChapter({ snapshot, subject }: { snapshot: Snapshot; subject: string | null }) {
	const { migrations, patches, run } = snapshot;
	const group = driftOf(snapshot);
	const difference = group === null ? null : tellingDifference(group);
	const migration = migrations.find(({ function: name }) => name === subject) ?? null;
	const applied = patches.filter(({ state }) => state === "applied");
	const patch = patches.findLast(({ function: name, state }) => name === subject && (state === "applied" || state === "proposed")) ?? null;
	const { traffic } = snapshot;
	const lines = useMemo(
		(): Line[] => [
			{ label: "Compared", colour: "modern", values: traffic.map(({ compared }) => compared), dashed: true },
			{ label: "Different", colour: "bad-mark", values: traffic.map(({ mismatched }) => mismatched) },
		],
		[traffic],
	);
	const share = migration === null ? null : shareOf(migration);
	return (
		<div className={styles.chapter}>
			<Figures label="Remediation">
				<Figure name="consistent" value={share === null ? "none yet" : share} tone={share === "100 %" ? "good" : "plain"} />
				<Figure name="clean requests" value={count(migration?.evidence.clean ?? 0)} tone="modern" />
				<Figure name="patches applied" value={count(applied.length)} tone={applied.length > 0 ? "good" : "plain"} />
				<Figure
					name="client errors"
					value={count(snapshot.totals.clientErrors)}
					tone={snapshot.totals.clientErrors === 0 ? "good" : "bad"}
				/>
			</Figures>
			{migration === null ? null : (
				<p className={styles.bound}>
					{shortName(migration.function)}, version {migration.version}: {boundWords(migration.evidence.bound, run?.policy.alpha ?? null)}
				</p>
			)}
			{group === null || difference === null ? (
				<section className={styles.calm}>
					<h2>No difference was found</h2>
					<p>Every compared request gave the same answer and changed the same rows.</p>
				</section>
			) : (
				<section className={styles.drift} aria-label="Drift">
					<div>
						<span>Legacy</span>
						<strong className={styles.legacy}>{difference.legacy}</strong>
					</div>
					<div>
						<span>Modern</span>
						<strong className={group.state === "healed" ? styles.muted : styles.bad}>{difference.modern}</strong>
					</div>
					<p>
						<b>{group.cause}</b> in <code>{difference.field}</code>
						{group.where === null ? ", the place is being searched" : null}
						{group.where === null ? null : (
							<>
								{" "}
								from <code>{group.where}</code>
							</>
						)}
						, {plural(group.count, "request")} {group.state === "healed" ? "answered by a patch" : "so far"}.
					</p>
				</section>
			)}
			{patch === null ? <p className={styles.waiting}>{migration?.reason}</p> : <PatchCard patch={patch} where={group?.where ?? null} />}
			<div className={styles.roomy}>
				<LiveChart title="A second" lines={lines} />
			</div>
		</div>
	);
}

function shareOf({ evidence: { clean, mismatched, failed } }: Migration): string | null {
	const all = clean + mismatched + failed;
	if (all === 0) return null;
	// Never rounded up: 100 % means every single one.
	return clean === all ? "100 %" : `${(Math.floor((clean / all) * 1_000) / 10).toFixed(1)} %`;
}

const SHOWN_LINES = 3;

function PatchCard({ patch, where }: { patch: PatchInfo; where: string | null }) {
	const changed = changeOf(patch, where);
	return (
		<section className={styles.patch} aria-label="Patch">
			<header>
				<h2>
					Patch for version {patch.to}: {patch.state}
				</h2>
				<p>
					{count(patch.gate.failing.passed)} of {count(patch.gate.failing.total)} failing and {count(patch.gate.clean.passed)} of{" "}
					{count(patch.gate.clean.total)} clean requests pass
				</p>
			</header>
			{changed === null ? null : (
				<ol>
					{changed.before.map((line) => (
						<li key={`before ${line}`} className={styles.gone}>
							<span aria-hidden="true">−</span>
							<span className="sr-only">before: </span>
							<code>{markedLine(line, languageOf(changed.path))}</code>
						</li>
					))}
					{changed.after.map((line) => (
						<li key={`after ${line}`} className={styles.came}>
							<span aria-hidden="true">+</span>
							<span className="sr-only">after: </span>
							<code>{markedLine(line, languageOf(changed.path))}</code>
						</li>
					))}
				</ol>
			)}
		</section>
	);
}

/** The first place that the patch changes, without what stays the same around it. */
function changeOf({ hunks }: PatchInfo, where: string | null): { path: string; before: string[]; after: string[] } | null {
	// What answers the told difference comes first.
	const told = hunks.filter(({ site }) => `${site.span.file}:${site.span.line}` === where);
	for (const { file, text } of [...told, ...hunks]) {
		const onlyIn = (lines: string[], other: string[]) =>
			lines
				.filter((line) => !other.includes(line))
				.slice(0, SHOWN_LINES)
				.map((line) => line.trim());
		const change = { path: file, before: onlyIn(text.before, text.after), after: onlyIn(text.after, text.before) };
		if (change.before.length + change.after.length > 0) return change;
	}
	return null;
}
