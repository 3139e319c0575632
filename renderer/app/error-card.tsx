import { useState } from "react";
import type { FaultCode, FaultData } from "../../core/base/index.ts";
import type { CommandId } from "../../core/contract/commands.ts";
import { Button } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import styles from "./error-card.module.css";
import { detailsOf } from "./trouble.ts";

/** What helps against a fault, where it is one command of the screen. */
const remedies: Partial<Record<FaultCode, CommandId>> = {
	SOURCE_MISSING: "project.chooseFolder",
	SOURCE_UNREADABLE: "project.chooseFolder",
	FUNCTION_UNKNOWN: "go.map",
	FUNCTION_UNREACHED: "go.map",
	DATABASE_LOCKED: "run.resume",
	DATABASE_WITHOUT_LOG: "system.switchLog",
	JOURNAL_FULL: "run.resume",
	JOURNAL_BROKEN: "go.evidence",
	GATEWAY_LOST: "go.runtime",
	SERVICE_FAILED: "go.runtime",
	EVIDENCE_SHORT: "go.run",
	CORE_ABSENT: "window.retry",
};

/** The one look of every failure: what happened, what is safe now, what to do, and the way to do it. */
export function ErrorCard({ fault, onDismiss }: { fault: FaultData; onDismiss?(): void }) {
	const [copied, setCopied] = useState(false);
	const copy = () => void navigator.clipboard?.writeText(detailsOf(fault)).then(() => setCopied(true));
	const remedy = remedies[fault.code as FaultCode];
	return (
		<section className={styles.card} aria-label={`Error ${fault.code}`}>
			<h2>{fault.what}</h2>
			<dl>
				<dt>Safe now</dt>
				<dd>{fault.safe}</dd>
				<dt>To do</dt>
				<dd>{fault.todo}</dd>
			</dl>
			<div className={styles.actions}>
				<code>{fault.code}</code>
				<Button look="quiet" onClick={copy}>
					{copied ? "Copied" : "Copy details"}
				</Button>
				{remedy === undefined ? null : <CommandButton id={remedy} />}
				{onDismiss === undefined ? null : <Button onClick={onDismiss}>Close</Button>}
			</div>
		</section>
	);
}
