import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import styles from "./traffic-dialogs.module.css";
import { ChoiceField, partsOf, TextField, TrafficForm } from "./traffic-form.tsx";

const lengths = [
	{ value: 1, words: "1 minute" },
	{ value: 10, words: "10 minutes" },
	{ value: 60, words: "1 hour" },
	{ value: null, words: "Until it is stopped" },
];

/** Asks for what is recorded where, and begins. */
export function RecordDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const [file, setFile] = useState("");
	const [minutes, setMinutes] = useState<number | null>(10);
	const [rules, setRules] = useState("");
	const begin = () => {
		const mask = partsOf(rules);
		void ask(app, (client) =>
			client.recording.start({
				file: file.trim(),
				...(minutes === null ? {} : { forMs: minutes * 60_000 }),
				...(mask.length === 0 ? {} : { mask }),
			}),
		);
	};
	return (
		<TrafficForm
			title="Record traffic"
			lead="What clients ask and legacy answers, into a file. Card numbers, IBANs, mail addresses, phones and credentials are masked before they are written."
			action="Record traffic"
			isWhole={file.trim() !== ""}
			{...{ begin, onClose }}
		>
			<TextField
				id="record-file"
				label="File, on the machine of the core; none of that name may be there yet"
				value={file}
				onChange={setFile}
				placeholder="/srv/recordings/monday.rec"
			/>
			<ChoiceField id="record-length" label="For how long" value={minutes} options={lengths} onChange={setMinutes} />
			<TextField
				id="record-mask"
				label="Also mask these, separated by commas"
				value={rules}
				onChange={setRules}
				placeholder="field:customer/taxCode, header:X-Customer"
			/>
			<p className={styles.note}>Names of persons have no form by which they could be found: name their fields.</p>
		</TrafficForm>
	);
}
