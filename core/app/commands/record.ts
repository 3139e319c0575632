import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RecordingState } from "../../contract/recording.ts";
import { type Command, textOf, wrongUsage } from "./command.ts";
import { type Client, withEngine } from "./connect.ts";
import { withProgress } from "./progress-line.ts";
import { countsText, durationOf, listOf, maskOptions, maskUsage } from "./traffic-words.ts";

const LOOK_MS = 250;

export const recordCommand: Command = {
	usage: `record --to FILE [--for 10m] [--route ID,...] ${maskUsage} | --stop | --status`,
	about:
		"The attached system's traffic to a file, masked before it is written; until Ctrl+C, --stop or the end of --for. " +
		"The key of the masks stays in the state directory.",
	options: { ...maskOptions, to: "string", for: "string", route: "string", stop: "boolean", status: "boolean" },
	async run(input) {
		return withEngine(input, async (client) => {
			if (input.values.status === true) return tell(await client.recording.state({}), input.json);
			if (input.values.stop === true) return tell(await client.recording.stop({}), input.json);
			const to = textOf(input, "to");
			if (to === undefined) wrongUsage();
			const forMs = durationOf(input, "for");
			const [routes, mask, maskKey] = [listOf(input, "route"), listOf(input, "mask"), textOf(input, "mask-key")];
			const order = {
				file: resolve(to),
				...(forMs === undefined ? {} : { forMs }),
				...(routes.length === 0 ? {} : { routes }),
				...(mask.length === 0 ? {} : { mask }),
				...(maskKey === undefined ? {} : { maskKey: resolve(maskKey) }),
				...(input.values.unmasked === true ? { unmasked: true } : {}),
			};
			return tell(await record(client, order), input.json);
		});
	},
};

/** Until it has ended, by whomever; a signal ends it in good order, from before it has begun. */
async function record(client: Client, order: Parameters<Client["recording"]["start"]>[0]): Promise<RecordingState | null> {
	return withProgress({ what: `Recording to ${order.file}`, unit: "exchanges" }, async (step, interrupted) => {
		const stop = new AbortController();
		const onTerm = () => stop.abort();
		process.once("SIGTERM", onTerm);
		const asked = AbortSignal.any([interrupted, stop.signal]);
		try {
			const { startedAt } = await client.recording.start(order);
			while (true) {
				const state = await client.recording.state({});
				// Another one may have been begun since.
				if (state === null || state.startedAt !== startedAt || state.endedAt !== null) return state;
				step(state.exchanges);
				if (asked.aborted) return client.recording.stop({});
				await sleep(LOOK_MS, undefined, { signal: asked }).catch(() => {});
			}
		} finally {
			process.off("SIGTERM", onTerm);
		}
	});
}

function tell(state: RecordingState | null, json: boolean): number {
	if (json) console.log(JSON.stringify(state));
	else if (state === null) console.log("Nothing was recorded by this engine.");
	else {
		const { file, exchanges, bytes, missing, masked, withheld, endedAt, failure } = state;
		console.log(`${file}: ${exchanges} exchanges, ${bytes} bytes${endedAt === null ? ", under way" : ""}`);
		for (const [what, counts] of Object.entries({ masked, withheld, missing })) {
			if (Object.keys(counts).length > 0) console.log(`  ${what}: ${countsText(counts)}`);
		}
		if (failure !== null) console.error(failure);
	}
	return state?.failure ? 1 : 0;
}
