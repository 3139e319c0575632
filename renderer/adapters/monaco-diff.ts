import "monaco-editor/features/diffEditor/register";
import { calm, languageOf, monaco, theme } from "./monaco-setup.ts";

type Range = readonly [from: number, to: number];

/** A place of the difference that has a state of its own. */
export type DiffMark = {
	id: string;
	before: Range;
	after: Range;
	look: "accepted" | "refused" | "undecided";
	current: boolean;
};

/** Names of the classes that draw a mark; the feature's style sheet has them. */
export type DiffLooks = { glyph: Record<DiffMark["look"], string>; line: Record<DiffMark["look"] | "current", string> };

export type DiffFile = { path: string; before: string; after: string };

/** Two texts with marked places, read only. Files that were shown once are kept, so that going back is at once. */
export type HunkDiff = {
	/** `version` names the texts: the same name and path never have other texts. */
	show(version: string, file: DiffFile): void;
	mark(marks: readonly DiffMark[]): void;
	/** Brings these lines into view, as soon as the difference is known. */
	reveal(before: Range, after: Range): void;
	inline(isInline: boolean): void;
	restyle(): void;
	destroy(): void;
};

type Options = {
	looks: DiffLooks;
	/** A press on the glyph of a mark, or with the pointer on one of its lines. */
	onPick(id: string, isGlyph: boolean): void;
	/** The difference of what is shown has been drawn. */
	onDrawn(): void;
};

export function createHunkDiff(host: HTMLElement, { looks, onPick, onDrawn }: Options): HunkDiff {
	theme();
	const editor = monaco.editor.createDiffEditor(host, {
		...calm(),
		originalEditable: false,
		renderSideBySide: true,
		useInlineViewWhenSpaceIsLimited: false,
		renderOverviewRuler: false,
		overviewRulerBorder: false,
		renderMarginRevertIcon: false,
		renderGutterMenu: false,
		glyphMargin: true,
		lineNumbersMinChars: 3,
		diffWordWrap: "on",
		wrappingIndent: "indent",
		hideUnchangedRegions: { enabled: true, contextLineCount: 5, minimumLineCount: 6, revealLineCount: 20 },
		scrollbar: { useShadows: false, verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
		originalAriaLabel: "Before",
		modifiedAriaLabel: "After",
	});
	const [left, right] = [editor.getOriginalEditor(), editor.getModifiedEditor()];
	/** Every change of the whole gives both sides its own options again. */
	const name = () => {
		left.updateOptions({ ariaLabel: "Before", editContext: false, glyphMargin: false });
		right.updateOptions({ ariaLabel: "After", editContext: false });
	};
	name();
	const models = new Map<string, readonly [monaco.editor.ITextModel, monaco.editor.ITextModel]>();
	const [leftMarks, rightMarks] = [left.createDecorationsCollection(), right.createDecorationsCollection()];
	let marks: readonly DiffMark[] = [];
	let shown = "";
	let isDrawn = false;
	let wanted: { before: Range; after: Range } | null = null;
	let keep: (() => void) | null = null;

	function bring(): void {
		if (wanted === null || !isDrawn) return;
		const { before, after } = wanted;
		wanted = null;
		const [from, to] = after[1] >= after[0] ? after : [after[0], after[0]];
		right.setPosition({ lineNumber: Math.max(1, from), column: 1 });
		left.setPosition({ lineNumber: Math.max(1, before[0]), column: 1 });
		keep = () =>
			right.revealRangeInCenterIfOutsideViewport(new monaco.Range(Math.max(1, from - 2), 1, to + 2, 1), monaco.editor.ScrollType.Immediate);
		right.revealRangeInCenter(new monaco.Range(Math.max(1, from), 1, to, 1), monaco.editor.ScrollType.Immediate);
	}

	const listeners = [
		editor.onDidUpdateDiff(() => {
			isDrawn = true;
			bring();
			onDrawn();
			// Unchanged regions fold after this; what is looked at stays in view.
			requestAnimationFrame(() => keep?.());
		}),
		right.onMouseDown(({ target }) => {
			const line = target.position?.lineNumber;
			const found =
				line === undefined
					? undefined
					: (marks.find((mark) => mark.current && holds(mark.after, line)) ?? marks.find((mark) => holds(mark.after, line)));
			if (found !== undefined) onPick(found.id, target.type === monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN);
		}),
		left.onMouseDown(({ target }) => {
			const line = target.position?.lineNumber;
			const found = line === undefined ? undefined : marks.find((mark) => holds(mark.before, line));
			if (found !== undefined) onPick(found.id, false);
		}),
	];

	return {
		show(version, file) {
			const key = `${version} ${file.path}`;
			if (key === shown) return;
			shown = key;
			isDrawn = false;
			const language = languageOf(file.path);
			const pair = models.get(key) ?? [monaco.editor.createModel(file.before, language), monaco.editor.createModel(file.after, language)];
			models.set(key, pair);
			editor.setModel({ original: pair[0], modified: pair[1] });
		},
		mark(next) {
			marks = next;
			leftMarks.set(next.map((mark) => decoration(mark.before, { className: classes(looks, mark, "before") })));
			rightMarks.set([
				...next.map((mark) => decoration(mark.after, { className: classes(looks, mark, "after") })),
				// Of its own, so that a wrapped line has one glyph.
				...next.map((mark) => ({
					range: new monaco.Range(mark.after[0], 1, mark.after[0], 1),
					options: { glyphMarginClassName: looks.glyph[mark.look], zIndex: mark.current ? 2 : 1 },
				})),
			]);
		},
		reveal(before, after) {
			wanted = { before, after };
			bring();
		},
		inline(isInline) {
			editor.updateOptions({ renderSideBySide: !isInline });
			name();
		},
		restyle: theme,
		destroy() {
			for (const listener of listeners) listener.dispose();
			editor.dispose();
			for (const model of [...models.values()].flat()) model.dispose();
		},
	};
}

const holds = ([from, to]: Range, line: number) => line >= from && line <= Math.max(from, to);

function decoration([from, to]: Range, options: monaco.editor.IModelDecorationOptions): monaco.editor.IModelDeltaDecoration {
	return { range: new monaco.Range(from, 1, Math.max(from, to), 1), options: { isWholeLine: true, ...options } };
}

function classes(looks: DiffLooks, mark: DiffMark, side: "before" | "after"): string {
	const names = [mark.current ? looks.line.current : "", side === "after" ? looks.line[mark.look] : ""];
	return names.filter((name) => name !== "").join(" ");
}
