import { Fault } from "../../../core/base/index.ts";
import type { UndoStep } from "../../state/index.ts";
import type { Client } from "../client.ts";
import { faultFrom } from "../trouble.ts";
import type { Context } from "./command.ts";

/** Calls the core; rejects when there is none, or when it refuses. */
export async function reach<T>(context: Context, call: (client: Client) => Promise<T>): Promise<T> {
	const client = context.client();
	if (client === null) throw new Fault("CORE_ABSENT", { address: location.host });
	return await call(client);
}

/** Calls the core. A failure becomes an error card; the result is then undefined. */
export async function ask<T>(context: Context, call: (client: Client) => Promise<T>): Promise<T | undefined> {
	try {
		return await reach(context, call);
	} catch (error) {
		const fault = faultFrom(error);
		// What one cancelled oneself is told, not shown as a failure.
		if (fault.code === "CANCELLED") context.screen.getState().say(`${fault.what} ${fault.safe}`);
		else context.screen.getState().raise(fault);
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

/** Puts a step that was just taken on the one undo stack; with `said` a toast tells it and offers to take it back. */
export function done(context: Context, step: UndoStep): void {
	const entry = context.undo.getState().push(step);
	if (step.said !== undefined) context.screen.getState().say(step.said, entry.id);
}
