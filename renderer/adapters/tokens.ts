/** The value of a design token, for what cannot read custom properties itself. */
export function token(name: string): string {
	return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls back after each change of the shown theme. Returns the function that ends it. */
export function onTheme(listener: () => void): () => void {
	const observer = new MutationObserver(listener);
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
	return () => observer.disconnect();
}
