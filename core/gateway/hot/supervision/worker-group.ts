import type { RoutePlan } from "../../../contract/traffic.ts";
import type { Capture, WorkerOrder } from "../protocol.ts";
import { createWorkerKeeper, type KeeperDeps, restartWindowMs, type WorkerLife } from "./worker-keeper.ts";
import { limitsOfOne, planOfOne } from "./worker-shares.ts";

/** All workers on the same listening handles; each keeps a place. */
export type WorkerGroup = {
	/** Resolves when all of them listen, with null; with the reason when one cannot. */
	start(): Promise<string | null>;
	/** Resolves when every one of them routes by it. One that does not answer within `limitMs` is killed. */
	setPlan(plan: RoutePlan, limitMs: number): Promise<void>;
	setCapture(capture: Capture, isLogged: boolean): void;
	setTraceRatio(ratio: number | null): void;
	/** Their figures are wanted now. */
	measure(): void;
	/** Files and secret of now, for connections that are to come. */
	reload(): void;
	drain(): void;
	end(): void;
};

type GroupDeps = Omit<KeeperDeps, "isOneOfMany" | "begin" | "onStarted" | "onDeath" | "onNews"> & {
	workers: number;
	begin(place: number, pid: number): WorkerLife;
	onStarted(place: number, pid: number): void;
	/** Too many deaths: the plan itself may be what kills the workers. */
	onAlarm(reason: string): void;
};

export function createWorkerGroup({ workers, ...deps }: GroupDeps): WorkerGroup {
	const limits = limitsOfOne(deps.limits, workers);
	let deaths: number[] = [];

	function countDeath(): void {
		const now = performance.now();
		deaths = [...deaths.filter((at) => now - at < restartWindowMs), now];
		const { workerDeaths } = deps.limits;
		if (deaths.length === workerDeaths) deps.onAlarm(`the worker ended ${workerDeaths} times within five minutes`);
	}

	const keepers = Array.from({ length: workers }, (_none, place) =>
		createWorkerKeeper({
			...deps,
			limits,
			isOneOfMany: workers > 1,
			plan: () => planOfOne(deps.plan(), workers),
			begin: (pid) => deps.begin(place, pid),
			onStarted: (pid) => deps.onStarted(place, pid),
			onDeath: countDeath,
			onNews(news) {
				for (const [other, keeper] of keepers.entries()) if (other !== place) keeper.order(news);
			},
		}),
	);
	const order = (message: WorkerOrder): void => {
		for (const keeper of keepers) keeper.order(message);
	};

	return {
		async start() {
			const failures = await Promise.all(keepers.map((keeper) => keeper.start()));
			return failures.find((failure) => failure !== null) ?? null;
		},
		async setPlan(plan, limitMs) {
			const own = planOfOne(plan, workers);
			await Promise.all(keepers.map((keeper) => keeper.setPlan(own, limitMs)));
		},
		setCapture: (capture, isLogged) => order({ kind: "capture", capture, isLogged }),
		setTraceRatio: (ratio) => order({ kind: "trace", ratio }),
		measure: () => order({ kind: "measure" }),
		reload: () => order({ kind: "reload", secret: deps.secret(), files: deps.files() }),
		drain() {
			for (const keeper of keepers) keeper.drain();
		},
		end() {
			for (const keeper of keepers) keeper.end();
		},
	};
}
