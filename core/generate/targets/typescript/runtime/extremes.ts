/** The least of the values; the first of equal ones, and the first value where one is not a number. */
export function least(first: number, ...others: number[]): number {
	let result = first;
	for (const value of others) if (value < result) result = value;
	return result;
}

/** The greatest of the values; the first of equal ones, and the first value where one is not a number. */
export function greatest(first: number, ...others: number[]): number {
	let result = first;
	for (const value of others) if (value > result) result = value;
	return result;
}
