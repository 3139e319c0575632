import type { ReactNode } from "react";
import { keyWords } from "./format.ts";
import styles from "./small.module.css";

export type Tone = "plain" | "good" | "warn" | "bad" | "info" | "accent";

export function Badge({ tone = "plain", icon, title, children }: { tone?: Tone; icon?: ReactNode; title?: string; children: ReactNode }) {
	return (
		<span className={`${styles.badge} ${tone === "plain" ? "" : styles[tone]}`} title={title}>
			{icon}
			{children}
		</span>
	);
}

/** The keys of a command, as a hint beside its name. */
export function Keys({ of }: { of: string | undefined }) {
	if (of === undefined) return null;
	return <kbd className={styles.kbd}>{keyWords(of)}</kbd>;
}

export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) {
	return (
		<div className={styles.empty}>
			{icon}
			<h2>{title}</h2>
			{children}
		</div>
	);
}
