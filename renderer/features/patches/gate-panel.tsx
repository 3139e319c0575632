import type { GateResult, PatchInfo } from "../../../core/contract/run.ts";
import type { ReviewDraft } from "../../state/index.ts";
import { clock, count, duration } from "../../ui/index.ts";
import styles from "./panels.module.css";
import { CaseLink } from "./provenance.tsx";

/** What was run again, and how it came out: for the hunks that are marked when they were tried, else for the whole patch. */
export function GatePanel({ patch, trial }: { patch: PatchInfo; trial: ReviewDraft["trial"] }) {
	const tried: GateResult | null = (patch.state === "proposed" ? trial?.gate : patch.decision?.gate) ?? null;
	const { failing, clean, rows } = tried ?? patch.gate;
	const places = tried === null ? patch.hunks.length : tried.hunks.length;
	return (
		<section className={styles.panel} aria-label="Gate">
			<h3>Gate</h3>
			<p className={styles.muted}>
				{places} of {patch.hunks.length} places exact
				{tried === null ? ", when it was proposed" : `, run again at ${clock(tried.at).slice(0, 8)} in ${duration(tried.ms)}`}
			</p>
			<dl className={styles.gate}>
				<Line name="Failing cases that agree" {...failing} />
				<Line name="Clean cases still clean" {...clean} />
				{rows === undefined ? null : <Line name="Row changes that agree" {...rows} />}
			</dl>
			{tried?.broken ? (
				<p className={styles.bad}>
					Request {tried.broken.seq} was clean and would differ in {tried.broken.differences[0]?.field ?? "its answer"}: legacy{" "}
					<code>{tried.broken.differences[0]?.legacy}</code>, modern <code>{tried.broken.differences[0]?.modern}</code>.{" "}
					<CaseLink seq={tried.broken.seq} />
				</p>
			) : null}
		</section>
	);
}

function Line({ name, passed, total }: { name: string; passed: number; total: number }) {
	const isWhole = passed === total;
	return (
		<div>
			<dt>{name}</dt>
			<dd className={isWhole ? styles.good : styles.bad}>
				{count(passed)} <span>of {count(total)}</span>
			</dd>
			<i aria-hidden="true">
				<b style={{ width: `${total === 0 ? 0 : (passed / total) * 100}%` }} className={isWhole ? styles.full : styles.part} />
			</i>
		</div>
	);
}
