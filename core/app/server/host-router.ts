import { implement } from "@orpc/server";
import { systemClock } from "../../base/index.ts";
import { type HostState, hostApi, type KeyChange } from "../../contract/host.ts";
import type { Core } from "../core.ts";
import { createQueue } from "../queue.ts";
import { hostState } from "./host-state.ts";

const leastMs = 1_000;

/** The verbs of whoever hosts this core: what a tray shows, the end, and the key that it keeps. */
export function createHostRouter(core: Core, onEnd: () => void) {
	const os = implement(hostApi);
	return os.router({
		watch: os.watch.handler(async function* ({ signal }): AsyncGenerator<HostState> {
			let told = hostState(core);
			yield told;
			const wakes = createQueue<true>(1);
			const end = core.onChange(() => wakes.push(true));
			try {
				let toldAt = systemClock.now();
				for await (const _ of wakes.values(signal)) {
					const wait = toldAt + leastMs - systemClock.now();
					if (wait > 0) await new Promise((done) => setTimeout(done, wait));
					const now = hostState(core);
					if (JSON.stringify(now) === JSON.stringify(told)) continue;
					told = now;
					toldAt = systemClock.now();
					yield now;
				}
			} finally {
				end();
			}
		}),
		pause: os.pause.handler(() => core.steer("pause", undefined)),
		end: os.end.handler(async ({ input }) => {
			try {
				if (input.panic !== undefined && core.system !== null) await core.panic(input.panic, "desktop");
				await core.journal.durable();
			} finally {
				// The answer is on its way before the line is cut.
				setTimeout(onEnd, 20);
			}
		}),
		putKey: os.putKey.handler(({ input }) => core.modelKey.put(input.key, "desktop")),
		keys: os.keys.handler(async function* ({ signal }): AsyncGenerator<KeyChange> {
			const changes = createQueue<KeyChange>(100);
			const end = core.modelKey.onChange((change) => changes.push(change));
			try {
				yield* changes.values(signal);
			} finally {
				end();
			}
		}),
	});
}
