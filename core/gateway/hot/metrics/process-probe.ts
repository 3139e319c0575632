import { monitorEventLoopDelay, performance } from "node:perf_hooks";

/** What a process uses. Seconds and bytes. */
export type ProcessFigures = {
	startedAt: number;
	cpuUser: number;
	cpuSystem: number;
	residentBytes: number;
	heapUsedBytes: number;
	loopActive: number;
	loopIdle: number;
	/** Of the event loop since the last look, beyond the 10 ms that its clock stands still; null where nobody looked before. */
	delay: { p50: number; p99: number; max: number } | null;
};

const resolutionMs = 10;
const watchedMs = 300_000;

/** Looks at its own process. The event loop's delay is followed for five minutes after somebody asked for it, for it costs a timer. */
export function createProcessProbe(): (isAsked: boolean) => ProcessFigures {
	let histogram: ReturnType<typeof monitorEventLoopDelay> | null = null;
	let ending: NodeJS.Timeout | null = null;

	function stopWatching(): void {
		histogram?.disable();
		histogram = null;
	}

	function delayNow(): ProcessFigures["delay"] {
		const known = histogram;
		if (ending) clearTimeout(ending);
		ending = setTimeout(stopWatching, watchedMs).unref();
		if (known === null) {
			histogram = monitorEventLoopDelay({ resolution: resolutionMs });
			histogram.enable();
			return null;
		}
		if (known.count === 0) return null;
		const beyond = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1_000);
		const delay = { p50: beyond(known.percentile(50)), p99: beyond(known.percentile(99)), max: beyond(known.max) };
		known.reset();
		return delay;
	}

	return (isAsked) => {
		const { user, system } = process.cpuUsage();
		const { rss, heapUsed } = process.memoryUsage();
		const { active, idle } = performance.eventLoopUtilization();
		return {
			startedAt: performance.timeOrigin / 1_000,
			cpuUser: user / 1e6,
			cpuSystem: system / 1e6,
			residentBytes: rss,
			heapUsedBytes: heapUsed,
			loopActive: active / 1_000,
			loopIdle: idle / 1_000,
			delay: isAsked ? delayNow() : null,
		};
	};
}
