/** Rows of one table that are not the same in both databases. */
export type DifferingRows = {
	table: string;
	/** Of these rows, as far as they are told; null where the tables themselves differ in their columns, or one is missing. */
	keys: string[] | null;
	count: number;
	/** Some of them, as `row 5: cents 10 / 11`. */
	sample: string[];
};

/** One look at the next part of all tables, in their order; after the last the first is next. */
export type EqualityLook = {
	/** Rows looked at, of the first database. */
	rows: number;
	ms: number;
	differing: DifferingRows[];
	/** This look ended with the last row of the last table: all tables, and their rows since the last end. */
	whole: { tables: number; rows: number } | null;
};

/** From the worker: a look, or why there was none. */
export type EqualityMessage = { look: EqualityLook } | { failed: string };
