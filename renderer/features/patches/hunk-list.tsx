import { Check, Circle, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import type { Hunk, PatchInfo } from "../../../core/contract/run.ts";
import { useCommand } from "../../app/context.tsx";
import type { Mark, ReviewDraft } from "../../state/index.ts";
import { plural } from "../../ui/index.ts";
import styles from "./panels.module.css";

type Props = { patch: PatchInfo; current: string | null; marks: ReviewDraft["marks"] };

/** Every hunk with what was found out and the legacy line that it imitates. One stop for Tab; arrows or N and P move. */
export function HunkList({ patch, current, marks }: Props) {
	const show = useCommand("patch.showHunk");
	const next = useCommand("patch.nextHunk");
	const previous = useCommand("patch.previousHunk");
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
		event.preventDefault();
		(event.key === "ArrowDown" ? next : previous).run();
	};
	return (
		<div
			className={styles.hunks}
			role="listbox"
			tabIndex={0}
			aria-label={`${plural(patch.hunks.length, "hunk")} of this patch`}
			aria-activedescendant={current === null ? undefined : domId(current)}
			onKeyDown={onKeyDown}
		>
			{patch.hunks.map((hunk, index) => (
				<Row
					key={hunk.id}
					hunk={hunk}
					index={index}
					of={patch.hunks.length}
					isCurrent={hunk.id === current}
					mark={patch.decision === null ? marks[hunk.id] : patch.decision.hunks.includes(hunk.id) ? "accepted" : "refused"}
					onShow={() => show.run(hunk.id)}
				/>
			))}
		</div>
	);
}

type RowProps = { hunk: Hunk; index: number; of: number; isCurrent: boolean; mark: Mark | undefined; onShow(): void };

function Row({ hunk, index, of, isCurrent, mark, onShow }: RowProps) {
	const { site, explains, legacy } = hunk;
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the keys act on the list, which has the focus
		<div
			className={styles.hunk}
			id={domId(hunk.id)}
			role="option"
			tabIndex={-1}
			aria-selected={isCurrent}
			onClick={onShow}
			ref={isCurrent ? intoView : undefined}
		>
			<span className={styles.hunkHead}>
				<State mark={mark} />
				<strong>
					{index + 1} of {of}
				</strong>
				<span className={styles.hunkCases}>
					{explains.count === 0 ? "no case needs it alone" : `${plural(explains.count, "case needs", "cases need")} it`}
				</span>
			</span>
			<span className={styles.hunkPlace}>
				{hunk.file}:{hunk.afterLines[0]}
				<span>{hunk.site.cause}</span>
			</span>
			{isCurrent ? <span>{hunk.hypothesis}</span> : null}
			<span className={styles.legacyLine}>
				{isCurrent ? (
					<span>
						Legacy {site.span.file}:{site.span.line}
					</span>
				) : null}
				<code>{legacy.line === "" ? site.op : legacy.line}</code>
			</span>
		</div>
	);
}

const words: Record<Mark, string> = { accepted: "accepted", refused: "refused" };

/** By shape and word, never by colour alone. */
function State({ mark }: { mark: Mark | undefined }) {
	const Icon = mark === "accepted" ? Check : mark === "refused" ? X : Circle;
	return (
		<span className={`${styles.mark} ${mark === undefined ? "" : styles[mark]}`}>
			<Icon size={13} strokeWidth={mark === undefined ? 2 : 3} aria-hidden="true" />
			{mark === undefined ? "undecided" : words[mark]}
		</span>
	);
}

const intoView = (row: HTMLElement | null) => row?.scrollIntoView({ block: "nearest" });
const domId = (hunk: string) => `hunk-${hunk.replace(/[^\w-]/g, "_")}`;
