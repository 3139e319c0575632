import { Undo2 } from "lucide-react";
import { Button, clock, Dialog } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useEngine, useUndo } from "./context.tsx";
import styles from "./dialogs.module.css";

/** The undo stack, newest first: what can still be taken back, and why the rest cannot. */
export function HistoryDialog({ onClose }: { onClose(): void }) {
	const past = useUndo((state) => state.past);
	// What blocks a step changes with the engine.
	useEngine((state) => state.snapshot);
	return (
		<Dialog
			title="What can be undone"
			lead="The steps of this window, newest first. The journal keeps every decision, also those that are taken back."
			onClose={onClose}
			actions={<Button onClick={onClose}>Close</Button>}
		>
			{past.length === 0 ? <p>Nothing yet.</p> : null}
			<ol className={styles.steps} aria-label="Steps">
				{past.toReversed().map((entry) => (
					<li key={entry.id}>
						<time>{clock(entry.at).slice(0, 8)}</time>
						<span>
							{entry.name}
							<small>{entry.blocked?.() ?? ""}</small>
						</span>
						<CommandButton id="edit.undo" argument={String(entry.id)} icon={<Undo2 size={15} aria-hidden="true" />}>
							Undo
						</CommandButton>
					</li>
				))}
			</ol>
		</Dialog>
	);
}
