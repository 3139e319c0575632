import { useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Button, Dialog } from "../../ui/index.ts";
import styles from "./traffic-dialogs.module.css";

const speeds = [
	{ speed: 1, words: "At its own pace" },
	{ speed: 2, words: "Twice as fast" },
	{ speed: 10, words: "Ten times as fast" },
	{ speed: null, words: "As fast as the target answers" },
] as const;

/** Asks for which recording is sent where, and begins. */
export function ReplayDialog({ onClose }: { onClose(): void }) {
	const app = useApp();
	const [file, setFile] = useState("");
	const [to, setTo] = useState("");
	const [speed, setSpeed] = useState<number | null>(1);
	const [compare, setCompare] = useState(true);
	const [withWrites, setWithWrites] = useState(false);
	const isWhole = file.trim() !== "" && to.trim() !== "";
	const begin = () => {
		onClose();
		void ask(app, (client) => client.replay.start({ file: file.trim(), to: to.trim(), speed, compare, withWrites }));
	};
	return (
		<Dialog
			title="Replay a recording"
			lead="Its requests go to a target of your choice, each marked with X-Phoenix-Replay; never to the attached legacy system or its gateway."
			onClose={onClose}
		>
			<form
				className={styles.form}
				onSubmit={(event) => {
					event.preventDefault();
					if (isWhole) begin();
				}}
			>
				<label htmlFor="replay-file">Recording, on the machine of the core</label>
				<input
					id="replay-file"
					className={styles.input}
					value={file}
					onChange={(event) => setFile(event.target.value)}
					placeholder="/srv/recordings/monday.rec"
					autoComplete="off"
					spellCheck={false}
				/>
				<label htmlFor="replay-target">Target</label>
				<input
					id="replay-target"
					className={styles.input}
					value={to}
					onChange={(event) => setTo(event.target.value)}
					placeholder="http://127.0.0.1:9090"
					autoComplete="off"
					spellCheck={false}
				/>
				<label htmlFor="replay-speed">Speed</label>
				<select
					id="replay-speed"
					className={styles.input}
					value={speed ?? ""}
					onChange={(event) => setSpeed(event.target.value === "" ? null : Number(event.target.value))}
				>
					{speeds.map(({ speed: value, words }) => (
						<option key={words} value={value ?? ""}>
							{words}
						</option>
					))}
				</select>
				<label className={styles.check}>
					<input type="checkbox" checked={compare} onChange={(event) => setCompare(event.target.checked)} />
					Hold the answers against the recorded ones
				</label>
				<label className={styles.check}>
					<input type="checkbox" checked={withWrites} onChange={(event) => setWithWrites(event.target.checked)} />
					Send also what may change something at the target; else only GET and HEAD
				</label>
				<div className={styles.actions}>
					<Button onClick={onClose}>Not now</Button>
					<Button look="primary" type="submit" disabled={!isWhole}>
						Replay the recording
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
