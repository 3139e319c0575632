import { Octagon, Play, Search, Square } from "lucide-react";
import phoenix from "../phoenix.svg";
import { boundWords, count, Keys } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useCommand, useEngine } from "./context.tsx";
import styles from "./shell.module.css";

export function Header() {
	const project = useEngine((state) => state.snapshot?.project ?? null);
	const demo = useEngine((state) => state.snapshot?.demo ?? null);
	return (
		<header className={styles.header}>
			<div className={styles.brand}>
				<img src={phoenix} alt="" />
				Phoenix Engine
			</div>
			{project === null ? null : (
				<div className={styles.project}>
					<strong>{project.name}</strong>
					<span>
						{count(project.functions)} functions, {count(project.routes)} routes, {count(project.tables)} tables, {count(project.lines)}{" "}
						lines
					</span>
				</div>
			)}
			{project === null ? null : <SearchBox />}
			<div className={styles.spring} />
			<Confidence />
			{demo?.state === "running" ? (
				<CommandButton id="demo.cancel" icon={<Square size={15} aria-hidden="true" />} />
			) : (
				<CommandButton id="demo.start" icon={<Play size={15} aria-hidden="true" />} />
			)}
			<CommandButton id="system.panic" look="danger" className={styles.kill} icon={<Octagon size={16} aria-hidden="true" />} />
		</header>
	);
}

function SearchBox() {
	const { keys, run } = useCommand("palette.open");
	return (
		<button type="button" className={styles.search} onClick={() => run()}>
			<Search size={15} aria-hidden="true" />
			<span>Find a function or a command</span>
			<Keys of={keys} />
		</button>
	);
}

/** The weakest migration speaks for the run. */
function Confidence() {
	const words = useEngine(({ snapshot }) => {
		const moving = snapshot?.migrations.filter(({ stage }) => stage !== "refused" && stage !== "cancelled") ?? [];
		if (snapshot == null || moving.length === 0) return null;
		return boundWords(Math.max(...moving.map(({ evidence }) => evidence.bound)), snapshot.run?.policy.alpha ?? null);
	});
	if (words === null) return null;
	return (
		<div className={styles.confidence} title="Upper bound over every function of this run; it holds at every look">
			<span>Confidence of this run</span>
			<strong>{words}</strong>
		</div>
	);
}
