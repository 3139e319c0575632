import { app, BrowserWindow, type Session, session, type WebContents } from "electron";
import { createReloads } from "./reloads.ts";
import { isScreen, screenUrl, serveScreen } from "./screen-protocol.ts";
import type { WindowState } from "./window-state.ts";

/** What every window has: its page gets no Node, and nothing of another origin. What it remembers (theme, panes) is in its session. */
export function windowOptions(options: { dev: boolean; preload: string; state: WindowState | null }) {
	const { width = 1440, height = 900, ...place } = options.state ?? {};
	return {
		width,
		height,
		...("x" in place ? { x: place.x, y: place.y } : {}),
		minWidth: 1024,
		minHeight: 640,
		title: "Phoenix Engine",
		backgroundColor: "#10151c",
		webPreferences: {
			partition: "persist:phoenix",
			preload: options.preload,
			sandbox: true,
			contextIsolation: true,
			nodeIntegration: false,
			webSecurity: true,
			webviewTag: false,
			spellcheck: false,
			navigateOnDragDrop: false,
			devTools: options.dev,
		},
	};
}

const allowedPermissions = new Set(["clipboard-sanitized-write", "fullscreen"]);

/** The one window. Its page is the screen of the build, from the first moment on; whether a core answers is the page's to show. */
export type Screen = { readonly window: BrowserWindow; focus(): void; tell(name: string, message: unknown): void };

export function openScreen(options: { dev: boolean; preload: string; screenDir: string; state: WindowState | null }): Screen {
	const guarded = session.fromPartition("persist:phoenix");
	guardSession(guarded);
	serveScreen(guarded.protocol, options.screenDir);
	app.on("web-contents-created", (_event, contents) => guardContents(contents));
	const window = new BrowserWindow(windowOptions(options));
	if (options.state?.isMaximized) window.maximize();

	function load(): void {
		// A load that a newer one replaces is refused by Chromium; the newer one counts.
		if (!window.isDestroyed()) window.loadURL(screenUrl).catch(() => {});
	}
	const reload = createReloads(load);
	window.webContents.on("render-process-gone", (_event, { reason }) => reload(reason));
	app.on("child-process-gone", (_event, { type, reason }) => {
		// Chromium starts its other helpers again by itself; a page whose pictures were drawn by the lost one stays blank.
		if (type === "GPU") reload(reason);
	});
	load();
	return {
		window,
		focus() {
			if (window.isMinimized()) window.restore();
			window.show();
			window.focus();
		},
		tell(name, message) {
			if (!window.isDestroyed()) window.webContents.send(name, message);
		},
	};
}

/** Electron grants every permission unless asked. */
function guardSession(guarded: Session): void {
	guarded.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
		answer(allowedPermissions.has(permission) && isScreen(requestingUrl));
	});
	guarded.setPermissionCheckHandler((_contents, permission, requestingOrigin) => {
		return allowedPermissions.has(permission) && isScreen(requestingOrigin);
	});
}

/** Nothing but the screen is ever shown, in no window, frame or webview. */
function guardContents(contents: WebContents): void {
	const refuseForeign = (event: { url: string; preventDefault(): void }) => {
		if (!isScreen(event.url)) event.preventDefault();
	};
	contents.on("will-navigate", refuseForeign);
	contents.on("will-frame-navigate", refuseForeign);
	contents.on("will-redirect", refuseForeign);
	contents.on("will-attach-webview", (event) => event.preventDefault());
	contents.setWindowOpenHandler(() => ({ action: "deny" }));
}
