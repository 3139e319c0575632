import { ChevronDown, Play, Presentation, Search, Square } from "lucide-react";
import type { MouseEvent } from "react";
import phoenix from "../phoenix.svg";
import type { MenuItem } from "../state/index.ts";
import { boundWords, count, Keys, plural } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useApp, useCommand, useEngine } from "./context.tsx";
import { openMenu } from "./context-menu.tsx";
import styles from "./header.module.css";
import { KillSwitch } from "./kill-switch.tsx";

export function Header() {
	const hasProject = useEngine((state) => state.snapshot?.project != null);
	const isDemo = useEngine((state) => ["running", "paused"].includes(state.snapshot?.demo?.state ?? ""));
	return (
		<header className={styles.header}>
			<div className={styles.brand}>
				<img src={phoenix} alt="" />
				<span>Phoenix Engine</span>
			</div>
			{hasProject ? <ProjectMenu /> : null}
			{hasProject ? <SearchBox /> : null}
			<div className={styles.spring} />
			<Confidence />
			{hasProject ? (
				<CommandButton id="stage.toggle" className={styles.demo} icon={<Presentation size={15} aria-hidden="true" />}>
					Present
				</CommandButton>
			) : null}
			{isDemo ? (
				<CommandButton id="demo.cancel" className={styles.demo} icon={<Square size={14} aria-hidden="true" />} />
			) : (
				<CommandButton id="demo.start" className={styles.demo} icon={<Play size={14} aria-hidden="true" />} />
			)}
			<KillSwitch />
		</header>
	);
}

/** The open project; its menu opens another. */
function ProjectMenu() {
	const app = useApp();
	const project = useEngine((state) => state.snapshot?.project ?? null);
	if (project === null) return null;
	const open = (event: MouseEvent<HTMLElement>) => {
		const { left, bottom } = event.currentTarget.getBoundingClientRect();
		const others = app.settings.getState().recent.filter((dir) => dir !== project.dir);
		const recent: MenuItem[] = others.map((dir) => ({ id: "project.open", argument: dir, title: dir }));
		const items: MenuItem[] = [
			"project.chooseFolder",
			"project.openSample",
			...(recent.length === 0 ? [] : (["separator", ...recent] as const)),
		];
		openMenu(app, { x: left, y: bottom + 2, label: `Open instead of ${project.name}`, items });
	};
	const { functions, routes, tables, lines } = project;
	const size = `${plural(functions, "function")}, ${plural(routes, "route")}, ${plural(tables, "table")}, ${count(lines)} lines`;
	return (
		<button type="button" className={styles.project} aria-haspopup="menu" title={`${project.dir}: ${size}`} onClick={open}>
			<span>
				<strong>{project.name}</strong>
				<small>
					{plural(functions, "function")}, {count(lines)} lines
				</small>
			</span>
			<ChevronDown size={14} aria-hidden="true" />
		</button>
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
	const moving = useEngine(({ snapshot }) => snapshot?.migrations.filter(isMoving).length ?? 0);
	const words = useEngine(({ snapshot }) => {
		const bounds = snapshot?.migrations.filter(isMoving).map(({ evidence }) => evidence.bound) ?? [];
		return bounds.length === 0 ? null : boundWords(Math.max(...bounds), snapshot?.run?.policy.alpha ?? null);
	});
	if (words === null) return null;
	const [bound = "", rest] = words.split(" (");
	return (
		<div className={styles.confidence} title="Upper bound of the mismatch rate of the weakest function; it holds however often one looks">
			<span>{moving === 1 ? "Confidence" : `Weakest of ${moving} functions`}</span>
			<strong>
				{bound.charAt(0).toUpperCase() + bound.slice(1)}
				{rest === undefined ? null : <small> {rest.replace(")", "")}</small>}
			</strong>
		</div>
	);
}

const isMoving = ({ stage }: { stage: string }) => stage !== "refused" && stage !== "cancelled";
