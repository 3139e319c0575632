import type { ScanPart } from "../../contract/views.ts";
import { createQueue } from "../queue.ts";

export type ScannedModule = ScanPart["modules"][number];

/** What the present scan has found so far, for screens that come early or late. */
export function createScans() {
	let scan = 0;
	let current: { done: number; total: number; modules: ScannedModule[]; ended: boolean } | null = null;
	const wakes = new Set<() => void>();
	const wake = () => {
		for (const one of wakes) one();
	};
	return {
		begin(): void {
			scan++;
			current = { done: 0, total: 0, modules: [], ended: false };
			wake();
		},
		/** One file was read. */
		add(done: number, total: number, module: ScannedModule): void {
			if (current === null) return;
			Object.assign(current, { done, total });
			current.modules.push(module);
			wake();
		},
		end(): void {
			if (current !== null) current.ended = true;
			wake();
		},
		/** What is known at once, then what is found, at most ten times a second. */
		async *watch(signal?: AbortSignal): AsyncGenerator<ScanPart> {
			const queue = createQueue<true>(1);
			const push = () => queue.push(true);
			wakes.add(push);
			let told = { scan: 0, modules: 0, ended: false };
			const news = (): ScanPart | null => {
				if (current === null || (told.scan === scan && told.ended)) return null;
				const from = told.scan === scan ? told.modules : 0;
				const part = { scan, done: current.done, total: current.total, modules: current.modules.slice(from), ended: current.ended };
				told = { scan, modules: current.modules.length, ended: current.ended };
				return part;
			};
			try {
				const first = news();
				// A scan that ended before anybody looked is the map itself.
				if (first !== null && !first.ended) yield first;
				for await (const _ of queue.values(signal)) {
					await new Promise((resolve) => setTimeout(resolve, 100));
					const part = news();
					if (part !== null) yield part;
				}
			} finally {
				wakes.delete(push);
			}
		},
	};
}

export type Scans = ReturnType<typeof createScans>;
