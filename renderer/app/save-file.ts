import { bridge } from "./client.ts";
import { saveByDesktop } from "./desktop-file.ts";

/** Hands content to whoever looks, as a file of this name: the browser's download, or the window's question where to put it. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
	const shell = bridge();
	if (shell !== null) return void saveByDesktop(shell, name, typeof content === "string" ? new TextEncoder().encode(content) : content);
	const url = URL.createObjectURL(new Blob([content], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// The download has begun when the next task runs; a second is for slow machines.
	setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
