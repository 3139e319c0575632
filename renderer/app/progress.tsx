import { ChevronDown, X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import type { Progress } from "../../core/contract/progress.ts";
import { Button } from "../ui/index.ts";
import { CommandButton } from "./command-button.tsx";
import { useEngine } from "./context.tsx";
import styles from "./progress.module.css";
import { gathered, progressWords, sumOf } from "./progress-words.ts";

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
				{gathered(works).map((same) =>
					same.length === 1 ? <Work key={same[0].id} work={same[0]} at={at} /> : <Many key={same[0].sort} works={same} at={at} />,
				)}
			</ul>
		</section>
	);
}

/** Many of one sort as one card; each of them can be looked at and cancelled in it. */
function Many({ works, at }: { works: readonly [Progress, ...Progress[]]; at: number }) {
	const [open, setOpen] = useState(false);
	const list = useId();
	const { done, total, words } = sumOf(works);
	const title = works[0].sort ?? works[0].what;
	return (
		<li className={styles.work}>
			<span className={styles.head}>
				<strong>{title}</strong>
				<Button
					look="quiet"
					className={styles.cancel}
					aria-expanded={open}
					aria-controls={list}
					icon={<ChevronDown size={14} aria-hidden="true" />}
					onClick={() => setOpen(!open)}
				>
					{open ? "Show less" : `Show all ${works.length}`}
				</Button>
			</span>
			<Bar what={title} done={done} total={total} />
			<small>{words}</small>
			<ul id={list} className={styles.each} hidden={!open}>
				{works.map((work) => (
					<li key={work.id}>
						<Head work={work} />
						<small>{progressWords(work, at)}</small>
					</li>
				))}
			</ul>
		</li>
	);
}

function Work({ work, at }: { work: Progress; at: number }) {
	const [shown, setShown] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
		return () => clearTimeout(timer);
	}, []);
	if (!shown) return null;
	const { what, done, total } = work;
	return (
		<li className={styles.work}>
			<Head work={work} />
			<Bar what={what} done={done} total={total} />
			<small>{progressWords(work, at)}</small>
		</li>
	);
}

function Head({ work: { id, what, cancellable } }: { work: Progress }) {
	return (
		<span className={styles.head}>
			<strong title={what}>{what}</strong>
			{cancellable ? (
				<CommandButton id="work.cancel" argument={id} look="quiet" className={styles.cancel} icon={<X size={14} aria-hidden="true" />}>
					Cancel
				</CommandButton>
			) : null}
		</span>
	);
}

function Bar({ what, done, total }: { what: string; done: number; total: number | null }) {
	return <progress className={styles.bar} aria-label={what} {...(total === null ? {} : { value: done, max: Math.max(1, total) })} />;
}
