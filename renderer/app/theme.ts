import type { SettingsStore } from "../state/index.ts";
import { setTimeZone } from "../ui/index.ts";

/** Wears on the document what the settings say: theme, text size, motion, time zone; what they leave to the system follows it. */
export function startTheme(settings: SettingsStore): void {
	const dark = matchMedia("(prefers-color-scheme: dark)");
	const contrast = matchMedia("(prefers-contrast: more)");
	const apply = () => {
		const { theme, textSize, motion, timeZone } = settings.getState();
		const wears = theme !== "system" ? theme : contrast.matches ? "contrast" : dark.matches ? "dark" : "light";
		const { dataset, style } = document.documentElement;
		if (dataset.theme !== wears) dataset.theme = wears;
		if (dataset.motion !== motion) dataset.motion = motion;
		style.fontSize = textSize === 100 ? "" : `${textSize}%`;
		setTimeZone(timeZone);
	};
	apply();
	dark.addEventListener("change", apply);
	contrast.addEventListener("change", apply);
	settings.subscribe(apply);
}
