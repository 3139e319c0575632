import { bridge } from "../../app/client.ts";
import { type Context, perform } from "../../app/commands/index.ts";

/** What a desktop shell can do with a dropped file, and a browser cannot: say where it lies. */
type PathOf = { pathOf?(file: File): string };

/** A dropped folder, or a dropped path as text, is opened. Where the path stays unknown one is asked for it. */
export function openDropped(context: Context, data: DataTransfer): void {
	const [file] = data.files;
	const path = (file === undefined ? null : (bridge() as PathOf | null)?.pathOf?.(file)) ?? pathIn(data);
	if (path !== null && path !== "") void perform(context, "project.open", path);
	else context.screen.getState().set({ dialog: { kind: "open-folder", hint: file?.name ?? null } });
}

/** `file:///srv/bank` or `/srv/bank`. */
function pathIn(data: DataTransfer): string | null {
	const text = (data.getData("text/uri-list") || data.getData("text/plain"))
		.split(/\r?\n/)
		.find((line) => line !== "" && !line.startsWith("#"));
	if (text === undefined) return null;
	if (text.startsWith("file://") && URL.canParse(text)) return decodeURIComponent(new URL(text).pathname);
	return text.startsWith("/") ? text : null;
}
