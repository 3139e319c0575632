/** Bubble radius of a function: the area grows with complexity. */
export const radiusOf = (complexity: number) => Math.min(48, 9 + 5 * Math.sqrt(Math.max(1, complexity)));

export const ROUTE_R = 11;
export const TABLE_R = 13;

export const FUNCTION_GAP = 14;
export const MODULE_GAP = 22;
export const MODULE_RIM = 13;
export const PACKAGE_GAP = 46;
export const PACKAGE_RIM = 26;
/** Between the code and the columns at its sides. */
export const COLUMN_GAP = 56;

/** Width by height of the whole picture. */
export const PICTURE_ASPECT = 1.5;
/** Room for the names at one side of a small map. */
export const NAME_ROOM = 96;

/** More than this and one column is a thread that nobody reads. */
export const ONE_COLUMN = 44;
/** The part of a picture's width that one side takes with more columns. */
export const MANY_SHARE = 0.13;

/** Hundredths of a unit are below what anybody sees and keep the stored layout small. */
// Plus nothing: a zero has no sign after it was stored, so it has none before.
export const rounded = (value: number) => Math.round(value * 100) / 100 + 0;
