import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Progress } from "../../core/contract/progress.ts";
import { count, duration } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useEngine } from "./context.tsx";
import styles from "./progress.module.css";

/** Shorter work would only flicker. */
const SHOWN_AFTER_MS = 400;

/** What the engine is at that takes a while: how far, how fast, how long still, and the way to stop it. */
export function ProgressList({ plain = false }: { plain?: boolean }) {
	const works = useEngine((state) => state.snapshot?.progress ?? null);
	const at = useEngine((state) => state.snapshot?.at ?? 0);
	if (works === null || works.length === 0) return null;
	return (
		<ul className={`${styles.list} ${plain ? styles.plain : ""}`} aria-label="Work under way">
			{works.map((work) => (
				<Work key={work.id} work={work} at={at} />
			))}
		</ul>
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

/** `1,204 of 5,000 files, 602 a second, about 7 s left`. */
export function progressWords({ done, total, unit, startedAt }: Progress, at: number): string {
	const seconds = (at - startedAt) / 1000;
	const rate = seconds > 0.5 ? done / seconds : 0;
	const words = [total === null ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`];
	if (rate >= 1) words.push(`${count(rate)} a second`);
	if (total !== null && rate > 0 && done < total)
		words.push(`about ${duration(Math.max(1000, Math.ceil((total - done) / rate) * 1000)).replace(".0", "")} left`);
	return words.join(", ");
}
