/** A stretch of lines that differs: from..to on each side, both included, from 1; without lines it ends before it begins. */
export type Chunk = { before: [from: number, to: number]; after: [from: number, to: number] };

/** Where two texts differ, by a longest common subsequence of their lines; texts of a generated file's size. */
export function diffLines(before: string, after: string): Chunk[] {
	const [a, b] = [before.split("\n"), after.split("\n")];
	let head = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	const [rows, columns] = [a.length - head - tail, b.length - head - tail];
	/** `common[i][j]`: equal lines in order from i and j on. */
	const common = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
	const at = (i: number, j: number) => common[i]?.[j] ?? 0;
	for (let i = rows - 1; i >= 0; i--)
		for (let j = columns - 1; j >= 0; j--)
			(common[i] as Uint32Array)[j] = a[head + i] === b[head + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	const chunks: Chunk[] = [];
	let [i, j] = [0, 0];
	while (i < rows || j < columns) {
		if (i < rows && j < columns && a[head + i] === b[head + j]) {
			i++;
			j++;
			continue;
		}
		const [fromA, fromB] = [i, j];
		while ((i < rows || j < columns) && !(i < rows && j < columns && a[head + i] === b[head + j])) {
			if (j >= columns || (i < rows && at(i + 1, j) >= at(i, j + 1))) i++;
			else j++;
		}
		chunks.push({ before: [head + fromA + 1, head + i], after: [head + fromB + 1, head + j] });
	}
	return chunks;
}

/** How far a line lies from a range; 0: within. */
export function distance([from, to]: [number, number], line: number): number {
	return line < from ? from - line : line > Math.max(from, to) ? line - Math.max(from, to) : 0;
}
