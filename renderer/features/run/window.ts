/** Which rows of a long list are near what is in sight. `first` inclusive, `last` exclusive. */
export function windowOf(amount: number, rowHeight: number, top: number, height: number, spare = 8): { first: number; last: number } {
	const first = Math.max(0, Math.min(amount, Math.floor(top / rowHeight) - spare));
	return { first, last: Math.min(amount, Math.ceil((top + height) / rowHeight) + spare) };
}
