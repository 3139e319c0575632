import { useEffect, useState } from "react";
import type { RecordingState } from "../../../core/contract/recording.ts";
import type { ReplayState } from "../../../core/contract/replay.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useEngine } from "../../app/context.tsx";
import { bytes, count, plural } from "../../ui/index.ts";
import styles from "./recorded-traffic.module.css";
import { answeredText, countsText, shortAnsweredText, shortFile } from "./traffic-words.ts";

const lookMs = 1_000;

type Recorded = { recording: RecordingState | null; replay: ReplayState | null };

/** What is recorded and replayed, and what came of the last of each. */
export function RecordedTraffic() {
	const { recording, replay } = useRecorded();
	const record = <CommandButton id={recording?.endedAt === null ? "recording.stop" : "recording.start"} look="quiet" />;
	const again = <CommandButton id={replay?.endedAt === null ? "replay.stop" : "replay.start"} look="quiet" />;
	const others = (
		<>
			<CommandButton id="recording.import" look="quiet">
				Import…
			</CommandButton>
			<CommandButton id="recording.export" look="quiet">
				Export…
			</CommandButton>
		</>
	);
	if (recording === null && replay === null)
		return (
			<section className={`${styles.strip} ${styles.empty}`} aria-label="Recorded traffic">
				<p>This engine has recorded and replayed nothing.</p>
				<div className={styles.verbs}>
					{record}
					{again}
					{others}
				</div>
			</section>
		);
	return (
		<section className={styles.strip} aria-label="Recorded traffic">
			<div className={styles.side}>
				<h2>Recording</h2>
				{recording === null ? <p>None yet.</p> : <Recording state={recording} />}
				<div className={styles.verbs}>
					{record}
					{others}
				</div>
			</div>
			<div className={styles.side}>
				<h2>Replay</h2>
				{replay === null ? <p>None yet.</p> : <Replay state={replay} />}
				<div className={styles.verbs}>{again}</div>
			</div>
		</section>
	);
}

function Recording({ state }: { state: RecordingState }) {
	const { file, exchanges, bytes: size, masked, missing, endedAt, failure, maskKey } = state;
	const replaced = Object.values(masked).reduce((sum, amount) => sum + amount, 0);
	const lost = countsText(missing);
	return (
		<p>
			<strong title={file}>{shortFile(file)}</strong>
			{`: ${plural(exchanges, "exchange")}, ${bytes(size)}${endedAt === null ? ", under way" : ""}; `}
			{maskKey === null ? "nothing masked" : `${plural(replaced, "value")} masked`}
			{lost === "" ? "" : `; missing: ${lost}`}
			{failure === null ? null : <span className={styles.bad}>{` ${failure}`}</span>}
		</p>
	);
}

/** One line while it is under way; afterwards the short of it, and the rest for whoever opens it. */
function Replay({ state }: { state: ReplayState }) {
	const { target, file, sent, endedAt, comparison, cut, failure } = state;
	const name = <strong title={file}>{shortFile(file)}</strong>;
	if (endedAt === null)
		return (
			<p>
				{name}
				{` to ${target}: ${plural(sent, "request")} sent, under way`}
			</p>
		);
	const trouble = [cut, failure].filter((one) => one !== null).join(" ");
	return (
		<details className={styles.result}>
			<summary>
				{name}
				{` to ${target}: ${shortAnsweredText(state)}`}
				{trouble === "" ? null : <span className={styles.bad}>{` ${trouble}`}</span>}
			</summary>
			<p>{answeredText(state)}</p>
			<ul aria-label="Differences">
				{(comparison?.groups ?? []).map(({ cause, field, count: amount, examples: [example] }) => {
					const [first] = example?.differences ?? [];
					return (
						<li key={`${field} ${cause}`}>
							<strong>{count(amount)}</strong> {field}: {cause}
							{example === undefined ? null : (
								<small>
									{example.method} {example.target}: {first?.legacy ?? "nothing"} recorded, {first?.modern ?? "nothing"} now
								</small>
							)}
						</li>
					);
				})}
			</ul>
		</details>
	);
}

/** Asked once a second: a short replay begins and ends between two looks at what is under way. */
function useRecorded(): Recorded {
	const { client } = useApp();
	const connection = useEngine((state) => state.connection);
	const [recorded, setRecorded] = useState<Recorded>({ recording: null, replay: null });
	useEffect(() => {
		if (connection !== "open") return;
		let isOver = false;
		const look = async () => {
			const [recording = null, replay = null] = await Promise.all([client()?.recording.state({}), client()?.replay.state({})]);
			if (!isOver) setRecorded({ recording, replay });
		};
		const lookOnce = () => {
			look().catch(() => {
				// The line broke: the shell says so, and the next line asks again.
			});
		};
		lookOnce();
		const timer = setInterval(lookOnce, lookMs);
		return () => {
			isOver = true;
			clearInterval(timer);
		};
	}, [client, connection]);
	return recorded;
}
