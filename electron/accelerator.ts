/** Keys of the command table that Electron writes in another way. */
const named: Record<string, string> = {
	"+": "Plus",
	"?": "Shift+/",
	Escape: "Esc",
	ArrowLeft: "Left",
	ArrowRight: "Right",
	ArrowUp: "Up",
	ArrowDown: "Down",
};

/** `Ctrl+K` as Electron writes it; null where there are none, and on a Mac for keys without a modifier, which it would take from texts. */
export function acceleratorOf(keys: string | undefined): string | null {
	if (keys === undefined) return null;
	const parts = keys.length === 1 ? [keys] : keys.split(/\+(?=.)/);
	const key = parts.at(-1) ?? "";
	const modifiers = parts.slice(0, -1);
	if (process.platform === "darwin" && !modifiers.some((name) => name === "Ctrl" || name === "Alt")) return null;
	// The kill switch is the same on every system; everything else follows the habit of a Mac.
	const written = modifiers.includes("Alt") ? modifiers : modifiers.map((name) => (name === "Ctrl" ? "CmdOrCtrl" : name));
	return [...written, named[key] ?? key].join("+");
}
