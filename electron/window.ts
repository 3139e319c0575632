import { BrowserWindow, type Session, session, type WebContents } from "electron";

/** What every window has: its page gets no Node, no memory on disk, and nothing of another origin. */
export function windowOptions(options: { dev: boolean }) {
	return {
		width: 1440,
		height: 900,
		minWidth: 1024,
		minHeight: 640,
		title: "Phoenix Engine: starting",
		backgroundColor: "#10151c",
		webPreferences: {
			partition: "phoenix",
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
/** A page that crashes while it loads must not make this a busy loop. */
const reloadAfterMs = 1_000;

/** The one window. `show` loads the screen of a core, which from then on is the only origin that pages may be of. */
export type Screen = { readonly window: BrowserWindow; show(url: string): void; focus(): void };

export function openScreen(options: { dev: boolean }): Screen {
	let address: string | null = null;
	const isOwn = (url: string) => address !== null && URL.canParse(url) && new URL(url).origin === new URL(address).origin;
	guardSession(session.fromPartition("phoenix"), isOwn);
	const window = new BrowserWindow(windowOptions(options));
	guardContents(window.webContents, isOwn);

	function load(): void {
		// A load that a newer one replaces is refused by Chromium; the newer one counts.
		if (address !== null && !window.isDestroyed()) window.loadURL(address).catch(() => {});
	}
	window.webContents.on("render-process-gone", (_event, { reason }) => {
		if (reason !== "clean-exit") setTimeout(load, reloadAfterMs);
	});
	return {
		window,
		show(url) {
			address = url;
			load();
		},
		focus() {
			if (window.isMinimized()) window.restore();
			window.show();
			window.focus();
		},
	};
}

/** Electron grants every permission unless asked. */
function guardSession(guarded: Session, isOwn: (url: string) => boolean): void {
	guarded.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
		answer(allowedPermissions.has(permission) && isOwn(requestingUrl));
	});
	guarded.setPermissionCheckHandler((_contents, permission, requestingOrigin) => {
		return allowedPermissions.has(permission) && isOwn(requestingOrigin);
	});
}

/** Nothing but the screen of the core is ever shown, in no window, frame or webview. */
function guardContents(contents: WebContents, isOwn: (url: string) => boolean): void {
	const refuseForeign = (event: { url: string; preventDefault(): void }) => {
		if (!isOwn(event.url)) event.preventDefault();
	};
	contents.on("will-navigate", refuseForeign);
	contents.on("will-frame-navigate", refuseForeign);
	contents.on("will-redirect", refuseForeign);
	contents.on("will-attach-webview", (event) => event.preventDefault());
	contents.setWindowOpenHandler(() => ({ action: "deny" }));
}
