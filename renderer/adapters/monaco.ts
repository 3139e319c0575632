import "monaco-editor/features/diffEditor/register";
import { calm, languageOf, monaco, theme } from "./monaco-setup.ts";

export { languageOf, theme } from "./monaco-setup.ts";

/** Two texts side by side, read only. */
export type DiffView = { show(file: { path: string; before: string; after: string }): void; restyle(): void; destroy(): void };

export function createDiffView(host: HTMLElement): DiffView {
	theme();
	const editor = monaco.editor.createDiffEditor(host, {
		...calm(),
		originalEditable: false,
		renderSideBySide: true,
		useInlineViewWhenSpaceIsLimited: false,
		renderOverviewRuler: false,
		hideUnchangedRegions: { enabled: true, contextLineCount: 6, minimumLineCount: 8, revealLineCount: 20 },
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
