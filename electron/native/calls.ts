import type { BrowserWindow } from "electron";
import { z } from "zod";
import type { Gate } from "../ipc.ts";
import { linkId, openLink } from "../links.ts";
import { pickFolder } from "./dialogs.ts";
import { createFileSaver, filePart } from "./save-file.ts";

const title = z.string().max(200);

/** What the page may ask of the desktop, by name; how often in a second is more than a person can. */
export function allowNativeCalls(gate: Gate, window: BrowserWindow): void {
	gate.handle("pickFolder", z.null(), 5, () => pickFolder(window));
	gate.handle("saveFile", filePart, 500, createFileSaver(window));
	gate.handle("openLink", linkId, 5, openLink);
	gate.handle("setTitle", title, 20, (text) => window.setTitle(text));
}
