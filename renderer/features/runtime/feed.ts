import { useEffect, useState } from "react";
import type { RuntimeState } from "../../../core/contract/runtime.ts";
import type { Client } from "../../app/client.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import { lines } from "./lines.ts";

let readers = 0;
let ending: AbortController | null = null;

/** Reads along while at least one part of the page shows output; afterwards goes on where it stopped. */
export function useOutput(): void {
	const { client } = useApp();
	const connection = useEngine((state) => state.connection);
	useEffect(() => {
		if (connection !== "open") return;
		if (readers++ === 0) {
			ending = new AbortController();
			void follow(client(), ending.signal);
		}
		return () => {
			if (--readers === 0) ending?.abort();
		};
	}, [client, connection]);
}

async function follow(client: Client | null, signal: AbortSignal): Promise<void> {
	const { life, lines: held } = lines.getState();
	const last = held.at(-1)?.seq;
	const place = last === undefined || life === null ? {} : { since: last, life };
	try {
		for await (const batch of (await client?.runtime.output(place, { signal })) ?? []) lines.getState().take(batch);
	} catch {
		// The line broke or the place was left; whoever opens the next line begins here again.
	}
}

/** The processes, once a second; null before the first answer. */
export function useRuntime(): RuntimeState | null {
	const { client } = useApp();
	const connection = useEngine((state) => state.connection);
	const [state, setState] = useState<RuntimeState | null>(null);
	useEffect(() => {
		if (connection !== "open") return;
		const over = new AbortController();
		const watch = async () => {
			for await (const next of (await client()?.runtime.watch({}, { signal: over.signal })) ?? []) setState(next);
		};
		watch().catch(() => {
			// As above: the shell says that the core is gone.
		});
		return () => over.abort();
	}, [client, connection]);
	return state;
}
