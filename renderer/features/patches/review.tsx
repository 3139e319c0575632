import { Check, ChevronDown, ChevronUp, Columns2, RotateCcw, Rows2, Undo2, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { PatchInfo } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { endTrial, isInline } from "../../app/commands/patches.ts";
import { useCommand, useEngine, useScreen } from "../../app/context.tsx";
import { draftOf, hunkAt } from "../../state/index.ts";
import { Badge, Keys, shortName } from "../../ui/index.ts";
import { CaseDialog } from "./case-dialog.tsx";
import { GatePanel } from "./gate-panel.tsx";
import { HunkDiff } from "./hunk-diff.tsx";
import { HunkList } from "./hunk-list.tsx";
import { type Outcome, outcomeOf, untried } from "./outcome.ts";
import { stateWords, tones } from "./patch-list.tsx";
import styles from "./patches.module.css";
import { Provenance } from "./provenance.tsx";

/** After this pause a part of a patch is tried by itself: the gate takes a second of one core. */
const TRY_AFTER_MS = 500;

/** One patch: the difference with its hunks, what was found out, what will happen, and the decision. */
export function Review({ patch }: { patch: PatchInfo }) {
	const draft = useScreen((state) => draftOf(state.reviews, patch.id));
	const inline = useScreen((state) => isInline(state.details.patches?.view));
	const shownCase = useScreen((state) => state.details.patches?.case);
	const migration = useEngine((state) => state.snapshot?.migrations.find((one) => one.function === patch.function));
	const patches = useEngine((state) => state.snapshot?.patches ?? none);
	const found = hunkAt(patch, draft.current);
	/** A file without hunks that was opened by hand, until a hunk is chosen again. */
	const [other, setOther] = useState<{ path: string; at: string | null } | null>(null);
	const current = found?.hunk.id ?? null;
	const path = other !== null && other.at === current ? other.path : (found?.hunk.file ?? patch.paths[0] ?? "");
	const outcome = outcomeOf(patch, draft, migration, patches);
	useTrial(untried(patch, draft)?.join() ?? null);
	return (
		<>
			<section className={styles.center} aria-label={`Patch of ${shortName(patch.function)}, version ${patch.from} to ${patch.to}`}>
				<header className={styles.head}>
					<h2>
						{shortName(patch.function)}
						<span>
							version {patch.from} → {patch.to}
						</span>
						<Badge tone={tones[patch.state]}>{stateWords[patch.state]}</Badge>
					</h2>
					<p title={patch.explanation}>{patch.explanation}</p>
				</header>
				<Toolbar patch={patch} index={found?.index ?? 0} mark={draft.marks[current ?? ""]} inline={inline} />
				<Files patch={patch} path={path} onOpen={(next) => setOther({ path: next, at: current })} />
				<HunkDiff patch={patch} path={path} current={current} marks={draft.marks} inline={inline} />
				<Decision patch={patch} outcome={outcome} />
				<p className="sr-only" role="status" aria-live="polite" aria-label="Review">
					{draft.said}
				</p>
			</section>
			<aside className={styles.aside} aria-label="Hunks, gate and provenance">
				<HunkList patch={patch} current={current} marks={draft.marks} />
				<GatePanel patch={patch} trial={draft.trial} />
				<Provenance patch={patch} />
			</aside>
			{shownCase === undefined || !/^\d+$/.test(shownCase) ? null : <CaseDialog patch={patch} seq={Number(shownCase)} />}
		</>
	);
}

const none: readonly PatchInfo[] = [];

/** Tries the marked part by itself, a moment after the last key. */
function useTrial(wanted: string | null): void {
	const { run } = useCommand("patch.preview");
	// biome-ignore lint/correctness/useExhaustiveDependencies: only another choice starts another trial
	useEffect(() => {
		if (wanted === null) return;
		const timer = setTimeout(run, TRY_AFTER_MS);
		return () => clearTimeout(timer);
	}, [wanted]);
	useEffect(() => endTrial, []);
}

function Toolbar({ patch, index, mark, inline }: { patch: PatchInfo; index: number; mark: string | undefined; inline: boolean }) {
	if (patch.hunks.length === 0) return null;
	const hunk = patch.hunks[index];
	return (
		<div className={styles.toolbar} role="toolbar" aria-label="Hunks">
			<CommandButton id="patch.previousHunk" look="quiet" iconOnly icon={<ChevronUp size={16} aria-hidden="true" />} />
			<CommandButton id="patch.nextHunk" look="quiet" iconOnly icon={<ChevronDown size={16} aria-hidden="true" />} />
			<span className={styles.where}>
				Hunk {index + 1} of {patch.hunks.length}
			</span>
			{patch.state === "proposed" ? (
				<>
					<CommandButton id="patch.acceptHunk" iconOnly pressed={mark === "accepted"} icon={<Check size={16} aria-hidden="true" />} />
					<Keys of="A" />
					<CommandButton id="patch.refuseHunk" iconOnly pressed={mark === "refused"} icon={<X size={16} aria-hidden="true" />} />
					<Keys of="R" />
					<i className={styles.bar} aria-hidden="true" />
					<CommandButton id="patch.acceptAll" look="quiet">
						All <Check size={14} aria-hidden="true" />
						<span className="sr-only">hunks: accept</span>
					</CommandButton>
					<CommandButton id="patch.refuseAll" look="quiet">
						All <X size={14} aria-hidden="true" />
						<span className="sr-only">hunks: refuse</span>
					</CommandButton>
				</>
			) : null}
			{patch.state === "proposed" && hunk?.site.cause === "rounding" ? (
				<CommandButton id="rounding.allow" argument={`${patch.function} ${hunk.site.expr}`} look="quiet">
					Keep its own rounding…
				</CommandButton>
			) : null}
			<span className={styles.spring} />
			<CommandButton
				id="patch.inline"
				look="quiet"
				iconOnly
				pressed={inline}
				icon={inline ? <Rows2 size={16} aria-hidden="true" /> : <Columns2 size={16} aria-hidden="true" />}
			/>
		</div>
	);
}

/** Files with hunks as tabs; what only follows from them is folded away. */
function Files({ patch, path, onOpen }: { patch: PatchInfo; path: string; onOpen(path: string): void }) {
	const withHunks = new Set(patch.hunks.map((hunk) => hunk.file));
	const [open, setOpen] = useState(false);
	const rest = patch.paths.filter((one) => !withHunks.has(one));
	const button = (name: string) => (
		<button key={name} type="button" aria-pressed={name === path} onClick={() => onOpen(name)}>
			{name}
		</button>
	);
	return (
		<nav className={styles.files} aria-label="Files of this patch">
			{patch.paths.filter((one) => withHunks.has(one)).map(button)}
			{rest.length === 0 ? null : (
				<button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
					{open ? "Fewer" : `${rest.length} more that follow`}
				</button>
			)}
			{open ? rest.map(button) : null}
		</nav>
	);
}

function Decision({ patch, outcome }: { patch: PatchInfo; outcome: Outcome }) {
	const { title } = useCommand("patch.accept");
	return (
		<footer className={styles.decision}>
			<p className={`${styles.outcome} ${styles[outcome.tone] ?? ""}`} aria-live="polite">
				<strong>{outcome.text}</strong> <span>{outcome.then}</span>
				{outcome.isTrying ? <i className={styles.trying} aria-hidden="true" /> : null}
			</p>
			<div className={styles.buttons}>
				{patch.state === "proposed" ? (
					<>
						<CommandButton id="patch.refuse" icon={<X size={16} aria-hidden="true" />}>
							Refuse the patch
						</CommandButton>
						<CommandButton id="patch.accept" look="primary" icon={<Check size={16} aria-hidden="true" />}>
							{title}
						</CommandButton>
						<Keys of="Enter" />
					</>
				) : null}
				{patch.state === "refused" ? (
					<CommandButton id="patch.reopen" icon={<Undo2 size={16} aria-hidden="true" />}>
						Put it up again
					</CommandButton>
				) : null}
				{patch.state === "applied" ? <CommandButton id="patch.revert" icon={<RotateCcw size={16} aria-hidden="true" />} /> : null}
			</div>
		</footer>
	);
}
