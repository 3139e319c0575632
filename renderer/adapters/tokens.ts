/** The value of a design token, for what cannot read custom properties itself. Colours come as `#rrggbb`, however the build wrote them. */
export function token(name: string): string {
	return longHex(getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
}

/** `#fff` -> `#ffffff`; everything else as it is. */
export function longHex(colour: string): string {
	return colour.replace(/^#([\da-f])([\da-f])([\da-f])$/i, "#$1$1$2$2$3$3");
}

/** Calls back after each change of the shown theme or size of text. Returns the function that ends it. */
export function onTheme(listener: () => void): () => void {
	const observer = new MutationObserver(listener);
	observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "style"] });
	return () => observer.disconnect();
}
