/** What parts of the screen let others do with them while they are there: commands reach a list or a canvas through these. */

export type MapHandle = { fit(): void; zoomBy(factor: number): void; flyTo(id: string): void };

/** The list of output lines. */
export type OutputHandle = {
	/** Puts the cursor into the search field. */
	find(): void;
	/** To the next or the previous line that holds the searched text. */
	step(by: 1 | -1): void;
	follow(): void;
	/** Copies the chosen line with those around it. */
	copy(): Promise<void>;
	/** Asks the engine for lines before the first of this page. */
	older(): Promise<void>;
	readonly found: number;
	readonly chosen: number | null;
	readonly following: boolean;
};
