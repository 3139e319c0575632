import { useEffect, useState } from "react";
import type { CodeFile } from "../../../core/contract/api.ts";
import { useApp, useProject } from "../../app/context.tsx";
import { codeKey, loadCode } from "../../app/questions.ts";
import { languageOf, plural, Source } from "../../ui/index.ts";
import styles from "./inspector.module.css";

/** The generated service, file by file. `version` 0: nothing runs yet, a fresh draft is shown. */
export function CodeTab({ name, version }: { name: string; version: number }) {
	const app = useApp();
	const files = useProject((state) => state.code[codeKey(name, version)]);
	const [chosen, setChosen] = useState<string | null>(null);
	useEffect(() => void loadCode(app, name, version), [app, name, version]);
	if (files === undefined) return <p className={styles.muted}>Generating…</p>;
	const file = files.find((one) => one.path === chosen) ?? longest(files);
	if (file === undefined) return <p className={styles.muted}>No file was generated.</p>;
	return (
		<>
			<div className={styles.fileRow}>
				<label htmlFor="file">File</label>
				<select id="file" value={file.path} onChange={(event) => setChosen(event.target.value)}>
					{files.map((one) => (
						<option key={one.path}>{one.path}</option>
					))}
				</select>
				<span className={styles.muted}>
					{version === 0 ? "first draft" : `version ${version}`}, {plural(files.length, "file")}
				</span>
			</div>
			<Source text={file.text} language={languageOf(file.path)} label={file.path} />
		</>
	);
}

/** The file that says most: code before data. */
function longest(files: readonly CodeFile[]): CodeFile | undefined {
	const weight = ({ path, text }: CodeFile) => (/\.(ts|java)$/.test(path) && !/test/i.test(path) ? 1e9 : 0) + text.length;
	return [...files].sort((a, b) => weight(b) - weight(a))[0];
}
