import type { HostState, KeyChange } from "../core/contract/host.ts";
import type { HostClient } from "./running-core.ts";

/** Pours what a core tells its host until the line is gone. */
export async function followCore(
	client: HostClient,
	on: { state(state: HostState): void; key(change: KeyChange): Promise<void> },
): Promise<void> {
	const pour = async <T>(feed: Promise<AsyncIterable<T>>, take: (value: T) => unknown) => {
		for await (const value of await feed) await take(value);
	};
	await Promise.allSettled([pour(client.watch({}), on.state), pour(client.keys({}), on.key)]);
}
