import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import styles from "../../app/dialogs.module.css";
import { Button, Dialog } from "../../ui/index.ts";
import { useAsked } from "./asked.ts";

/** Somebody signs for what one branch lacks, or takes that word back. */
export function WaiveDialog({ name, branch, onClose }: { name: string; branch: string; onClose(): void }) {
	const app = useApp();
	const migration = useEngine((state) => state.snapshot?.migrations.find((one) => one.function === name));
	const [by, setBy] = useState("");
	const [why, setWhy] = useState("");
	const told = useAsked(`branches ${name}`, migration?.version, (client) => client.run.confidence({ function: name }));
	const known = told?.branches.find((one) => one.id === branch);
	const waiver = migration?.waivers?.find((one) => one.branch === branch);
	const words = known === undefined ? branch : `${known.words} (${known.file}:${known.line})`;
	const isWhole = by.trim().length >= 2 && (waiver !== undefined || why.trim().length >= 3);
	const sign = () => {
		onClose();
		void ask(app, (client) =>
			waiver === undefined
				? client.run.waive({ function: name, branch, by: by.trim(), why: why.trim() })
				: client.run.unwaive({ function: name, branch, by: by.trim() }),
		);
	};
	return (
		<Dialog
			title={waiver === undefined ? "Sign a waiver for this branch?" : "Take this waiver back?"}
			lead={
				waiver === undefined
					? `It stands for the evidence that ${words} lacks, for version ${migration?.version ?? 0} only. Name and reason go into the journal, the report and the capsule.`
					: `${waiver.by} signed for ${words}: ${waiver.why}. Clients stay where they are; the next step waits for evidence again.`
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
				<label htmlFor="waiver-by">Your name</label>
				<input
					id="waiver-by"
					className={styles.input}
					value={by}
					maxLength={120}
					autoComplete="name"
					onChange={(event) => setBy(event.target.value)}
				/>
				{waiver === undefined ? (
					<>
						<label htmlFor="waiver-why">Why the step is safe without it</label>
						<input
							id="waiver-why"
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
						{waiver === undefined ? "Sign" : "Take it back"}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
