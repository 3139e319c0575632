import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { ProcessInfo, RuntimeState } from "../../../core/contract/runtime.ts";
import { ask } from "../../app/commands/index.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import { Button } from "../../ui/index.ts";
import { lines as page } from "./lines.ts";
import styles from "./terminal.module.css";
import { createView } from "./view.ts";

const SHOWN = 200;

/** The old screen: what legacy itself writes, as its operators saw it. */
export function Terminal({ state, large = false }: { state: RuntimeState | null; large?: boolean }) {
	const info = state?.processes.find(({ role }) => role === "legacy");
	const retired = useEngine(({ snapshot }) => snapshot?.system?.legacy.retired ?? false);
	const attached = useEngine(({ snapshot }) => snapshot?.system != null);
	const over = retired || info?.endedAt != null;
	return (
		<section className={`${styles.terminal} ${large ? styles.large : ""}`} aria-label="Output of legacy">
			<header>
				<span>{info?.title ?? "Legacy"}</span>
				<span>{over ? "stopped" : info?.pid == null ? "" : `process ${info.pid}`}</span>
			</header>
			{info === undefined ? (
				<p>{retired ? "Legacy is retired; it writes no more." : attached ? "Waiting for the engine." : "No legacy system is attached."}</p>
			) : info.output.captured ? (
				<Roll over={over} />
			) : (
				<Ask info={info} />
			)}
		</section>
	);
}

function Roll({ over }: { over: boolean }) {
	const version = useStore(page, ({ version: now }) => now);
	const life = useStore(page, ({ life: now }) => now);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another core's lines are another list
	const view = useMemo(() => createView({ source: "legacy", level: "all" }), [life]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the page's list is changed in place, its version says so
	useMemo(() => view.follow(page.getState().lines), [view, version]);
	const host = useRef<HTMLElement>(null);
	const following = useRef(true);
	const shown = view.lines.slice(-SHOWN);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new line is the occasion
	useLayoutEffect(() => {
		if (host.current !== null && following.current) host.current.scrollTop = host.current.scrollHeight;
	}, [shown.at(-1)?.seq]);
	return (
		<section
			ref={host}
			className={styles.roll}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
			tabIndex={0}
			aria-label="Lines of legacy"
			onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
				following.current = scrollHeight - scrollTop - clientHeight < 40;
			}}
		>
			<pre>
				{shown.map((line) => (
					<span key={line.seq} className={line.level === "bad" ? styles.bad : ""}>
						{line.text}
						{"\n"}
					</span>
				))}
				{over ? null : <i aria-hidden="true" />}
			</pre>
		</section>
	);
}

function Ask({ info }: { info: ProcessInfo }) {
	const app = useApp();
	const [file, setFile] = useState("");
	const reason = info.output.captured ? "" : info.output.reason;
	return (
		<form
			className={styles.ask}
			onSubmit={(event) => {
				event.preventDefault();
				void ask(app, (client) => client.runtime.follow({ file }));
			}}
		>
			<p>{reason}</p>
			<label>
				Log file of the legacy system
				<input value={file} onChange={(event) => setFile(event.target.value)} placeholder="/var/log/bank.log" spellCheck={false} />
			</label>
			<Button type="submit" disabled={file === ""}>
				Read along
			</Button>
			<p>
				The same when Phoenix starts: <code>phoenix serve --legacy-log FILE</code>
			</p>
		</form>
	);
}
