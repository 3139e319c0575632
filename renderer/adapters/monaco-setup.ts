import "monaco-editor/features/codicon/register";
import "monaco-editor/features/find/register";
import "monaco-editor/languages/definitions/java/register";
import "monaco-editor/languages/definitions/python/register";
import "monaco-editor/languages/definitions/sql/register";
import "monaco-editor/languages/definitions/typescript/register";
import "monaco-editor/languages/definitions/xml/register";
import * as monaco from "monaco-editor/editor";
import workerUrl from "monaco-editor/editor/editor.worker?worker&url";
import { token } from "./tokens.ts";
import { createWorker } from "./trusted-worker.ts";

export { monaco };

// A file of the same origin: the content security policy allows neither blob: nor data: workers.
Object.assign(globalThis, { MonacoEnvironment: { getWorker: () => createWorker(workerUrl) } });

/** What every view of text has in common. */
export const calm = () =>
	({
		automaticLayout: true,
		readOnly: true,
		minimap: { enabled: false },
		scrollBeyondLastLine: false,
		fontFamily: token("mono"),
		fontSize: 13,
		lineHeight: 21,
		renderWhitespace: "none",
		occurrencesHighlight: "off",
		folding: false,
		guides: { indentation: false },
		stickyScroll: { enabled: false },
	}) as const;

/** Brings the colours of the shown theme to every view. */
export function theme(): void {
	const shown = document.documentElement.dataset.theme;
	const dark = shown === "dark" || shown === "contrast";
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
			// Colour means something here; pairs of brackets do not.
			...Object.fromEntries([1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, colour("text")])),
			"editorHoverWidget.background": colour("raised"),
			"editorHoverWidget.foreground": colour("text"),
			"editorHoverWidget.border": colour("line-strong"),
			"diffEditor.removedLineBackground": colour("bad-mark", "18"),
			"diffEditor.removedTextBackground": colour("bad-mark", "1c"),
			"diffEditor.insertedLineBackground": colour("good-mark", "18"),
			"diffEditor.insertedTextBackground": colour("good-mark", "2b"),
			"diffEditor.unchangedRegionBackground": colour("sunken"),
			"diffEditor.unchangedRegionForeground": colour("text-muted"),
		},
	});
	monaco.editor.setTheme("phoenix");
}

/** Only what Phoenix reads and writes today; JSON is coloured as the literals of TypeScript, without a language server. */
export function languageOf(path: string): string {
	if (/\.(ts|js|mjs|json)$/.test(path)) return "typescript";
	if (path.endsWith(".py")) return "python";
	if (path.endsWith(".java")) return "java";
	if (/\.(xml|html)$/.test(path)) return "xml";
	return path.endsWith(".sql") ? "sql" : "plaintext";
}
