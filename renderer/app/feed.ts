import type { EngineStore, ProjectStore, ScreenStore } from "../state/index.ts";
import { type Client, type Line, openLine, UnknownWindow } from "./client.ts";
import { faultFrom } from "./trouble.ts";

type Deps = { engine: EngineStore; project: ProjectStore; screen: ScreenStore; open?: () => Promise<Line>; backoffMs?: readonly number[] };

export type Feed = {
	/** The line that is open now; null while there is none. */
	client(): Client | null;
	/** Tries again at once instead of waiting. */
	retry(): void;
	stop(): void;
};

const BACKOFF = [250, 500, 1000, 2000, 4000] as const;

/** Keeps one line to the core open, and pours what comes over it into the stores. */
export function startFeed({ engine, project, screen, open = openLine, backoffMs = BACKOFF }: Deps): Feed {
	const ended = new AbortController();
	let line: Line | null = null;
	let wake: () => void = () => {};

	const pause = (ms: number) =>
		new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, ms);
			wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});

	async function serve(open: Line): Promise<void> {
		const over = new AbortController();
		const stop = () => over.abort();
		ended.signal.addEventListener("abort", stop, { once: true });
		const tasks = [watchState(open.client, over.signal), watchLog(open.client, over.signal)];
		// Whichever ends first, the line or a feed, ends the others; the loop then opens a new line.
		await Promise.race([open.closed, ...tasks.map((task) => task.catch(() => {}))]);
		over.abort();
		ended.signal.removeEventListener("abort", stop);
		open.close();
		await Promise.allSettled(tasks);
	}

	async function watchState(client: Client, signal: AbortSignal): Promise<void> {
		let dir: string | null | undefined;
		let updates: number | undefined;
		for await (const snapshot of await client.state.watch({}, { signal })) {
			engine.getState().takeSnapshot(snapshot);
			const now = snapshot.project?.dir ?? null;
			const update = snapshot.project?.update?.count ?? 0;
			if (now === dir && update === updates) continue;
			const isUpdate = now === dir && update > (updates ?? 0);
			const isStale = update > 0 || (updates ?? 0) > 0;
			[dir, updates] = [now, update];
			// A line that was away may have missed an update: then what is drawn is not believed.
			await loadGraph(client, now, isStale).catch((error: unknown) => screen.getState().raise(faultFrom(error)));
			if (isUpdate) sayUpdate(snapshot.project?.update?.files ?? 0);
		}
	}

	function sayUpdate(files: number): void {
		screen.getState().say(`${files === 1 ? "1 file" : `${files} files`} changed, map brought up to date`);
	}

	async function loadGraph(client: Client, dir: string | null, isStale: boolean): Promise<void> {
		if (dir === null) return project.getState().setGraph(null);
		if (!isStale && project.getState().graph?.root === dir) return;
		project.getState().setGraph(await client.project.graph({}));
	}

	async function watchLog(client: Client, signal: AbortSignal): Promise<void> {
		const since = engine.getState().log.at(-1)?.seq ?? 0;
		for await (const lines of await client.state.log({ since }, { signal })) engine.getState().takeLog(lines);
	}

	async function run(): Promise<void> {
		let attempts = 0;
		while (!ended.signal.aborted) {
			let why: "lost" | "refused" = "lost";
			try {
				line = await open();
				attempts = 0;
				engine.getState().setConnection("open");
				await serve(line);
			} catch (error) {
				// No core answers: said by the connection banner, not by a card per attempt.
				why = error instanceof UnknownWindow ? "refused" : "lost";
			}
			line = null;
			if (ended.signal.aborted) return;
			attempts++;
			engine.getState().setConnection(why, attempts);
			await pause(backoffMs[Math.min(attempts, backoffMs.length) - 1] ?? 4000);
		}
	}

	void run();
	return {
		client: () => line?.client ?? null,
		retry: () => wake(),
		stop() {
			ended.abort();
			line?.close();
			wake();
		},
	};
}
