import { writeFileSync } from "node:fs";
import { type BrowserWindow, type Rectangle, screen } from "electron";
import { z } from "zod";
import { readJson } from "./processes.ts";

const whole = z.number().int();
const stateShape = z.object({ x: whole, y: whole, width: whole.min(1024), height: whole.min(640), isMaximized: z.boolean() });
export type WindowState = z.infer<typeof stateShape>;

/** Where the window was, if a display still shows that place; null for the first time. */
export function readWindowState(file: string): WindowState | null {
	const read = stateShape.safeParse(readJson(file));
	if (!read.success) return null;
	const isSeen = screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, read.data));
	return isSeen ? read.data : null;
}

/** Writes where it is when it closes or hides. */
export function rememberWindowState(window: BrowserWindow, file: string): void {
	const remember = () => {
		const state: WindowState = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
		writeFileSync(file, JSON.stringify(state));
	};
	window.on("close", remember);
	window.on("hide", remember);
}

/** By enough to grip the title bar. */
function overlaps(area: Rectangle, window: Rectangle): boolean {
	const wide = Math.min(area.x + area.width, window.x + window.width) - Math.max(area.x, window.x);
	const isTitleIn = window.y >= area.y && window.y < area.y + area.height - 40;
	return wide >= 200 && isTitleIn;
}
