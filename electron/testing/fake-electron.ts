// As much of Electron as the desktop uses, in memory: what is done to it can be read, what the system would report can be emitted.
import { EventEmitter } from "node:events";
import { FakeContents, FakeSession, preventable } from "./fake-page.ts";

export { FakePort, preventable } from "./fake-page.ts";

type MessageBox = { message: string; detail: string; buttons: string[]; defaultId: number; cancelId: number };
export type MenuItem = {
	id?: string;
	role?: string;
	type?: string;
	label?: string;
	enabled?: boolean;
	accelerator?: string;
	registerAccelerator?: boolean;
	click?: () => void;
	submenu?: MenuItem[];
};
type Bounds = { x: number; y: number; width: number; height: number };
type Scheme = { scheme: string; privileges: Record<string, boolean> };

/** What the test decides before, and reads after. */
export const electron = {
	isFirst: true,
	isPackaged: false,
	version: "0.1.0",
	switches: new Set<string>(),
	appPath: "",
	userData: "",
	ready: () => Promise.resolve(),
	shortcutFree: true,
	notifies: true,
	/** Answers to the message boxes to come: the label of the button to press. */
	presses: [] as string[],
	/** Answers to the file dialogs to come; nothing: it is closed without a choice. */
	paths: [] as string[],
	displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
	secrets: { available: true, backend: "gnome_libsecret", isBroken: false },
	boxes: [] as MessageBox[],
	errors: [] as { title: string; content: string }[],
	notes: [] as string[],
	opened: [] as string[],
	schemes: [] as Scheme[],
	protocols: [] as string[],
	shortcuts: new Map<string, () => void>(),
	menu: [] as MenuItem[],
	tray: { tip: "", menu: [] as MenuItem[], clicks: new EventEmitter(), icon: "" },
	windows: [] as BrowserWindow[],
	sessions: new Map<string, FakeSession>(),
	sandboxed: false,
	hasQuit: false,
	exitCode: null as number | null,
};

class FakeApp extends EventEmitter {
	get isPackaged() {
		return electron.isPackaged;
	}
	commandLine = { hasSwitch: (name: string) => electron.switches.has(name) };
	requestSingleInstanceLock = () => electron.isFirst;
	enableSandbox = () => {
		electron.sandboxed = true;
	};
	whenReady = () => electron.ready();
	getAppPath = () => electron.appPath;
	getPath = (_name: "userData") => electron.userData;
	getVersion = () => electron.version;
	setAsDefaultProtocolClient = (scheme: string) => electron.protocols.push(scheme);
	exit = (code: number) => {
		electron.exitCode = code;
	};
	/** As Electron does: ask the application, then each window, then tell that it is over. */
	quit = () => {
		const before = preventable();
		this.emit("before-quit", before);
		if (before.prevented) return;
		if (electron.windows.some((window) => !window.close())) return;
		this.emit("will-quit", preventable());
		electron.hasQuit = true;
	};
}

type WindowOptions = Partial<Bounds> & { webPreferences: Record<string, unknown> };

export class BrowserWindow extends EventEmitter {
	webContents = new FakeContents();
	loaded: string[] = [];
	titles: string[] = [];
	focused = 0;
	minimized = false;
	maximized = false;
	hidden = false;
	destroyed = false;
	readonly options: WindowOptions;

	constructor(options: WindowOptions) {
		super();
		this.options = options;
		electron.windows.push(this);
		app.emit("web-contents-created", {}, this.webContents);
	}
	loadURL(url: string): Promise<void> {
		this.loaded.push(url);
		// Chromium refuses the first of two loads; nobody may stumble over it.
		return this.loaded.length === 1 ? Promise.reject(new Error("ERR_ABORTED")) : Promise.resolve();
	}
	isMinimized = () => this.minimized;
	restore = () => {
		this.minimized = false;
	};
	maximize = () => {
		this.maximized = true;
	};
	isMaximized = () => this.maximized;
	getNormalBounds = (): Bounds => {
		const { x = 0, y = 0, width = 0, height = 0 } = this.options;
		return { x, y, width, height };
	};
	setTitle = (title: string) => this.titles.push(title);
	show = () => {
		this.hidden = false;
	};
	hide = () => {
		this.hidden = true;
		this.emit("hide");
	};
	focus = () => {
		this.focused++;
	};
	isDestroyed = () => this.destroyed;
	/** Whether it closed. */
	close(): boolean {
		const event = preventable();
		this.emit("close", event);
		this.destroyed = !event.prevented;
		return this.destroyed;
	}
}

export const app = new FakeApp();
export const powerMonitor = new EventEmitter();
export const session = {
	fromPartition(name: string): FakeSession {
		const known = electron.sessions.get(name) ?? new FakeSession();
		electron.sessions.set(name, known);
		return known;
	},
};
export const protocol = { registerSchemesAsPrivileged: (schemes: Scheme[]) => electron.schemes.push(...schemes) };
export const screen = { getAllDisplays: () => electron.displays };
export const shell = { openExternal: async (url: string) => void electron.opened.push(url) };
export const dialog = {
	async showMessageBox(_window: BrowserWindow, options: MessageBox): Promise<{ response: number }> {
		electron.boxes.push(options);
		const press = electron.presses.shift();
		if (press === undefined) return await new Promise<never>(() => {});
		return { response: options.buttons.indexOf(press) };
	},
	showErrorBox(title: string, content: string): void {
		electron.errors.push({ title, content });
	},
	showOpenDialog: async () => ({ filePaths: electron.paths.splice(0, 1) }),
	showSaveDialog: async () => ({ filePath: electron.paths.shift() ?? "" }),
};
export const globalShortcut = {
	register(keys: string, press: () => void): boolean {
		if (electron.shortcutFree) electron.shortcuts.set(keys, press);
		return electron.shortcutFree;
	},
	unregisterAll: () => electron.shortcuts.clear(),
};
export const Menu = {
	buildFromTemplate: (template: MenuItem[]) => template,
	setApplicationMenu(menu: MenuItem[]): void {
		electron.menu = menu;
	},
};
export const nativeImage = { createFromPath: (path: string) => path };
export class Tray {
	constructor(icon: string) {
		electron.tray.icon = icon;
	}
	on = (event: "click", listener: () => void) => electron.tray.clicks.on(event, listener);
	setToolTip = (tip: string) => {
		electron.tray.tip = tip;
	};
	setContextMenu = (menu: MenuItem[]) => {
		electron.tray.menu = menu;
	};
}
export class Notification {
	static isSupported = () => electron.notifies;
	readonly body: string;
	constructor(options: { body: string }) {
		this.body = options.body;
	}
	show(): void {
		electron.notes.push(this.body);
	}
}

type Listener = (event: unknown, payload?: unknown) => unknown;
const handlers = new Map<string, Listener>();
const listeners = new Map<string, Listener>();
export const ipcMain = {
	handle: (name: string, handler: Listener) => void handlers.set(name, handler),
	on: (name: string, listener: Listener) => void listeners.set(name, listener),
};
/** A call of a page, as it arrives; rejects as the page would see it. */
export const invoke = async (name: string, event: unknown, payload: unknown): Promise<unknown> => handlers.get(name)?.(event, payload);
export const emitIpc = (name: string, event: unknown): void => void listeners.get(name)?.(event);
export const ipcNames = () => [...handlers.keys(), ...listeners.keys()];

const mask = (text: Buffer) => Buffer.from(text.map((byte) => byte ^ 0x5a));
export const safeStorage = {
	isAsyncEncryptionAvailable: async () => electron.secrets.available,
	getSelectedStorageBackend: () => electron.secrets.backend,
	encryptStringAsync: async (text: string) => mask(Buffer.from(text)),
	async decryptStringAsync(encrypted: Buffer) {
		if (electron.secrets.isBroken) throw new Error("the keyring is locked");
		return { result: mask(encrypted).toString(), shouldReEncrypt: false };
	},
};
