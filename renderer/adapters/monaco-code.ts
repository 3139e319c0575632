import "monaco-editor/features/hover/register";
import "./monaco-code.css";
import { calm, languageOf, monaco, theme } from "./monaco-setup.ts";

/** Something that is said of some lines: a stroke in the gutter, and words when one points at it. */
export type CodeMark = {
	from: number;
	to: number;
	/** `outside`: has nothing to do with what is shown. */
	tone: "slice" | "rule" | "refusal" | "data" | "site" | "left-out" | "outside";
	words: readonly string[];
};
export type Lines = { from: number; to: number };

/** One text at a time, read only, with marks. */
export type CodeView = {
	show(file: { path: string; text: string }, marks: readonly CodeMark[]): void;
	/** What is meant now; scrolls there where it is out of sight. */
	point(lines: Lines | null): void;
	focus(): void;
	restyle(): void;
	destroy(): void;
};

/** `onLine`: a person went to this line. */
export function createCodeView(host: HTMLElement, options: { label: string; onLine(line: number): void }): CodeView {
	theme();
	const editor = monaco.editor.create(host, {
		...calm(),
		ariaLabel: options.label,
		editContext: false,
		lineNumbersMinChars: 4,
		lineDecorationsWidth: 14,
		glyphMargin: false,
		overviewRulerLanes: 2,
		hover: { delay: 250, above: false },
		wordWrap: "off",
		renderLineHighlight: "none",
		tabFocusMode: true,
	});
	// One model for each text, so that going back to a file is at once and keeps its place.
	const models = new Map<string, { text: string; model: monaco.editor.ITextModel; view: monaco.editor.ICodeEditorViewState | null }>();
	const marked = editor.createDecorationsCollection();
	const pointed = editor.createDecorationsCollection();
	let shown: string | null = null;
	const listening = editor.onDidChangeCursorPosition(({ position, source }) => {
		if (source !== "api" && source !== "model") options.onLine(position.lineNumber);
	});
	return {
		show({ path, text }, marks) {
			const known = models.get(path);
			if (shown !== path || known?.text !== text) {
				const before = shown === null ? undefined : models.get(shown);
				if (before !== undefined) before.view = editor.saveViewState();
				const entry = known?.text === text ? known : { text, model: monaco.editor.createModel(text, languageOf(path)), view: null };
				editor.setModel(entry.model);
				if (known !== undefined && known !== entry) known.model.dispose();
				models.set(path, entry);
				if (entry.view !== null) editor.restoreViewState(entry.view);
				pointed.clear();
				shown = path;
			}
			marked.set(marks.map((mark) => ({ range: new monaco.Range(mark.from, 1, mark.to, Number.MAX_SAFE_INTEGER), options: looks(mark) })));
		},
		point(lines) {
			if (lines === null) return pointed.clear();
			pointed.set([
				{
					range: new monaco.Range(lines.from, 1, lines.to, 1),
					options: { isWholeLine: true, className: "phoenix-pointed", linesDecorationsClassName: "phoenix-pointed-edge" },
				},
			]);
			editor.revealLinesInCenterIfOutsideViewport(lines.from, lines.to, monaco.editor.ScrollType.Immediate);
		},
		focus: () => editor.focus(),
		restyle: theme,
		destroy() {
			listening.dispose();
			editor.dispose();
			for (const { model } of models.values()) model.dispose();
		},
	};
}

function looks({ tone, words }: CodeMark): monaco.editor.IModelDecorationOptions {
	if (tone === "outside") return { inlineClassName: "phoenix-outside" };
	return {
		isWholeLine: true,
		linesDecorationsClassName: `phoenix-stroke phoenix-${tone}`,
		...(tone === "left-out" ? { inlineClassName: "phoenix-outside" } : {}),
		hoverMessage: words.map((text) => ({ value: plain(text) })),
	};
}

/** Text that stays text: the hover would read it as markdown. */
const plain = (text: string) => text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$@:"'=/]/g, "\\$&");
