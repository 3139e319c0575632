import { useEffect, useRef } from "react";
import { useApp, useScreen } from "./context.tsx";

/** The stage takes the focus from what it covers; when it goes, the focus is where it was. */
export function useStageFocus(): void {
	const { screen } = useApp();
	const isStaged = useScreen((state) => state.stage);
	const before = useRef<Element | null>(null);
	// Told before anything is covered, because what is covered loses the focus at once.
	useEffect(
		() =>
			screen.subscribe((now, was) => {
				if (now.stage && !was.stage) before.current = document.activeElement;
			}),
		[screen],
	);
	// Drawn without the cover, so that it can have the focus again.
	useEffect(() => {
		if (!isStaged && before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
	}, [isStaged]);
}
