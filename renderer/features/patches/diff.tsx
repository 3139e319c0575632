import { useEffect, useRef, useState } from "react";
import type { Patch } from "../../../core/contract/run.ts";
import type { DiffView } from "../../adapters/monaco.ts";
import { onTheme } from "../../adapters/tokens.ts";
import styles from "./patches.module.css";

/** One file before and after, side by side and read only. Monaco arrives when the first difference is opened. */
export function Diff({ file }: { file: Patch["files"][number] }) {
	const host = useRef<HTMLDivElement>(null);
	const view = useRef<DiffView | null>(null);
	const latest = useRef(file);
	const [failed, setFailed] = useState<string | null>(null);
	latest.current = file;

	useEffect(() => {
		let gone = false;
		let stop = () => {};
		void import("../../adapters/monaco.ts").then(
			({ createDiffView }) => {
				if (gone || host.current === null) return;
				const created = createDiffView(host.current);
				created.show(latest.current);
				view.current = created;
				stop = onTheme(created.restyle);
			},
			(error: unknown) => setFailed(String(error)),
		);
		return () => {
			gone = true;
			stop();
			view.current?.destroy();
			view.current = null;
		};
	}, []);
	useEffect(() => view.current?.show(file), [file]);
	return (
		<div className={styles.diff}>
			<div className={styles.sides} aria-hidden="true">
				<span>Before</span>
				<span>After</span>
			</div>
			{failed === null ? <div ref={host} className={styles.editor} /> : <p role="alert">The difference could not be drawn: {failed}</p>}
		</div>
	);
}
