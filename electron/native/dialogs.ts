import { type BrowserWindow, dialog, type MessageBoxOptions } from "electron";

export async function pickFolder(window: BrowserWindow): Promise<string | null> {
	const { filePaths } = await dialog.showOpenDialog(window, { title: "Open a folder", properties: ["openDirectory"] });
	return filePaths[0] ?? null;
}

/** Where to, or null. */
export async function askWhere(window: BrowserWindow, name: string): Promise<string | null> {
	const { filePath } = await dialog.showSaveDialog(window, { title: "Save", defaultPath: name });
	return filePath === "" ? null : filePath;
}

/** The label that was pressed; null when the dialog was closed. */
export async function askButton(window: BrowserWindow, options: MessageBoxOptions & { buttons: string[] }): Promise<string | null> {
	const { response } = await dialog.showMessageBox(window, { title: "Phoenix Engine", noLink: true, ...options });
	return options.buttons[response] ?? null;
}
