import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import styles from "../../app/dialogs.module.css";
import { Button, Dialog } from "../../ui/index.ts";

/** Somebody accepts another rounding at one place of a function, or takes that word back. */
export function AllowDialog({ name, site, onClose }: { name: string; site: string; onClose(): void }) {
	const app = useApp();
	const accepted = useEngine((state) =>
		state.snapshot?.migrations.find((one) => one.function === name)?.acceptances?.find((one) => one.site === site),
	);
	const hunk = useEngine((state) =>
		state.snapshot?.patches.flatMap((patch) => (patch.function === name ? patch.hunks : [])).find((one) => one.site.expr === site),
	);
	const [by, setBy] = useState("");
	const [why, setWhy] = useState("");
	const place = accepted?.place ?? (hunk === undefined ? site : `${hunk.site.span.file}:${hunk.site.span.line}`);
	const isWhole = by.trim().length >= 2 && (accepted !== undefined || why.trim().length >= 3);
	const sign = () => {
		onClose();
		void ask(app, (client) =>
			accepted === undefined
				? client.run.allow({ function: name, site, by: by.trim(), why: why.trim() })
				: client.run.disallow({ function: name, site, by: by.trim() }),
		);
	};
	return (
		<Dialog
			title={accepted === undefined ? `Accept another rounding at ${place}?` : `Take back what was accepted at ${place}?`}
			lead={
				accepted === undefined
					? "The new service goes on rounding in its own way here. Beside it a build with legacy's rounding is compared: only where that one is equal in everything, and amounts are one unit apart, is a difference counted as accepted, apart from the clean ones and in no bound. A new version is compared from zero. Name and reason go into the journal and the report."
					: `${accepted.by} accepted it: ${accepted.why}. A new version is compared from zero, and the rounding is a mismatch again.`
			}
			onClose={onClose}
		>
			<form
				className={styles.form}
				onSubmit={(event) => {
					event.preventDefault();
					if (isWhole) sign();
				}}
			>
				<label htmlFor="allow-by">Your name</label>
				<input
					id="allow-by"
					className={styles.input}
					value={by}
					maxLength={120}
					autoComplete="name"
					onChange={(event) => setBy(event.target.value)}
				/>
				{accepted === undefined ? (
					<>
						<label htmlFor="allow-why">Why the other rounding is right for you</label>
						<input
							id="allow-why"
							className={styles.input}
							value={why}
							maxLength={1000}
							autoComplete="off"
							onChange={(event) => setWhy(event.target.value)}
						/>
					</>
				) : null}
				<div className={styles.actions}>
					<Button onClick={onClose}>Not now</Button>
					<Button look="primary" type="submit" disabled={!isWhole}>
						{accepted === undefined ? "Accept" : "Take it back"}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
