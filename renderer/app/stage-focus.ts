import { useEffect } from "react";
import type { ScreenStore } from "../state/index.ts";

/** The stage takes the focus from what it covers; when it goes, the focus is where it was. */
export function useStageFocus(screen: ScreenStore): void {
	useEffect(() => {
		let before: Element | null = null;
		// Told before anything is covered, because what is covered loses the focus at once.
		return screen.subscribe((now, was) => {
			if (now.stage === was.stage) return;
			if (now.stage) before = document.activeElement;
			else requestAnimationFrame(() => before instanceof HTMLElement && before.isConnected && before.focus({ preventScroll: true }));
		});
	}, [screen]);
}
