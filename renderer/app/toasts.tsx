import { Undo2, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Toast } from "../state/index.ts";
import { Button } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useEngine, useScreen } from "./context.tsx";
import { ProgressList } from "./progress.tsx";
import styles from "./toasts.module.css";

const SHOWN_MS = 6000;
/** Long enough to read, to decide and to reach the button. */
const WITH_UNDO_MS = 12_000;

/** What was just done, two at most, each with the way back where there is one. Spoken politely. */
export function Toasts() {
	const toasts = useScreen((state) => state.toasts);
	const busy = useScreen((state) => state.busy);
	const hasProject = useEngine((state) => state.snapshot?.project != null);
	// What is counted says more than what is only named.
	const isCounted = useEngine((state) => (state.snapshot?.progress.length ?? 0) > 0);
	return (
		<div className={styles.stack}>
			{hasProject ? <ProgressList /> : null}
			<div className={styles.toasts} role="status" aria-live="polite" aria-label="Messages">
				{busy === null || isCounted ? null : (
					<div className={styles.toast}>
						<i className={styles.spinner} aria-hidden="true" />
						<p>{busy}</p>
					</div>
				)}
				{toasts.map((toast) => (
					<OneToast key={toast.id} toast={toast} />
				))}
			</div>
		</div>
	);
}

/** Goes by itself, but not while a pointer or the focus is on it. */
function OneToast({ toast }: { toast: Toast }) {
	const hush = useScreen((state) => state.hush);
	const [held, setHeld] = useState(false);
	const { id, text, undo } = toast;
	useEffect(() => {
		if (held) return;
		const timer = setTimeout(() => hush(id), undo === null ? SHOWN_MS : WITH_UNDO_MS);
		return () => clearTimeout(timer);
	}, [held, hush, id, undo]);
	const hold = () => setHeld(true);
	const release = () => setHeld(false);
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: it only waits while someone is reading it
		<div className={styles.toast} onPointerEnter={hold} onPointerLeave={release} onFocus={hold} onBlur={release}>
			<p>{text}</p>
			{undo === null ? null : (
				<CommandButton id="edit.undo" argument={String(undo)} look="quiet" icon={<Undo2 size={15} aria-hidden="true" />}>
					Undo
				</CommandButton>
			)}
			<Button look="quiet" aria-label="Close this message" icon={<X size={15} aria-hidden="true" />} onClick={() => hush(id)} />
		</div>
	);
}
