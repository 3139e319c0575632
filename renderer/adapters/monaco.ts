import "monaco-editor/features/codicon/register";
import "monaco-editor/features/diffEditor/register";
import "monaco-editor/features/find/register";
import "monaco-editor/languages/definitions/java/register";
import "monaco-editor/languages/definitions/python/register";
import "monaco-editor/languages/definitions/sql/register";
import "monaco-editor/languages/definitions/typescript/register";
import * as monaco from "monaco-editor/editor";
import workerUrl from "monaco-editor/editor/editor.worker?worker&url";
import { token } from "./tokens.ts";
import { createWorker } from "./trusted-worker.ts";

/** Two texts side by side, read only. */
export type DiffView = { show(file: { path: string; before: string; after: string }): void; restyle(): void; destroy(): void };

// A file of the same origin: the content security policy allows neither blob: nor data: workers.
Object.assign(globalThis, { MonacoEnvironment: { getWorker: () => createWorker(workerUrl) } });

export function createDiffView(host: HTMLElement): DiffView {
	theme();
	const editor = monaco.editor.createDiffEditor(host, {
		automaticLayout: true,
		readOnly: true,
		originalEditable: false,
		renderSideBySide: true,
		useInlineViewWhenSpaceIsLimited: false,
		minimap: { enabled: false },
		scrollBeyondLastLine: false,
		renderOverviewRuler: false,
		fontFamily: token("mono"),
		fontSize: 13,
		lineHeight: 21,
		hideUnchangedRegions: { enabled: true, contextLineCount: 6, minimumLineCount: 8, revealLineCount: 20 },
		renderWhitespace: "none",
		occurrencesHighlight: "off",
		folding: false,
		guides: { indentation: false },
		stickyScroll: { enabled: false },
		originalAriaLabel: "Before",
		modifiedAriaLabel: "After",
	});
	editor.getOriginalEditor().updateOptions({ ariaLabel: "Before", editContext: false });
	editor.getModifiedEditor().updateOptions({ ariaLabel: "After", editContext: false });
	let models: monaco.editor.ITextModel[] = [];
	const forget = () => {
		for (const model of models) model.dispose();
	};
	return {
		show({ path, before, after }) {
			const language = languageOf(path);
			const fresh = [monaco.editor.createModel(before, language), monaco.editor.createModel(after, language)] as const;
			editor.setModel({ original: fresh[0], modified: fresh[1] });
			forget();
			models = [...fresh];
		},
		restyle: theme,
		destroy() {
			editor.dispose();
			forget();
		},
	};
}

/** Colours of the tokens, for every editor of the window; again after each change of the theme. */
export function theme(): void {
	const dark = document.documentElement.dataset.theme === "dark";
	const colour = (name: string, alpha = "") => `${token(name)}${alpha}`;
	const foreground = (name: string) => token(name).slice(1);
	monaco.editor.defineTheme("phoenix", {
		base: dark ? "vs-dark" : "vs",
		inherit: true,
		rules: [
			{ token: "keyword", foreground: foreground("code-keyword") },
			{ token: "string", foreground: foreground("code-string") },
			{ token: "number", foreground: foreground("code-number") },
			{ token: "comment", foreground: foreground("code-comment"), fontStyle: "italic" },
			{ token: "type", foreground: foreground("info") },
			{ token: "identifier", foreground: foreground("text") },
		],
		colors: {
			"editor.background": colour("surface"),
			"editor.foreground": colour("text"),
			"editorLineNumber.foreground": colour("text-muted"),
			"editorLineNumber.dimmedForeground": colour("text-muted"),
			"editorLineNumber.activeForeground": colour("text"),
			"editor.lineHighlightBackground": colour("surface"),
			"editor.lineHighlightBorder": colour("surface"),
			"diffEditor.removedLineBackground": colour("bad-mark", "18"),
			"diffEditor.removedTextBackground": colour("bad-mark", "24"),
			"diffEditor.insertedLineBackground": colour("good-mark", "18"),
			"diffEditor.insertedTextBackground": colour("good-mark", "2b"),
			"diffEditor.unchangedRegionBackground": colour("sunken"),
			"diffEditor.unchangedRegionForeground": colour("text-muted"),
		},
	});
	monaco.editor.setTheme("phoenix");
}

export function languageOf(path: string): string {
	if (/\.(ts|js|mjs|json)$/.test(path)) return "typescript";
	if (path.endsWith(".java")) return "java";
	if (path.endsWith(".py")) return "python";
	return path.endsWith(".sql") ? "sql" : "plaintext";
}
