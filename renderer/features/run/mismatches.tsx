import { useMemo, useState } from "react";
import type { MismatchGroup } from "../../../core/contract/verdict.ts";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { Badge, count, plural, shortName, type Tone } from "../../ui/index.ts";
import { Example } from "./example.tsx";
import styles from "./mismatch.module.css";

const tones: Record<MismatchGroup["state"], Tone> = { open: "bad", healed: "good", refused: "warn" };
const none: readonly MismatchGroup[] = [];

/** Differences by cause, of one function or of the run; beside them one transaction of the chosen cause. */
export function Mismatches({ name }: { name: string | null }) {
	const app = useApp();
	const all = useEngine((state) => state.snapshot?.groups) ?? none;
	const chosen = useScreen((state) => state.details.run?.group ?? null);
	const [rowsOnly, setRowsOnly] = useState(false);
	const groups = useMemo(() => {
		const own = all.filter((group) => (name === null || group.function === name) && (!rowsOnly || group.rowsOnly));
		return own.toSorted((a, b) => Number(b.state === "open") - Number(a.state === "open") || b.count - a.count);
	}, [all, name, rowsOnly]);
	const group = groups.find((one) => one.id === chosen) ?? groups[0];
	const show = (id: string) => app.screen.getState().detail("run", { group: id, example: null });
	if (all.every((one) => name !== null && one.function !== name))
		return <p className={styles.none}>No difference was found{name === null ? "" : ` in ${shortName(name)}`} so far.</p>;
	return (
		<div className={styles.columns}>
			<div className={styles.side}>
				<div className={styles.filter}>
					<span role="status">{plural(groups.length, "cause")}</span>
					<label>
						<input type="checkbox" checked={rowsOnly} onChange={(event) => setRowsOnly(event.target.checked)} /> in rows only
					</label>
				</div>
				<ul className={styles.groups} aria-label="Mismatches by cause">
					{groups.map((one) => (
						<li key={one.id}>
							<button type="button" aria-current={one.id === group?.id ? "true" : undefined} onClick={() => show(one.id)}>
								<span className={styles.cause}>
									<strong>{one.cause}</strong>
									<b>{count(one.count)}</b>
								</span>
								<span className={styles.where}>
									{name === null ? `${shortName(one.function)} · ` : ""}
									{one.field}
									{one.where === null ? "" : ` · ${one.where}`}
								</span>
								<span className={styles.badges}>
									<Badge tone={tones[one.state]}>{one.state}</Badge>
									{one.rowsOnly ? <Badge tone="info">rows only</Badge> : null}
								</span>
							</button>
						</li>
					))}
				</ul>
			</div>
			{group === undefined ? null : <Example key={group.id} group={group} />}
		</div>
	);
}
