import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import styles from "./traffic-dialogs.module.css";
import { ChoiceField, TextField, TrafficForm } from "./traffic-form.tsx";

const speeds = [
	{ value: 1, words: "At its own pace" },
	{ value: 2, words: "Twice as fast" },
	{ value: 10, words: "Ten times as fast" },
	{ value: null, words: "As fast as the target answers" },
];

/** Asks for which recording is sent where, and begins. */
export function ReplayDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const [file, setFile] = useState("");
	const [to, setTo] = useState("");
	const [speed, setSpeed] = useState<number | null>(1);
	const [compare, setCompare] = useState(true);
	const [withWrites, setWithWrites] = useState(false);
	const begin = () => void ask(app, (client) => client.replay.start({ file: file.trim(), to: to.trim(), speed, compare, withWrites }));
	return (
		<TrafficForm
			title="Replay a recording"
			lead="Its requests go to a target of your choice, each marked with X-Phoenix-Replay; never to the attached legacy system or its gateway."
			action="Replay the recording"
			isWhole={file.trim() !== "" && to.trim() !== ""}
			{...{ begin, onClose }}
		>
			<TextField
				id="replay-file"
				label="Recording, on the machine of the core"
				value={file}
				onChange={setFile}
				placeholder="/srv/recordings/monday.rec"
			/>
			<TextField id="replay-target" label="Target" value={to} onChange={setTo} placeholder="http://127.0.0.1:9090" />
			<ChoiceField id="replay-speed" label="Speed" value={speed} options={speeds} onChange={setSpeed} />
			<label className={styles.check}>
				<input type="checkbox" checked={compare} onChange={(event) => setCompare(event.target.checked)} />
				Hold the answers against the recorded ones
			</label>
			<label className={styles.check}>
				<input type="checkbox" checked={withWrites} onChange={(event) => setWithWrites(event.target.checked)} />
				Send also what may change something at the target; else only GET and HEAD
			</label>
		</TrafficForm>
	);
}
