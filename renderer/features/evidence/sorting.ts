export type Sorting = { column: number; down: boolean };

/** Numbers by size before texts by alphabet; NULL last either way. Stable. */
export function sorted(rows: readonly unknown[][], sorting: Sorting | null): readonly unknown[][] {
	if (sorting === null) return rows;
	const { column, down } = sorting;
	const sign = down ? -1 : 1;
	return rows.toSorted((a, b) => {
		const [left, right] = [a[column] ?? null, b[column] ?? null];
		if (left === null || right === null) return Number(left === null) - Number(right === null);
		if (typeof left === "number" && typeof right === "number") return sign * (left - right);
		if (typeof left === "number" || typeof right === "number") return sign * (typeof left === "number" ? -1 : 1);
		const [one, other] = [String(left), String(right)];
		return one === other ? 0 : sign * (one < other ? -1 : 1);
	});
}
