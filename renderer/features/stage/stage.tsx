import { Octagon, Pause, Play, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Snapshot } from "../../../core/contract/api.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useCommand, useEngine, useProject, useScreen } from "../../app/context.tsx";
import { loadCuts } from "../../app/questions.ts";
import { chapterOf, stageChapters } from "../../state/index.ts";
import { clock, Keys, keyWords } from "../../ui/index.ts";
import { Terminal, useOutput, useRuntime } from "../runtime/index.ts";
import { LegacyCode } from "./legacy-code.tsx";
import { MapChapter } from "./map-chapter.tsx";
import { MirrorChapter } from "./mirror-chapter.tsx";
import { RemediationChapter } from "./remediation-chapter.tsx";
import { SealChapter } from "./seal-chapter.tsx";
import styles from "./stage.module.css";
import { driftOf, functionAt, subjectOf } from "./subject.ts";
import { SwitchChapter } from "./switch-chapter.tsx";

const titles: Record<(typeof stageChapters)[number], readonly [title: string, words: string]> = {
	map: ["The system map", "We do not risk everything. One function is moved, surgically."],
	mirror: ["The mirror", "Legacy answers everyone. The new services get a copy and answer nobody."],
	remediation: ["Remediation", "Every difference is named with its cause, patched, and proved again."],
	switch: ["Auto-switch", "The evidence decides. Clients move step by step, guarded all the way."],
	seal: ["Kill switch and seal", "Everything can be taken back at once, until legacy is needed by nobody."],
};

/** The screen for a hall: the past on the left, the future on the right, one calm picture for each chapter of any migration. */
export function Stage() {
	const { screen } = useApp();
	const snapshot = useEngine((state) => state.snapshot);
	const chosen = useScreen((state) => state.stageChapter);
	const host = useRef<HTMLDivElement>(null);
	const told = chapterOf(snapshot);
	const demoIndex = snapshot?.demo?.index ?? null;
	useOutput();
	const runtime = useRuntime();
	// The demo goes on: the stage goes with it, wherever the presenter had looked.
	// biome-ignore lint/correctness/useExhaustiveDependencies: the demo's step is the occasion
	useEffect(() => screen.getState().set({ stageChapter: null }), [demoIndex, screen]);
	useEffect(() => host.current?.focus(), []);
	if (snapshot === null) return null;
	const index = chosen ?? told;
	const [title, words] = titles[stageChapters[index] ?? "map"];
	return (
		<div ref={host} className={styles.stage} role="dialog" aria-label="Stage" tabIndex={-1}>
			<header className={styles.top}>
				<div className={styles.heading}>
					<h1>{title}</h1>
					<p>{words}</p>
				</div>
				<Steps index={index} told={told} />
				<CommandButton id="system.panic" look="danger" className={styles.kill} icon={<Octagon aria-hidden="true" />} />
			</header>
			<Past snapshot={snapshot} index={index}>
				<Terminal state={runtime} large />
			</Past>
			<main className={styles.future} key={index} aria-live="off">
				<Chapter snapshot={snapshot} index={index} />
			</main>
			<Foot snapshot={snapshot} />
		</div>
	);
}

function useSubject(snapshot: Snapshot, index: number) {
	const graph = useProject((state) => state.graph);
	const selected = useScreen((state) => (state.selected?.startsWith("function:") ? state.selected.slice("function:".length) : null));
	const chapter = stageChapters[index] ?? "map";
	const app = useApp();
	// While nothing is chosen the stage speaks of the cut that the engine would make first.
	const best = useProject((state) => state.cuts[""]?.[0]?.function ?? null);
	useEffect(() => {
		if (graph !== null && chapter === "map") void loadCuts(app, "");
	}, [app, graph, chapter]);
	const subject = subjectOf(chapter, snapshot, { graph, selected, best });
	const place = chapter === "remediation" ? functionAt(graph, driftOf(snapshot)?.where ?? null) : null;
	return { chapter, subject, place };
}

function Past({ snapshot, index, children }: { snapshot: Snapshot; index: number; children: React.ReactNode }) {
	const { subject, place } = useSubject(snapshot, index);
	return (
		<aside className={styles.past} aria-label="The past">
			<LegacyCode name={place?.name ?? subject} line={place?.line ?? null} />
			{children}
		</aside>
	);
}

function Chapter({ snapshot, index }: { snapshot: Snapshot; index: number }) {
	const { chapter, subject } = useSubject(snapshot, index);
	switch (chapter) {
		case "map":
			return <MapChapter snapshot={snapshot} subject={subject} />;
		case "mirror":
			return <MirrorChapter snapshot={snapshot} />;
		case "remediation":
			return <RemediationChapter snapshot={snapshot} subject={subject} />;
		case "switch":
			return <SwitchChapter snapshot={snapshot} subject={subject} />;
		case "seal":
			return <SealChapter snapshot={snapshot} />;
	}
}

/** Five steps; the shown one is filled, the one in which the run is has a dot. */
function Steps({ index, told }: { index: number; told: number }) {
	return (
		<ol className={styles.steps} aria-label="Chapters">
			{stageChapters.map((chapter, place) => (
				<li
					key={chapter}
					aria-current={place === index ? "step" : undefined}
					className={place < told ? styles.past5 : place === told ? styles.now : ""}
				>
					{place + 1}
					<span className="sr-only">
						{titles[chapter][0]}
						{place === told ? ", here the run is" : ""}
					</span>
				</li>
			))}
		</ol>
	);
}

function Foot({ snapshot }: { snapshot: Snapshot }) {
	const { demo, run, alerts, system } = snapshot;
	const panic = system?.gateway.stats.panic ?? null;
	const trouble = alerts.at(-1);
	return (
		<footer className={styles.foot}>
			<p role="status" className={panic !== null ? styles.alarm : ""}>
				{panic !== null
					? `All traffic goes to legacy since ${clock(panic.at).slice(0, 8)}: ${panic.reason}.`
					: demo?.gate != null
						? `Next: ${demo.gate}`
						: demo !== null && demo.state !== "done"
							? `${demo.state === "paused" ? "Paused. " : ""}${demo.chapters[demo.index]?.plan ?? ""}`
							: trouble !== undefined && run?.state !== "done"
								? `${trouble.what} ${trouble.safe}`
								: demo !== null
									? "Nothing of this was scripted: every figure was counted while it happened."
									: run === null
										? "Nothing runs yet. What you will see is the engine at work; nothing is scripted."
										: `Run ${run.id}, policy ${run.policy.name}, ${run.state}.`}
			</p>
			<nav aria-label="Presenter">
				<span className={styles.hint}>
					<Keys of={keyWords("ArrowLeft")} />
					<Keys of={keyWords("ArrowRight")} /> chapters
				</span>
				<PlayButton snapshot={snapshot} />
				<CommandButton id="stage.leave" look="quiet" icon={<X aria-hidden="true" />}>
					Leave
				</CommandButton>
			</nav>
		</footer>
	);
}

/** Not there when nothing could be played or paused. */
function PlayButton({ snapshot: { demo, run } }: { snapshot: Snapshot }) {
	const { enabled } = useCommand("stage.play");
	const isMoving = demo?.state === "running" || (demo?.state !== "paused" && run?.state === "running");
	if (!enabled) return null;
	return <CommandButton id="stage.play" look="quiet" icon={isMoving ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />} />;
}
