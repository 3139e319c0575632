import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine, Copy } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { LogLine } from "../../../core/contract/log.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import { Button, clock, count, shortName } from "../../ui/index.ts";
import styles from "./log.module.css";

const CONTEXT = 5;
const levels = ["info", "good", "warn", "bad"] as const;
const levelWords: Record<LogLine["level"], string> = { info: "Plain", good: "Good", warn: "Warning", bad: "Bad" };

/** The newest events, of one function or all. Only the lines in sight are in the page; scrolling up stops the following. */
export function EventLog({ name }: { name: string | null }) {
	const app = useApp();
	const log = useEngine((state) => state.log);
	const forgotten = useEngine((state) => state.logForgotten);
	const [wanted, setWanted] = useState<string>("");
	const [level, setLevel] = useState<"" | LogLine["level"]>("");
	const [chosen, setChosen] = useState<number | null>(null);
	const [following, setFollowing] = useState(true);
	const host = useRef<HTMLDivElement>(null);
	const lastTop = useRef(0);
	const about = name ?? wanted;
	const lines = useMemo(
		() => log.filter((line) => (about === "" || line.function === about) && (level === "" || line.level === level)),
		[log, about, level],
	);
	const names = useMemo(() => [...new Set(log.flatMap((line) => line.function ?? []))].sort(), [log]);
	const rows = useVirtualizer({ count: lines.length, getScrollElement: () => host.current, estimateSize: () => 24, overscan: 20 });

	// Follows when a line comes; a reader who scrolled up is left alone.
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new line is the occasion
	useEffect(() => {
		if (following && host.current !== null) host.current.scrollTop = host.current.scrollHeight;
	}, [lines.length, following]);
	const onScroll = () => {
		const element = host.current;
		if (element === null) return;
		const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
		// Lines may have come since this scrolling began; only a move upwards is the reader's.
		const wentUp = element.scrollTop < lastTop.current;
		lastTop.current = element.scrollTop;
		setFollowing((before) => atEnd || (before && !wentUp));
	};
	const copy = async () => {
		const at = lines.findIndex((line) => line.seq === chosen);
		if (at === -1) return;
		const around = lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1);
		await navigator.clipboard.writeText(around.map((line) => `${line.seq === chosen ? ">" : " "} ${textOf(line)}`).join("\n"));
		app.screen.getState().say(`${around.length} lines copied`);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const at = lines.findIndex((line) => line.seq === chosen);
		const to =
			event.key === "ArrowDown" ? Math.min(lines.length - 1, at + 1) : event.key === "ArrowUp" ? (at === -1 ? lines.length : at) - 1 : -1;
		const line = lines[to];
		if ((event.ctrlKey || event.metaKey) && event.key === "c" && chosen !== null) {
			event.preventDefault();
			void copy();
		}
		if (line === undefined) return;
		event.preventDefault();
		setFollowing(false);
		setChosen(line.seq);
		rows.scrollToIndex(to, { align: "auto" });
	};
	return (
		<section className={styles.box} aria-label="Events">
			<header>
				{name !== null ? null : (
					<label>
						Function
						<select value={wanted} onChange={(event) => setWanted(event.target.value)}>
							<option value="">all</option>
							{names.map((one) => (
								<option key={one} value={one}>
									{shortName(one)}
								</option>
							))}
						</select>
					</label>
				)}
				<label>
					Level
					<select value={level} onChange={(event) => setLevel(event.target.value as typeof level)}>
						<option value="">all</option>
						{levels.map((one) => (
							<option key={one} value={one}>
								{levelWords[one]}
							</option>
						))}
					</select>
				</label>
				<span role="status">
					{count(lines.length)} of {count(log.length)} lines
					{forgotten === 0 ? "" : `; ${count(forgotten)} older ones are in the journal`}
				</span>
				<Button look="quiet" disabled={chosen === null} icon={<Copy size={14} aria-hidden="true" />} onClick={() => void copy()}>
					Copy with context
				</Button>
				<Button
					look="quiet"
					disabled={following}
					icon={<ArrowDownToLine size={14} aria-hidden="true" />}
					onClick={() => setFollowing(true)}
				>
					{following ? "Following" : "Follow"}
				</Button>
			</header>
			<div
				ref={host}
				className={styles.lines}
				role="listbox"
				tabIndex={0}
				aria-label="Event lines"
				aria-activedescendant={chosen === null ? undefined : `event-${chosen}`}
				onScroll={onScroll}
				onKeyDown={onKeyDown}
			>
				<div style={{ height: rows.getTotalSize() }} role="presentation">
					{rows.getVirtualItems().map(({ index, start }) => {
						const line = lines[index];
						if (line === undefined) return null;
						return (
							// biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names the chosen line
							// biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys choose a line
							<div
								key={line.seq}
								id={`event-${line.seq}`}
								role="option"
								aria-selected={line.seq === chosen}
								className={`${styles.line} ${styles[line.level]}`}
								style={{ transform: `translateY(${start}px)` }}
								title={line.text}
								onClick={() => setChosen(line.seq)}
							>
								<time>{clock(line.at).slice(0, 8)}</time>
								<i aria-hidden="true" />
								{line.level === "info" ? null : <span className="sr-only">{levelWords[line.level]}: </span>}
								{name !== null || line.function === null ? null : <b>{shortName(line.function)}</b>}
								<span>{line.text}</span>
							</div>
						);
					})}
				</div>
			</div>
		</section>
	);
}

function textOf({ at, level, function: name, text }: LogLine): string {
	return [clock(at), level, name ?? "", text].filter(Boolean).join("  ");
}
