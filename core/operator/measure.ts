import { readdirSync, readFileSync } from "node:fs";
import type { Resources } from "../contract/runtime.ts";

/** Linux counts processor time in hundredths of a second, whatever the kernel's own clock does. */
const TICK_MS = 10;

export type Meter = { readonly canMeasure: boolean; measure(pid: number, now: number): Resources | null; forget(keep: Set<number>): void };

/** What processes take of this machine, from /proc; null for one that has ended, and everywhere else than on Linux. */
export function createResourceMeter(): Meter {
	const before = new Map<number, { birth: string; ticks: number; at: number }>();
	const canMeasure = readOf("/proc/self/stat") !== "";
	return {
		canMeasure,
		measure(pid, now) {
			const stat = readOf(`/proc/${pid}/stat`);
			const status = readOf(`/proc/${pid}/status`);
			// The name of the program, in brackets, may hold anything.
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			if (stat === "" || status === "" || fields[0] === "Z") return null;
			const ticks = Number(fields[11]) + Number(fields[12]);
			const birth = fields[19] ?? "";
			const last = before.get(pid);
			before.set(pid, { birth, ticks, at: now });
			const isSame = last !== undefined && last.birth === birth && now > last.at;
			return {
				cpu: isSame ? Math.round((((ticks - last.ticks) * TICK_MS) / (now - last.at)) * 1_000) / 10 : 0,
				rss: numberOf(status, /^VmRSS:\s*(\d+) kB/m) * 1024,
				threads: numberOf(status, /^Threads:\s*(\d+)/m),
				files: openFiles(pid),
			};
		},
		forget(keep) {
			for (const pid of before.keys()) if (!keep.has(pid)) before.delete(pid);
		},
	};
}

function numberOf(text: string, pattern: RegExp): number {
	return Number(pattern.exec(text)?.[1] ?? 0);
}

/** null: a process of another user does not show them. */
function openFiles(pid: number): number | null {
	try {
		return readdirSync(`/proc/${pid}/fd`).length;
	} catch {
		return null;
	}
}

function readOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
