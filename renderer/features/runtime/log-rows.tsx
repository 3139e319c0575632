import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type RefObject, useImperativeHandle } from "react";
import type { OutputLine } from "../../../core/contract/runtime.ts";
import { clock } from "../../ui/index.ts";
import styles from "./log.module.css";

export const ROW = 20;
/** More than are ever in sight with what is drawn around them: a row that leaves is used again for one that comes. */
const POOL = 96;

export type RowsHandle = {
	show(index: number, align?: "center"): void;
	/** Index of the first and of the last row that is drawn. */
	range(): { first: number; last: number };
};

type Props = {
	lines: readonly OutputLine[];
	/** The list is changed in place; its version says so. */
	version: number;
	host: RefObject<HTMLElement | null>;
	handle: RefObject<RowsHandle | null>;
	chosen: number | null;
	pattern: RegExp | null;
	withSource: boolean;
	onChoose(seq: number): void;
};

/** The lines in sight. Scrolling draws this list again and nothing around it. */
export const LogRows = memo(function LogRows({ lines, host, handle, chosen, pattern, withSource, onChoose }: Props) {
	const rows = useVirtualizer({ count: lines.length, getScrollElement: () => host.current, estimateSize: () => ROW, overscan: 12 });
	useImperativeHandle(handle, () => ({
		show: (index, align) => rows.scrollToIndex(index, align === undefined ? {} : { align }),
		range: () => ({ first: rows.range?.startIndex ?? 0, last: rows.range?.endIndex ?? 0 }),
	}));
	return (
		<ol style={{ height: rows.getTotalSize() }}>
			{rows.getVirtualItems().map(({ index, start }) => {
				const line = lines[index] as OutputLine;
				return (
					<Row
						key={index % POOL}
						line={line}
						top={start}
						chosen={line.seq === chosen}
						pattern={pattern}
						withSource={withSource}
						onChoose={onChoose}
					/>
				);
			})}
		</ol>
	);
});

type RowProps = Pick<Props, "pattern" | "withSource" | "onChoose"> & { line: OutputLine; top: number; chosen: boolean };

const Row = memo(function Row({ line, top, chosen, pattern, withSource, onChoose }: RowProps) {
	const { seq, at, source, level, text } = line;
	return (
		<li
			className={`${styles[level]} ${chosen ? styles.chosen : ""}`}
			style={{ transform: `translateY(${top}px)` }}
			onPointerDown={() => onChoose(seq)}
		>
			<time>{at === null ? "earlier" : clock(at)}</time>
			{withSource ? <b title={source}>{shortSource(source)}</b> : null}
			<i aria-hidden="true">{level === "bad" ? "!" : level === "warn" ? "~" : ""}</i>
			{level === "plain" ? null : <span className="sr-only">{level === "bad" ? "error: " : "warning: "}</span>}
			<code>{marked(text, pattern)}</code>
		</li>
	);
});

export function marked(text: string, pattern: RegExp | null) {
	const match = pattern?.exec(text) ?? null;
	if (match === null) return text;
	const end = match.index + match[0].length;
	return (
		<>
			{text.slice(0, match.index)}
			<mark>{match[0]}</mark>
			{text.slice(end)}
		</>
	);
}

const shortSource = (id: string) => id.replace(/^.*\.([^.]+)\.(shadow|live)\.(v\d+)$/, "$1 $3");
