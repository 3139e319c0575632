import { useEffect, useRef } from "react";
import { useApp, useProject } from "../../app/context.tsx";
import { loadInspection } from "../../app/questions.ts";
import { languageOf, markedLine, shortName } from "../../ui/index.ts";
import styles from "./legacy-code.module.css";

/** The source of one legacy function as it stands in its file, with the lines that the chapter speaks of. */
export function LegacyCode({ name, line }: { name: string | null; line: number | null }) {
	const app = useApp();
	const inspection = useProject((state) => (name === null ? undefined : state.inspections[name]));
	const host = useRef<HTMLElement>(null);
	useEffect(() => {
		if (name !== null) void loadInspection(app, name);
	}, [app, name]);
	const source = inspection?.source;
	useEffect(() => {
		const marked = host.current?.querySelector("[data-told]");
		if (source !== undefined && host.current !== null) {
			if (line === null) host.current.scrollTop = 0;
			else marked?.scrollIntoView({ block: "center" });
		}
	}, [source, line]);
	const language = languageOf(source?.file ?? "");
	return (
		<section className={styles.code} aria-label="Legacy code">
			<header>
				<span>Legacy</span>
				{name === null ? null : <span>{source === undefined ? shortName(name) : `${source.file}, line ${line ?? source.from}`}</span>}
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section ref={host} className={styles.source} tabIndex={0} aria-label="Source">
				{source === undefined ? (
					<p>{name === null ? "No function is chosen yet." : "Reading the source."}</p>
				) : (
					<ol>
						{source.text
							.replace(/\n$/, "")
							.split("\n")
							.map((text, index) => {
								const number = source.from + index;
								return (
									<li key={number} className={number === line ? styles.told : ""} data-told={number === line ? "" : undefined}>
										<span aria-hidden="true">{number}</span>
										<code>{markedLine(text, language)}</code>
									</li>
								);
							})}
					</ol>
				)}
			</section>
		</section>
	);
}
