/** What parts of the screen let others do with them while they are there: commands reach a list or a canvas through these. */

export type MapHandle = {
	fit(): void;
	zoomBy(factor: number): void;
	flyTo(id: string): void;
	/** Until the bubble fills the view. */
	flyInto(id: string): void;
	isOpen(id: string): boolean;
	/** The node that is nearest in this direction. */
	neighbour(id: string | null, direction: "left" | "right" | "up" | "down"): string | null;
	/** Whether keys are meant for the map itself. */
	hasFocus(): boolean;
	/** Puts the cursor into the Find box, into the first open end of the path, or into the field for a view's name. */
	ask(field: "find" | "path" | "view"): void;
	/** Downloads the map as a file. */
	save(format: "png" | "svg"): Promise<void>;
	/** Asks the engine to pack everything anew. */
	arrange(): Promise<void>;
};

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

/** The example of a mismatch that is shown. */
export type ExampleHandle = {
	/** To the next one of its group; after the last comes the first. */
	next(): void;
	copyCurl(): Promise<void>;
	readonly count: number;
};

/** The question to the journal that is written, and its answer. */
export type EvidenceHandle = {
	ask(): Promise<void>;
	/** Puts the cursor into the title, to save it under. */
	save(): void;
	/** Takes the shown question of one's own away. */
	remove(): Promise<void>;
	verify(): Promise<void>;
	export(format: "csv" | "json"): void;
	readonly hasAnswer: boolean;
	readonly isOwn: boolean;
	readonly busy: boolean;
};
