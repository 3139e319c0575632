import { type CommandId, isCommandId } from "../../core/contract/commands.ts";
import { bridge } from "./client.ts";
import { type Context, perform } from "./commands/index.ts";
import { isTyping } from "./keymap.ts";

/** A link may come before the first state of the core; what it shows is shown once there is something to show. */
const linkWaitMs = 15_000;

/** Joins the desktop to the page: its menu bar and its links perform commands, its title names the project. Nothing in a browser. */
export function startNative(context: Context): void {
	const native = bridge()?.native;
	if (native === undefined) return;
	native.onMenu((command, argument) => void performOnceKnown(context, command, argument));
	let title = "";
	const tell = () => {
		const project = context.engine.getState().snapshot?.project;
		const now = project ? `${project.name} · Phoenix Engine` : "Phoenix Engine";
		if (now !== title) void native.setTitle(now);
		title = now;
	};
	context.engine.subscribe(tell);
	tell();
}

/** In a text field the one Edit menu means the text, as its keys do. */
const textually: Partial<Record<CommandId, string>> = { "edit.undo": "undo", "edit.redo": "redo" };

async function performOnceKnown(context: Context, command: string, argument?: string): Promise<void> {
	if (!isCommandId(command)) return;
	const textual = textually[command];
	if (textual !== undefined && isTyping(document.activeElement)) return void document.execCommand(textual);
	if (context.engine.getState().snapshot === null) await known(context);
	await perform(context, command, argument);
}

/** Until the core has told its state, or it took too long; then the command finds out by itself that it is not possible. */
function known({ engine }: Context): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(late);
			end();
			resolve();
		};
		const late = setTimeout(done, linkWaitMs);
		const end = engine.subscribe((state) => {
			if (state.snapshot !== null) done();
		});
	});
}
