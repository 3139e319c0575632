import { useLayoutEffect } from "react";

/** The stage takes the focus from what it covers; when it goes, the focus is where it was. */
export function useStageFocus(isStaged: boolean): void {
	useLayoutEffect(() => {
		if (!isStaged) return;
		const before = document.activeElement;
		return () => {
			if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
		};
	}, [isStaged]);
}
