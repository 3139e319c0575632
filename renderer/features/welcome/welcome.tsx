import { Archive, Cpu, FileDiff, FlaskConical, FolderOpen, History, Landmark, Map as MapIcon, Route } from "lucide-react";
import { type DragEvent, useState } from "react";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useEngine, useScreen, useSettings } from "../../app/context.tsx";
import { ProgressList } from "../../app/progress.tsx";
import phoenix from "../../phoenix.svg";
import { openDropped } from "./dropped.ts";
import styles from "./welcome.module.css";

const places = [
	{ icon: MapIcon, name: "Map", words: "every function, route and table, and which cut is easy" },
	{ icon: Route, name: "Run", words: "old and new side by side, the evidence, each decision" },
	{ icon: FileDiff, name: "Patches", words: "what Phoenix proposes to repair, with its proof" },
	{ icon: Cpu, name: "Runtime", words: "the processes, their health and every line they write" },
	{ icon: FlaskConical, name: "Evidence", words: "the journal, asked in SQL, and the reports" },
] as const;

export function Welcome() {
	const app = useApp();
	const [isOver, setOver] = useState(false);
	const isWorking = useEngine((state) => (state.snapshot?.progress.length ?? 0) > 0);
	const busy = useScreen((state) => state.busy !== null);
	const drop = (event: DragEvent) => {
		event.preventDefault();
		setOver(false);
		openDropped(app, event.dataTransfer);
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: dropping a folder is one more way; the button beside it is the accessible one
		<div
			className={`${styles.welcome} ${isOver ? styles.over : ""}`}
			onDragOver={(event) => {
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={() => setOver(false)}
			onDrop={drop}
		>
			<div className={styles.middle}>
				<img src={phoenix} alt="" className={styles.mark} />
				<h1>Replace a legacy system one function at a time, under real traffic, with proof.</h1>
				<p className={styles.lead}>
					Old and new answer every request side by side. Evidence decides what moves, and every step can be taken back at once.
				</p>
				{isWorking || busy ? (
					<div className={styles.working}>
						<ProgressList plain />
					</div>
				) : (
					<Ways />
				)}
				<ul className={styles.places} aria-label="What is where">
					{places.map(({ icon: Icon, name, words }) => (
						<li key={name}>
							<Icon size={18} aria-hidden="true" />
							<strong>{name}</strong>
							<span>{words}</span>
						</li>
					))}
				</ul>
			</div>
		</div>
	);
}

function Ways() {
	const recent = useSettings((state) => state.recent);
	return (
		<div className={styles.ways}>
			<article>
				<Landmark size={22} aria-hidden="true" />
				<h2>The sample bank</h2>
				<p>“Banca 1990”: a small bank with honest old habits, its database and live traffic. Nothing of yours is touched.</p>
				<CommandButton id="project.openSample" look="primary" large autoFocus />
			</article>
			<article>
				<Archive size={22} aria-hidden="true" />
				<h2>Your own system</h2>
				<p>A folder with Python source: choose it, or drop it here. Phoenix reads it and draws the map. It changes nothing there.</p>
				<CommandButton id="project.chooseFolder" large icon={<FolderOpen size={18} aria-hidden="true" />} />
				{recent.length === 0 ? null : (
					<ul className={styles.recent} aria-label="Opened before">
						{recent.slice(0, 3).map((dir) => (
							<li key={dir}>
								<CommandButton id="project.open" argument={dir} look="quiet" icon={<History size={15} aria-hidden="true" />}>
									<span>{dir}</span>
								</CommandButton>
							</li>
						))}
					</ul>
				)}
			</article>
		</div>
	);
}
