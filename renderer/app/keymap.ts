import { type Command, type Context, commands, perform, seenBy } from "./commands/index.ts";

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** `Ctrl+Alt+L` against a key press. Shift counts only where it is written, because `?` and `+` need it on many keyboards. */
export function matches(keys: string, pressed: Pressed): boolean {
	const parts = keys.length === 1 ? [keys] : keys.split("+");
	const key = parts.at(-1) ?? "";
	const wants = (name: string) => parts.slice(0, -1).includes(name);
	if (wants("Ctrl") !== (pressed.ctrlKey || pressed.metaKey) || wants("Alt") !== pressed.altKey) return false;
	if (wants("Shift") && !pressed.shiftKey) return false;
	const isLetter = /^[a-z]$/i.test(key);
	if (isLetter && !wants("Shift") && pressed.shiftKey) return false;
	if (key === "Space") return pressed.key === " ";
	return pressed.key.toLowerCase() === key.toLowerCase() || (key === "+" && pressed.key === "=");
}

/** The command for this key press, if it is possible now. */
export function commandFor(context: Context, pressed: Pressed, typing: boolean): Command | null {
	const meant = meantBy(context, pressed, typing);
	return meant?.when(seenBy(context)) ? meant : null;
}

/**
 * The command that this key press means here, possible or not. While a text field has the focus only chords with Ctrl
 * count; while a dialog or a menu is open, only the kill switch.
 */
function meantBy(context: Context, pressed: Pressed, typing: boolean): Command | null {
	const seen = seenBy(context);
	const isChord = pressed.ctrlKey || pressed.metaKey;
	if (typing && (!isChord || isEditing(pressed))) return null;
	const { stage } = seen.screen;
	const here = stage ? "stage" : seen.screen.place;
	const isOpen = seen.screen.dialog !== null || seen.screen.menu !== null;
	const found = commands.find(
		({ id, keys, where }) => keys !== undefined && (where ?? here) === here && (!stage || isForStage(id)) && matches(keys, pressed),
	);
	return found === undefined || (isOpen && found.id !== "system.panic") ? null : found;
}

/** On the stage a key must not move what lies beneath it. */
const isForStage = (id: string) => /^(?:stage|system|window)\./.test(id);

/** Pressed also without anything in mind: where they can do nothing, they say nothing. */
const isIdle = ({ key, ctrlKey, altKey }: Pressed) => !ctrlKey && !altKey && /^(?:Escape|Enter| |Arrow.*)$/.test(key);

/** In a text field these belong to the field. */
const isEditing = ({ key, altKey }: Pressed) => !altKey && /^[acvxyz]$/i.test(key);

/** Listens on the window until the returned function is called. */
export function startKeymap(context: Context): () => void {
	const listen = (event: KeyboardEvent) => {
		// Space and Enter press what has the focus.
		if ((event.key === " " || event.key === "Enter") && event.target instanceof Element && event.target.closest("button, a[href], summary"))
			return;
		const command = meantBy(context, event, isTyping(event.target));
		if (command === null || (isIdle(event) && !command.when(seenBy(context)))) return;
		event.preventDefault();
		void perform(context, command.id);
	};
	addEventListener("keydown", listen);
	return () => removeEventListener("keydown", listen);
}

export function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
