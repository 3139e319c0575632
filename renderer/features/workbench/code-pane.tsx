import { useEffect, useRef, useState } from "react";
import type { CodeMark, CodeView, Lines } from "../../adapters/monaco-code.ts";
import { onTheme } from "../../adapters/tokens.ts";
import styles from "./workbench.module.css";

type Props = {
	label: string;
	file: { path: string; text: string };
	marks: readonly CodeMark[];
	/** What is meant now. A new object scrolls there again. */
	pointed: Lines | null;
	onLine(line: number): void;
};

/** One text in Monaco, which arrives when the first is opened. */
export function CodePane({ label, file, marks, pointed, onLine }: Props) {
	const host = useRef<HTMLDivElement>(null);
	const [view, setView] = useState<CodeView | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const heard = useRef(onLine);
	heard.current = onLine;

	useEffect(() => {
		let gone = false;
		let end = () => {};
		const started = performance.now();
		void import("../../adapters/monaco-code.ts").then(
			({ createCodeView }) => {
				if (gone || host.current === null) return;
				const created = createCodeView(host.current, { label, onLine: (line) => heard.current(line) });
				const stop = onTheme(created.restyle);
				end = () => {
					stop();
					created.destroy();
				};
				setView(created);
				performance.measure("code-view", { start: started });
			},
			(error: unknown) => setFailed(String(error)),
		);
		return () => {
			gone = true;
			setView(null);
			end();
		};
	}, [label]);
	useEffect(() => view?.show(file, marks), [view, file, marks]);
	useEffect(() => view?.point(pointed), [view, pointed]);
	if (failed !== null) return <p role="alert">The text could not be shown: {failed}</p>;
	return <div ref={host} className={styles.editor} />;
}
