import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Progress } from "../../core/contract/progress.ts";
import { CommandButton } from "./command-button.tsx";
import { useEngine } from "./context.tsx";
import styles from "./progress.module.css";
import { progressWords } from "./progress-words.ts";

/** Shorter work would only flicker. */
const SHOWN_AFTER_MS = 400;

/** What the engine is at that takes a while: how far, how fast, how long still, and the way to stop it. */
export function ProgressList({ plain = false }: { plain?: boolean }) {
	const works = useEngine((state) => state.snapshot?.progress ?? null);
	const at = useEngine((state) => state.snapshot?.at ?? 0);
	if (works === null || works.length === 0) return null;
	return (
		<section aria-label="Work under way">
			<ul className={`${styles.list} ${plain ? styles.plain : ""}`}>
				{works.map((work) => (
					<Work key={work.id} work={work} at={at} />
				))}
			</ul>
		</section>
	);
}

function Work({ work, at }: { work: Progress; at: number }) {
	const [shown, setShown] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
		return () => clearTimeout(timer);
	}, []);
	if (!shown) return null;
	const { id, what, done, total, cancellable } = work;
	return (
		<li className={styles.work}>
			<span className={styles.head}>
				<strong>{what}</strong>
				{cancellable ? (
					<CommandButton id="work.cancel" argument={id} look="quiet" className={styles.cancel} icon={<X size={14} aria-hidden="true" />}>
						Cancel
					</CommandButton>
				) : null}
			</span>
			<progress className={styles.bar} aria-label={what} {...(total === null ? {} : { value: done, max: Math.max(1, total) })} />
			<small>{progressWords(work, at)}</small>
		</li>
	);
}
