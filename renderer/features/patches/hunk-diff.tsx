import { useEffect, useRef, useState } from "react";
import type { PatchInfo } from "../../../core/contract/run.ts";
import type { DiffMark, HunkDiff as View } from "../../adapters/monaco-diff.ts";
import { onTheme } from "../../adapters/tokens.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { commandFor } from "../../app/keymap.ts";
import type { ReviewDraft } from "../../state/index.ts";
import styles from "./patches.module.css";
import { useTexts } from "./texts.ts";

const name = (key: string) => styles[key] ?? "";

type Props = { patch: PatchInfo; path: string; current: string | null; marks: ReviewDraft["marks"]; inline: boolean };

/** One file before and after with its hunks marked, read only. Monaco arrives when the first difference is opened, and stays. */
export function HunkDiff({ patch, path, current, marks, inline }: Props) {
	const app = useApp();
	const host = useRef<HTMLDivElement>(null);
	const asked = useRef(performance.now());
	const [view, setView] = useState<View | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const file = useTexts(patch.id)?.find((one) => one.path === path);
	const looked = patch.hunks.find((hunk) => hunk.id === current && hunk.file === path);

	useEffect(() => {
		let created: View | null = null;
		let gone = false;
		let stop = () => {};
		void import("../../adapters/monaco-diff.ts").then(
			({ createHunkDiff }) => {
				if (gone || host.current === null) return;
				created = createHunkDiff(host.current, {
					looks: {
						glyph: { accepted: name("glyphAccepted"), refused: name("glyphRefused"), undecided: name("glyphUndecided") },
						line: { accepted: "", refused: name("lineRefused"), undecided: "", current: name("lineCurrent") },
					},
					onPick(id, isGlyph) {
						const isAccepted = draftMarks(app, patch.id)[id] === "accepted";
						void perform(app, !isGlyph ? "patch.showHunk" : isAccepted ? "patch.refuseHunk" : "patch.acceptHunk", id);
					},
					// From the wish to see a file until its difference is drawn.
					onDrawn: () => performance.measure("patch-diff", { start: asked.current, end: performance.now() }),
				});
				stop = onTheme(created.restyle);
				setView(created);
			},
			(error: unknown) => setFailed(String(error)),
		);
		return () => {
			gone = true;
			stop();
			created?.destroy();
		};
	}, [app, patch.id]);

	useEffect(() => {
		if (view === null || file === undefined) return;
		if (performance.getEntriesByName("patch-diff").length > 0) asked.current = performance.now();
		view.show(patch.id, file);
	}, [view, patch.id, file]);
	useEffect(() => view?.inline(inline), [view, inline]);
	useEffect(() => {
		if (view === null) return;
		const own = patch.hunks.filter((hunk) => hunk.file === path);
		view.mark(
			own.map(({ id, beforeLines, afterLines }): DiffMark => {
				const look = patch.state === "proposed" ? (marks[id] ?? "undecided") : decided(patch, id);
				return { id, before: beforeLines, after: afterLines, look, current: id === current };
			}),
		);
	}, [view, patch, path, marks, current]);
	useEffect(() => {
		if (looked !== undefined && file !== undefined) view?.reveal(looked.beforeLines, looked.afterLines);
	}, [view, looked, file]);

	// The texts are read only: a key in them is a command, as everywhere in this place.
	useEffect(() => {
		const here = host.current;
		if (here === null) return;
		const listen = (event: KeyboardEvent) => {
			const isText = event.target instanceof HTMLElement && event.target.classList.contains("inputarea");
			if (!isText || event.ctrlKey || event.metaKey || event.altKey) return;
			const command = commandFor(app, event, false);
			if (command === null) return;
			event.preventDefault();
			event.stopPropagation();
			void perform(app, command.id);
		};
		here.addEventListener("keydown", listen, true);
		return () => here.removeEventListener("keydown", listen, true);
	}, [app]);

	return (
		<div className={styles.diff}>
			<div className={`${styles.sides} ${inline ? styles.oneSide : ""}`} aria-hidden="true">
				<span>Version {patch.from}</span>
				{inline ? null : <span>Version {patch.to}</span>}
				{inline ? <span>Version {patch.to}, inline</span> : null}
			</div>
			{failed === null ? (
				<section ref={host} className={styles.editor} aria-label={`Differences in ${path}`} />
			) : (
				<p role="alert">The difference could not be drawn: {failed}</p>
			)}
		</div>
	);
}

function decided(patch: PatchInfo, id: string): DiffMark["look"] {
	if (patch.decision === null) return "undecided";
	return patch.decision.hunks.includes(id) ? "accepted" : "refused";
}

function draftMarks(app: ReturnType<typeof useApp>, patch: string): ReviewDraft["marks"] {
	return app.screen.getState().reviews[patch]?.marks ?? {};
}
