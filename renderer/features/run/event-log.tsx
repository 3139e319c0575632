import { ArrowDownToLine } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useEngine } from "../../app/context.tsx";
import { Button, clock, count, shortName } from "../../ui/index.ts";
import styles from "./log.module.css";
import { windowOf } from "./window.ts";

const ROW = 22;

/** The newest events. Only the lines in sight are in the page; scrolling up stops the following. */
export function EventLog() {
	const log = useEngine((state) => state.log);
	const forgotten = useEngine((state) => state.logForgotten);
	const host = useRef<HTMLElement>(null);
	const lastTop = useRef(0);
	const [view, setView] = useState({ top: 0, height: 300 });
	const [following, setFollowing] = useState(true);
	const { first, last } = windowOf(log.length, ROW, view.top, view.height);

	// Follows when a line comes; a reader who scrolled up is left alone.
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new line is the occasion
	useEffect(() => {
		const element = host.current;
		if (element === null || !following) return;
		element.scrollTop = element.scrollHeight;
	}, [log.length, following]);
	useEffect(() => {
		const element = host.current;
		if (element === null) return;
		const observer = new ResizeObserver(() => setView((before) => ({ ...before, height: element.clientHeight })));
		observer.observe(element);
		return () => observer.disconnect();
	}, []);
	const onScroll = () => {
		const element = host.current;
		if (element === null) return;
		setView({ top: element.scrollTop, height: element.clientHeight });
		const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < ROW * 2;
		// Lines may have come since this scrolling began; only a move upwards is the reader's.
		const wentUp = element.scrollTop < lastTop.current;
		lastTop.current = element.scrollTop;
		setFollowing((before) => atEnd || (before && !wentUp));
	};
	return (
		<section className={styles.box} aria-label="Events">
			<header>
				<h2>Events</h2>
				<span>{forgotten === 0 ? "" : `${count(forgotten)} older ones are in the journal`}</span>
				{following ? null : (
					<Button look="quiet" icon={<ArrowDownToLine size={14} aria-hidden="true" />} onClick={() => setFollowing(true)}>
						Follow
					</Button>
				)}
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section ref={host} className={styles.lines} tabIndex={0} aria-label="Event lines" onScroll={onScroll}>
				<div style={{ height: log.length * ROW }}>
					<ol style={{ transform: `translateY(${first * ROW}px)` }}>
						{log.slice(first, last).map((line) => (
							<li key={line.seq} className={styles[line.level]} title={line.text}>
								<time>{clock(line.at).slice(0, 8)}</time>
								<i aria-hidden="true" />
								{line.level === "info" ? null : <span className="sr-only">{line.level}: </span>}
								{line.function === null ? null : <b>{shortName(line.function)}</b>}
								<span>{line.text}</span>
							</li>
						))}
					</ol>
				</div>
			</section>
		</section>
	);
}
