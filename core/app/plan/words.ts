export const counted = (amount: number, one: string, many = `${one}s`): string =>
	`${amount.toLocaleString("en")} ${amount === 1 ? one : many}`;

/** `a, b and c`; of more than `most`, the first and how many more. */
export function listed(items: readonly string[], most = 4): string {
	const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : [...items];
	const last = shown.pop() ?? "";
	return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

export const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
