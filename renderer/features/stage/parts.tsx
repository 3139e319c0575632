import type { ReactNode } from "react";
import styles from "./chapters.module.css";

type FigureProps = { name: string; value: string; tone?: "plain" | "good" | "bad" | "legacy" | "modern"; note?: string };

/** A number that the last row can read, with its name below. */
export function Figure({ name, value, tone = "plain", note }: FigureProps) {
	return (
		<div className={styles.figure}>
			<dd className={tone === "plain" ? "" : styles[tone]}>{value}</dd>
			<dt>
				{name}
				{note === undefined ? null : <small>{note}</small>}
			</dt>
		</div>
	);
}

export function Figures({ children, label }: { children: ReactNode; label: string }) {
	return (
		<section aria-label={label}>
			<dl className={styles.figures}>{children}</dl>
		</section>
	);
}
