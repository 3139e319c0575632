import type { ScreenState, ScreenStore } from "../state/index.ts";

const KEY = "phoenix.theme";

export function rememberedTheme(): ScreenState["theme"] {
	try {
		const value = localStorage.getItem(KEY);
		return value === "light" || value === "dark" ? value : "system";
	} catch {
		return "system";
	}
}

/** Writes `data-theme` on the document: the choice of the user, else of the system. */
export function startTheme(screen: ScreenStore): void {
	const system = matchMedia("(prefers-color-scheme: dark)");
	const apply = () => {
		const { theme } = screen.getState();
		const shown = theme === "system" ? (system.matches ? "dark" : "light") : theme;
		if (document.documentElement.dataset.theme !== shown) document.documentElement.dataset.theme = shown;
	};
	apply();
	system.addEventListener("change", apply);
	screen.subscribe((now, before) => {
		if (now.theme === before.theme) return;
		apply();
		try {
			localStorage.setItem(KEY, now.theme);
		} catch {
			// Without storage the choice lasts as long as the window.
		}
	});
}
