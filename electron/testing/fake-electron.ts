// As much of Electron as the desktop uses, in memory: what is done to it can be read, what the system would report can be emitted.
import { EventEmitter } from "node:events";

export type Preventable = { preventDefault(): void; prevented: boolean; url: string };

export function preventable(url = ""): Preventable {
	const event = {
		url,
		prevented: false,
		preventDefault() {
			event.prevented = true;
		},
	};
	return event;
}

type Answer = { response: number };
type MessageBox = { message: string; detail: string; buttons: string[]; defaultId: number; cancelId: number };
type PermissionRequest = (
	contents: unknown,
	permission: string,
	answer: (yes: boolean) => void,
	details: { requestingUrl: string },
) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;
export type MenuItem = {
	id?: string;
	role?: string;
	label?: string;
	accelerator?: string;
	registerAccelerator?: boolean;
	click?: () => void;
	submenu?: MenuItem[];
};

/** What the test decides before, and reads after. */
export const electron = {
	isFirst: true,
	isPackaged: false,
	switches: new Set<string>(),
	appPath: "",
	userData: "",
	ready: () => Promise.resolve(),
	shortcutFree: true,
	notifies: true,
	/** Answers to the message boxes to come: the label of the button to press. */
	presses: [] as string[],
	boxes: [] as MessageBox[],
	errors: [] as { title: string; content: string }[],
	notes: [] as string[],
	shortcuts: new Map<string, () => void>(),
	menu: [] as MenuItem[],
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

class FakeContents extends EventEmitter {
	opener: () => { action: string } = () => ({ action: "allow" });
	setWindowOpenHandler(opener: () => { action: string }): void {
		this.opener = opener;
	}
}

class FakeSession {
	request: PermissionRequest = (_contents, _permission, answer) => answer(true);
	check: PermissionCheck = () => true;
	setPermissionRequestHandler(handler: PermissionRequest): void {
		this.request = handler;
	}
	setPermissionCheckHandler(handler: PermissionCheck): void {
		this.check = handler;
	}
}

export class BrowserWindow extends EventEmitter {
	webContents = new FakeContents();
	loaded: string[] = [];
	focused = 0;
	minimized = false;
	destroyed = false;
	readonly options: { webPreferences: Record<string, unknown> };

	constructor(options: { webPreferences: Record<string, unknown> }) {
		super();
		this.options = options;
		electron.windows.push(this);
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
	show = () => {};
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
export const session = {
	fromPartition(name: string): FakeSession {
		const known = electron.sessions.get(name) ?? new FakeSession();
		electron.sessions.set(name, known);
		return known;
	},
};
export const dialog = {
	async showMessageBox(_window: BrowserWindow, options: MessageBox): Promise<Answer> {
		electron.boxes.push(options);
		const press = electron.presses.shift();
		if (press === undefined) return await new Promise<never>(() => {});
		return { response: options.buttons.indexOf(press) };
	},
	showErrorBox(title: string, content: string): void {
		electron.errors.push({ title, content });
	},
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
