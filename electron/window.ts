import { BrowserWindow, session, type WebContents } from "electron";

/** What every window has; a page gets no Node, no other origin, and no permission but these two. */
export const windowOptions = {
	width: 1440,
	height: 900,
	minWidth: 1024,
	minHeight: 640,
	title: "Phoenix Engine",
	webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false, spellcheck: false, navigateOnDragDrop: false },
};
const allowedPermissions = new Set(["clipboard-sanitized-write", "fullscreen"]);

export function openWindow(url: string): BrowserWindow {
	session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(allowedPermissions.has(permission)));
	session.defaultSession.setPermissionCheckHandler((_contents, permission) => allowedPermissions.has(permission));
	const window = new BrowserWindow(windowOptions);
	void window.loadURL(url);
	return window;
}

/** Nothing leaves the page that the core serves. */
export function guardContents(contents: WebContents): void {
	contents.on("will-navigate", (event) => event.preventDefault());
	contents.on("will-redirect", (event) => event.preventDefault());
	contents.on("will-attach-webview", (event) => event.preventDefault());
	contents.setWindowOpenHandler(() => ({ action: "deny" }));
}
