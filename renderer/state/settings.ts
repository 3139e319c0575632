import { createStore } from "zustand/vanilla";

/** What a person chose for this machine. Every one of them acts. */
export type Settings = {
	theme: "system" | "light" | "dark" | "contrast";
	motion: "system" | "less" | "full";
	/** Percent of the normal size. */
	textSize: 100 | 110 | 125;
	timeZone: "local" | "utc";
	/** What the plan of one's own system proposes; that of the sample bank proposes `demo`. */
	policy: "demo" | "default";
	/** Patches of a new run that pass the gate are applied without asking. */
	autoAccept: boolean;
	/** The coach line of the first map was read. */
	coached: boolean;
	/** Folders that were opened, newest first. */
	recent: readonly string[];
	/** Commands by last use, newest first. */
	lastCommands: readonly string[];
};

export type SettingsState = Settings & { change(part: Partial<Settings>): void };

export const defaults: Settings = {
	theme: "system",
	motion: "system",
	textSize: 100,
	timeZone: "local",
	policy: "default",
	autoAccept: false,
	coached: false,
	recent: [],
	lastCommands: [],
};

export const choices = {
	theme: ["system", "light", "dark", "contrast"],
	motion: ["system", "less", "full"],
	textSize: [100, 110, 125],
	timeZone: ["local", "utc"],
	policy: ["demo", "default"],
} as const satisfies { [K in keyof Settings]?: readonly Settings[K][] };

const KEY = "phoenix.settings";
const MAX_LIST = 8;

/** Where settings are kept; `localStorage` of a window. */
export type Keep = Pick<Storage, "getItem" | "setItem">;

export function createSettingsStore(keep: Keep | null) {
	const store = createStore<SettingsState>((set) => ({ ...readSettings(keep), change: (part) => set(part) }));
	store.subscribe((state) => {
		const { change: _, ...settings } = state;
		try {
			keep?.setItem(KEY, JSON.stringify(settings));
		} catch {
			// Without storage a choice lasts as long as the window.
		}
	});
	return store;
}

/** What another version or a hand has written there is not trusted: each value is taken only when it is one of the choices. */
export function readSettings(keep: Keep | null): Settings {
	let stored: Record<string, unknown> = {};
	try {
		const value: unknown = JSON.parse(keep?.getItem(KEY) ?? "{}");
		if (typeof value === "object" && value !== null) stored = value as Record<string, unknown>;
	} catch {
		// Unreadable is as good as absent.
	}
	const one = <K extends keyof typeof choices>(name: K): Settings[K] => {
		const value = (choices[name] as readonly unknown[]).find((choice) => choice === stored[name]);
		return (value ?? defaults[name]) as Settings[K];
	};
	const list = (name: "recent" | "lastCommands") => {
		const value = stored[name];
		return Array.isArray(value) ? value.filter((item) => typeof item === "string").slice(0, MAX_LIST) : [];
	};
	return {
		theme: one("theme"),
		motion: one("motion"),
		textSize: one("textSize"),
		timeZone: one("timeZone"),
		policy: one("policy"),
		autoAccept: stored.autoAccept === true,
		coached: stored.coached === true,
		recent: list("recent"),
		lastCommands: list("lastCommands"),
	};
}

/** The list with this item in front, once. */
export function putFirst(list: readonly string[], item: string): string[] {
	return [item, ...list.filter((one) => one !== item)].slice(0, MAX_LIST);
}

export type SettingsStore = ReturnType<typeof createSettingsStore>;
