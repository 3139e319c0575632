import type { PatchInfo } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { clock, count, duration, plural } from "../../ui/index.ts";
import styles from "./panels.module.css";

const SHOWN = 12;

/** Where the patch comes from and what became of it: enough for a stranger to check it. */
export function Provenance({ patch }: { patch: PatchInfo }) {
	const { provenance, decision } = patch;
	const { failing, code } = provenance;
	return (
		<section className={styles.panel} aria-label="Provenance">
			<h3>Provenance</h3>
			<dl className={styles.facts}>
				<div>
					<dt>Found by</dt>
					<dd>Deterministic search, no model, no cost</dd>
				</div>
				<div>
					<dt>Tried</dt>
					<dd>
						{plural(patch.candidates, "candidate")} in {duration(patch.ms)}
						{provenance.at === 0 ? "" : `, at ${clock(provenance.at).slice(0, 8)}`}
					</dd>
				</div>
				<div>
					<dt>Cause</dt>
					<dd>{patch.cause}</dd>
				</div>
				<div>
					<dt>Versions</dt>
					<dd>
						{patch.from} → {patch.to}
						{patch.revertedTo === undefined ? "" : ` → ${patch.revertedTo} (reverted)`}
					</dd>
				</div>
				<div>
					<dt>Decided</dt>
					<dd>
						{decision === null
							? "not yet"
							: `${decidedWords(patch)} by ${decision.by === "policy" ? "the policy" : "the architect"} at ${clock(decision.at).slice(0, 8)}`}
					</dd>
				</div>
				<Hash name="Blueprint" value={provenance.blueprint} />
				<Hash name="Code before" value={code.before} />
				<Hash name="Code after" value={code.after} />
			</dl>
			<h4>
				{plural(failing.length, "failing case")}
				<span> by request number</span>
			</h4>
			<div className={styles.cases}>
				{failing.slice(0, SHOWN).map((seq) => (
					<CaseLink key={seq} seq={seq} />
				))}
				{failing.length > SHOWN ? <span className={styles.muted}>and {count(failing.length - SHOWN)} more</span> : null}
			</div>
		</section>
	);
}

function decidedWords({ decision, hunks }: PatchInfo): string {
	if (decision === null) return "";
	if (!decision.accepted) return "refused";
	return decision.hunks.length === hunks.length ? "accepted" : `${decision.hunks.length} of ${hunks.length} places accepted`;
}

export function CaseLink({ seq }: { seq: number }) {
	return (
		<CommandButton id="patch.case" argument={String(seq)} look="quiet" className={styles.caseLink ?? ""}>
			<span className="sr-only">Show request </span>
			{seq}
		</CommandButton>
	);
}

function Hash({ name, value }: { name: string; value: string }) {
	if (value === "") return null;
	return (
		<div>
			<dt>{name}</dt>
			<dd>
				<code title={value}>{value.slice(0, 12)}</code>
			</dd>
		</div>
	);
}
