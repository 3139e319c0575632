import { ArrowDownToLine, ChevronDown, ChevronUp, Copy, History, Search, X } from "lucide-react";
import { type KeyboardEvent, useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { OutputLine, RuntimeState } from "../../../core/contract/runtime.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Button, clock, count, plural } from "../../ui/index.ts";
import { lines as page } from "./lines.ts";
import styles from "./log.module.css";
import { LogRows, marked, ROW, type RowsHandle } from "./log-rows.tsx";
import { createView, type Filter, matchesIn, patternOf, placeOf } from "./view.ts";

const CONTEXT_LINES = 5;
const OLDER_LINES = 20_000;

type Props = { state: RuntimeState | null; filter: Filter; onFilter(filter: Filter): void };

/** What processes write: all that this page holds, of which only the lines in sight are drawn. */
export function LogView({ state, filter, onFilter }: Props) {
	const { source, level } = filter;
	const app = useApp();
	const version = useStore(page, ({ version: now }) => now);
	const life = useStore(page, ({ life: now }) => now);
	const older = useStore(page, ({ older: now }) => now);
	const host = useRef<HTMLDivElement>(null);
	const field = useRef<HTMLInputElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another core's lines are another list
	const view = useMemo(() => createView({ source, level }), [source, level, life]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the page's list is changed in place, its version says so
	const moved = useMemo(() => view.follow(page.getState().lines), [view, version]);
	const shown = view.lines;
	const [following, setFollowing] = useState(true);
	const [seenUpTo, setSeenUpTo] = useState(0);
	const [chosen, setChosen] = useState<number | null>(null);
	const [text, setText] = useState("");
	const searched = useDeferredValue(text);
	const pattern = useMemo(() => patternOf(searched), [searched]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: as above
	const found = useMemo(() => matchesIn(shown, pattern), [shown, pattern, version]);
	const rows = useRef<RowsHandle>(null);
	const last = shown.at(-1)?.seq ?? 0;

	// The end stays in sight while one follows; whoever scrolled up keeps the lines before the eyes where they are.
	useLayoutEffect(() => {
		const element = host.current;
		if (element === null) return;
		if (following) toEnd(element);
		else if (moved.came !== moved.gone) element.scrollTop += (moved.came - moved.gone) * ROW;
	}, [following, moved]);
	useEffect(() => {
		if (following) setSeenUpTo(last);
	}, [following, last]);

	const lastTop = useRef(0);
	const onScroll = () => {
		const element = host.current;
		if (element === null) return;
		const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < ROW * 1.5;
		const wentUp = element.scrollTop < lastTop.current - 1;
		lastTop.current = element.scrollTop;
		if (atEnd) setFollowing(true);
		else if (wentUp) setFollowing(false);
		else if (following) toEnd(element);
	};

	const show = useCallback(
		(seq: number) => {
			const index = placeOf(view.lines, seq);
			if (index === -1) return;
			setFollowing(false);
			setChosen(seq);
			rows.current?.show(index, "center");
		},
		[view],
	);
	const step = useCallback(
		(by: 1 | -1) => {
			// Whoever presses Enter right after the last letter means what stands there now.
			const places = text === searched ? found : matchesIn(shown, patternOf(text));
			if (places.length === 0) return;
			const from = chosen ?? (by === -1 ? Number.POSITIVE_INFINITY : (shown[rows.current?.range().first ?? 0]?.seq ?? 0) - 1);
			const next = by === 1 ? places.find((seq) => seq > from) : places.findLast((seq) => seq < from);
			show(next ?? ((by === 1 ? places[0] : places.at(-1)) as number));
		},
		[found, text, searched, chosen, shown, show],
	);
	const follow = useCallback(() => {
		setChosen(null);
		setFollowing(true);
	}, []);
	const copy = useCallback(async () => {
		const index = chosen === null ? -1 : placeOf(view.lines, chosen);
		if (index === -1) return;
		const part = view.lines.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
		await navigator.clipboard?.writeText(part.map(wordsOf).join("\n"));
		app.screen.getState().say(`${plural(part.length, "line")} copied`);
	}, [view, chosen, app]);
	const loadOlder = useCallback(async () => {
		const before = page.getState().lines[0]?.seq ?? 1;
		setFollowing(false);
		const answer = await ask(app, (client) => client.runtime.lines({ before, limit: OLDER_LINES }));
		if (answer) page.getState().prepend(answer);
	}, [app]);

	useEffect(() => {
		const find = () => {
			field.current?.focus();
			field.current?.select();
		};
		const { screen } = app;
		screen.getState().set({ output: { find, step, follow, copy, older: loadOlder, found: found.length, chosen, following } });
		return () => screen.getState().set({ output: null });
	}, [app, step, follow, copy, loadOlder, found.length, chosen, following]);

	const onFieldKey = (event: KeyboardEvent) => {
		if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
		else if (event.key === "Escape") {
			setText("");
			host.current?.focus();
		} else return;
		event.preventDefault();
	};
	const onListKey = (event: KeyboardEvent) => {
		if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
		const at = chosen === null ? -1 : placeOf(shown, chosen);
		const by = event.key === "ArrowDown" ? 1 : -1;
		const next = shown[at === -1 ? (rows.current?.range().last ?? 0) - 1 : at + by];
		if (next === undefined) return;
		event.preventDefault();
		setFollowing(false);
		setChosen(next.seq);
		rows.current?.show(placeOf(shown, next.seq));
	};

	const held = state?.output.held ?? 0;
	const beyond = Math.max(0, held - page.getState().lines.length);
	const fresh = following ? 0 : countAfter(shown, seenUpTo);
	const at = chosen === null ? -1 : found.indexOf(chosen);
	return (
		<section className={styles.box} aria-label="Output">
			<div className={styles.bar} role="toolbar" aria-label="Output">
				<select aria-label="Source" value={source ?? ""} onChange={(event) => onFilter({ ...filter, source: event.target.value || null })}>
					<option value="">All processes</option>
					{sourcesOf(state, source).map(([id, title]) => (
						<option key={id} value={id}>
							{title}
						</option>
					))}
				</select>
				<select
					aria-label="Level"
					value={level}
					onChange={(event) => onFilter({ ...filter, level: event.target.value as Filter["level"] })}
				>
					<option value="all">All levels</option>
					<option value="warn">Warnings and errors</option>
					<option value="bad">Errors</option>
				</select>
				<div className={styles.search}>
					<Search size={14} aria-hidden="true" />
					<input
						ref={field}
						type="search"
						aria-label="Search the output"
						placeholder="Search (Ctrl+F)"
						value={text}
						onChange={(event) => {
							setText(event.target.value);
							setChosen(null);
						}}
						onKeyDown={onFieldKey}
					/>
					<span role="status">
						{text === "" ? "" : at === -1 ? plural(found.length, "line") : `${count(at + 1)} of ${count(found.length)}`}
					</span>
					<CommandButton id="runtime.previous" look="quiet" iconOnly icon={<ChevronUp size={15} aria-hidden="true" />} />
					<CommandButton id="runtime.next" look="quiet" iconOnly icon={<ChevronDown size={15} aria-hidden="true" />} />
				</div>
				<span className={styles.spring} />
				<CommandButton id="runtime.copy" look="quiet" iconOnly icon={<Copy size={15} aria-hidden="true" />} />
			</div>
			{text !== "" && beyond > 0 ? <Beyond text={text} source={source} beyond={beyond} /> : null}
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section ref={host} className={styles.lines} tabIndex={0} aria-label="Output lines" onScroll={onScroll} onKeyDown={onListKey}>
				{older > 0 && beyond > 0 ? (
					<div className={styles.older}>
						<CommandButton id="runtime.older" look="quiet" icon={<History size={14} aria-hidden="true" />}>
							Load older lines, {count(beyond)} are held by the engine
						</CommandButton>
					</div>
				) : null}
				<LogRows
					lines={shown}
					version={version}
					host={host}
					handle={rows}
					chosen={chosen}
					pattern={pattern}
					withSource={source === null}
					onChoose={setChosen}
				/>
				{shown.length === 0 ? <p className={styles.none}>{noneWords(state, source)}</p> : null}
			</section>
			<footer className={styles.foot}>
				<span>
					{count(shown.length)} lines{level === "all" ? "" : " of this level"}
					{state !== null && state.output.forgotten > 0 ? `, ${count(state.output.forgotten)} older ones only in the files` : ""}
				</span>
				{following ? (
					<span className={styles.live}>following</span>
				) : (
					<Button look="primary" icon={<ArrowDownToLine size={14} aria-hidden="true" />} onClick={follow}>
						{fresh === 0 ? "Follow" : plural(fresh, "new line")}
					</Button>
				)}
			</footer>
		</section>
	);
}

/** Lines of the engine's memory that hold the text and that this page does not hold. */
function Beyond({ text, source, beyond }: { text: string; source: string | null; beyond: number }) {
	const app = useApp();
	const [answer, setAnswer] = useState<{ text: string; lines: OutputLine[]; more: boolean; scanned: number } | null>(null);
	const search = async () => {
		const before = page.getState().lines[0]?.seq ?? 1;
		const found = await ask(app, (client) => client.runtime.search({ text, before, limit: 200, ...(source === null ? {} : { source }) }));
		if (found) setAnswer({ text, ...found });
	};
	if (answer === null || answer.text !== text) {
		return (
			<div className={styles.beyond}>
				<Button look="quiet" icon={<History size={14} aria-hidden="true" />} onClick={() => void search()}>
					Search {count(beyond)} older lines of the engine too
				</Button>
			</div>
		);
	}
	return (
		<section className={styles.beyond} aria-label="Older lines">
			<header>
				<span role="status">
					{answer.lines.length === 0 ? "No older line" : `${answer.more ? "The newest " : ""}${plural(answer.lines.length, "older line")}`}{" "}
					of {count(answer.scanned)} looked at
				</span>
				<Button look="quiet" aria-label="Close the older lines" icon={<X size={14} aria-hidden="true" />} onClick={() => setAnswer(null)} />
			</header>
			<ol>
				{answer.lines.map((line) => (
					<li key={line.seq}>
						<time>{line.at === null ? "earlier" : clock(line.at)}</time>
						<code>{marked(line.text, patternOf(text))}</code>
					</li>
				))}
			</ol>
		</section>
	);
}

function toEnd(element: HTMLElement): void {
	element.scrollTop = element.scrollHeight;
}

function sourcesOf(state: RuntimeState | null, chosen: string | null): [id: string, title: string][] {
	const known = (state?.processes ?? []).flatMap((info): [string, string][] =>
		info.output.captured ? [[info.id, `${info.title}${info.version === null ? "" : ` v${info.version} ${info.role}`}`]] : [],
	);
	const isListed = chosen === null || known.some(([id]) => id === chosen);
	return [...new Map(isListed ? known : [...known, [chosen, chosen]])];
}

function noneWords(state: RuntimeState | null, source: string | null): string {
	if (state === null) return "Waiting for the engine.";
	const info = state.processes.find(({ id }) => id === source);
	return info?.output.captured === true && info.output.lines > 0 ? "No line of this level." : "Nothing was written yet.";
}

function countAfter(shown: readonly OutputLine[], seq: number): number {
	let amount = 0;
	for (let index = shown.length - 1; index >= 0 && (shown[index] as OutputLine).seq > seq; index--) amount++;
	return amount;
}

const wordsOf = ({ at, source, text }: OutputLine) => `${at === null ? "earlier" : clock(at)} ${source} ${text}`;
