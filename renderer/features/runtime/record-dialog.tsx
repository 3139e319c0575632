import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Button, Dialog } from "../../ui/index.ts";
import styles from "./traffic-dialogs.module.css";

const lengths = [
	{ minutes: 1, words: "1 minute" },
	{ minutes: 10, words: "10 minutes" },
	{ minutes: 60, words: "1 hour" },
	{ minutes: null, words: "Until it is stopped" },
] as const;

/** Asks for what is recorded where, and begins. */
export function RecordDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const [file, setFile] = useState("");
	const [minutes, setMinutes] = useState<number | null>(10);
	const [rules, setRules] = useState("");
	const begin = () => {
		onClose();
		const mask = rules.split(/[\s,]+/).filter((rule) => rule !== "");
		void ask(app, (client) =>
			client.recording.start({
				file: file.trim(),
				...(minutes === null ? {} : { forMs: minutes * 60_000 }),
				...(mask.length === 0 ? {} : { mask }),
			}),
		);
	};
	return (
		<Dialog
			title="Record traffic"
			lead="What clients ask and legacy answers, into a file. Card numbers, IBANs, mail addresses, phones and credentials are masked before they are written."
			onClose={onClose}
		>
			<form
				className={styles.form}
				onSubmit={(event) => {
					event.preventDefault();
					if (file.trim() !== "") begin();
				}}
			>
				<label htmlFor="record-file">File, on the machine of the core; none of that name may be there yet</label>
				<input
					id="record-file"
					className={styles.input}
					value={file}
					onChange={(event) => setFile(event.target.value)}
					placeholder="/srv/recordings/monday.rec"
					autoComplete="off"
					spellCheck={false}
				/>
				<label htmlFor="record-length">For how long</label>
				<select
					id="record-length"
					className={styles.input}
					value={minutes ?? ""}
					onChange={(event) => setMinutes(event.target.value === "" ? null : Number(event.target.value))}
				>
					{lengths.map(({ minutes: value, words }) => (
						<option key={words} value={value ?? ""}>
							{words}
						</option>
					))}
				</select>
				<label htmlFor="record-mask">Also mask these, separated by commas</label>
				<input
					id="record-mask"
					className={styles.input}
					value={rules}
					onChange={(event) => setRules(event.target.value)}
					placeholder="field:customer/taxCode, header:X-Customer"
					autoComplete="off"
					spellCheck={false}
				/>
				<p className={styles.note}>Names of persons have no form by which they could be found: name their fields.</p>
				<div className={styles.actions}>
					<Button onClick={onClose}>Not now</Button>
					<Button look="primary" type="submit" disabled={file.trim() === ""}>
						Record traffic
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
