import { Button, Dialog, plural } from "../ui/index.ts";
import { useEngine } from "./context.tsx";
import styles from "./dialogs.module.css";
import { ErrorCard } from "./error-card.tsx";
import { detailsOf } from "./trouble.ts";

/** The newest failures that the core has told, also those whose cards were closed. All of them stay in the journal. */
export function ProblemsDialog({ onClose }: { onClose(): void }) {
	const alerts = useEngine((state) => state.snapshot?.alerts ?? null) ?? [];
	return (
		<Dialog
			title={alerts.length === 0 ? "No warnings" : plural(alerts.length, "warning")}
			lead="The newest last. Every one of them stays in the journal."
			onClose={onClose}
			wide
			actions={<Button onClick={onClose}>Close</Button>}
		>
			<div className={styles.cards}>
				{alerts.map((alert) => (
					<ErrorCard key={detailsOf(alert)} fault={alert} />
				))}
			</div>
		</Dialog>
	);
}
