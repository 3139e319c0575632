import { Fault } from "../../../core/base/index.ts";
import type { Client } from "../client.ts";
import { faultFrom } from "../trouble.ts";
import type { Context } from "./command.ts";

/** Calls the core. A failure becomes an error card; the result is then undefined. */
export async function ask<T>(context: Context, call: (client: Client) => Promise<T>): Promise<T | undefined> {
	const client = context.client();
	try {
		if (client === null) throw new Fault("CORE_ABSENT", { address: location.host });
		return await call(client);
	} catch (error) {
		context.screen.getState().raise(faultFrom(error));
		return undefined;
	}
}

/** A long call: says in words what is under way until it ends. */
export async function busy(context: Context, words: string, call: (client: Client) => Promise<unknown>): Promise<void> {
	context.screen.getState().set({ busy: words });
	try {
		await ask(context, call);
	} finally {
		context.screen.getState().set({ busy: null });
	}
}
