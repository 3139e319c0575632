/** One row may take one of its options or none; scores are in bits, and no two rows take the same option. */
export type Row = { none: number; options: { to: number; score: number }[] };

/**
 * `regret`: how many bits the best assignment of all rows loses when this row may not have what it got. `isExact` is
 * false where the rows that compete were too many for that: then it is what the row alone would lose.
 */
export type Choice = { to: number | null; regret: number; isExact: boolean };

const exactRows = 16;
/** A pair that leads by this much is taken at once: 1 in 1000 that another is better. */
const clearLead = 10;
const certain = 60;

/** The assignment of highest total score. */
export function assign(rows: readonly Row[]): Choice[] {
	const choices = rows.map((): Choice => ({ to: null, regret: certain, isExact: true }));
	// An option that is worse than none is in no best assignment.
	const open = new Map(rows.map((row, index) => [index, { ...row, options: row.options.filter((option) => option.score > row.none) }]));
	for (const [index, row] of open) if (row.options.length === 0) open.delete(index);
	takeClear(open, choices);
	for (const cluster of clustersOf(open)) {
		if (cluster.length <= exactRows) solve(cluster, open, choices);
		else takeGreedily(cluster, open, choices);
	}
	return choices.map((choice, index) => {
		const { none, options } = rows[index] as Row;
		if (choice.to !== null) return choice;
		const dropped = options.reduce((most, { score }) => (score <= none ? Math.max(most, score) : most), none - certain);
		return { ...choice, regret: Math.min(choice.regret, none - dropped) };
	});
}

type Open = Map<number, Row>;

/** Takes every pair that must be in the best assignment: even when its strongest rival loses all, another choice loses more. */
function takeClear(open: Open, choices: Choice[]): void {
	for (let found = true; found; ) {
		found = false;
		const gains = new Map<number, { row: number; gain: number }[]>();
		for (const [row, { none, options }] of open) {
			for (const { to, score } of options) {
				const own = { row, gain: score - none };
				const listed = gains.get(to);
				if (listed === undefined) gains.set(to, [own]);
				else listed.push(own);
			}
		}
		for (const [index, row] of open) {
			const [best, second] = bestTwo(row);
			if (best === null) continue;
			const rival = (gains.get(best.to) ?? []).reduce(
				(most, { row: other, gain }) => (other !== index && open.has(other) ? Math.max(most, gain) : most),
				0,
			);
			const lead = best.score - second - rival;
			if (lead < clearLead) continue;
			choices[index] = { to: best.to, regret: lead, isExact: true };
			open.delete(index);
			remove(open, gains.get(best.to) ?? [], best.to, choices);
			found = true;
		}
	}
}

function remove(open: Open, named: readonly { row: number }[], to: number, choices: Choice[]): void {
	for (const { row: index } of named) {
		const row = open.get(index);
		if (row === undefined) continue;
		const left = row.options.filter((option) => option.to !== to);
		if (left.length > 0) open.set(index, { ...row, options: left });
		else {
			open.delete(index);
			choices[index] = { to: null, regret: clearLead, isExact: true };
		}
	}
}

function bestTwo({ none, options }: Row): [{ to: number; score: number } | null, number] {
	let best: { to: number; score: number } | null = null;
	let second = none;
	for (const option of options) {
		if (best === null || option.score > best.score) {
			if (best !== null) second = Math.max(second, best.score);
			best = option;
		} else second = Math.max(second, option.score);
	}
	return [best, second];
}

/** Rows that compete, directly or over others. */
function clustersOf(open: Open): number[][] {
	const root = new Map<number, number>([...open.keys()].map((index) => [index, index]));
	const find = (index: number): number => {
		let at = index;
		while (root.get(at) !== at) at = root.get(at) as number;
		root.set(index, at);
		return at;
	};
	const first = new Map<number, number>();
	for (const [index, { options }] of open) {
		for (const { to } of options) {
			const other = first.get(to);
			if (other === undefined) first.set(to, index);
			else root.set(find(index), find(other));
		}
	}
	const clusters = new Map<number, number[]>();
	for (const index of open.keys()) {
		const cluster = clusters.get(find(index)) ?? [];
		clusters.set(find(index), cluster);
		cluster.push(index);
	}
	return [...clusters.values()];
}

/** Hungarian method with potentials; columns: the options, then one "none" for each row. */
function solve(cluster: readonly number[], open: Open, choices: Choice[]): void {
	const columns = [...new Set(cluster.flatMap((index) => (open.get(index) as Row).options.map((option) => option.to)))];
	const place = new Map(columns.map((to, column) => [to, column]));
	const never = 1e6;
	const costs = cluster.map((index, at) => {
		const { none, options } = open.get(index) as Row;
		const line = new Float64Array(columns.length + cluster.length).fill(never);
		for (const { to, score } of options) line[place.get(to) as number] = -score;
		line[columns.length + at] = -none;
		return line;
	});
	const best = emptyMatching(cluster.length, columns.length + cluster.length);
	for (let row = 0; row < cluster.length; row++) augment(row, costs, best);
	for (const [row, index] of cluster.entries()) {
		const column = best.rowAt.indexOf(row);
		choices[index] = { to: columns[column] ?? null, regret: Math.min(detour(row, column, costs, best), certain), isExact: true };
	}
}

/**
 * What the best assignment costs more when `start` may not have `forbidden`: the length of the shortest way around it. A
 * column that no row has stands for a row to which all columns cost nothing.
 */
function detour(start: number, forbidden: number, costs: readonly Float64Array[], { rowAt, u, v }: Matching): number {
	const width = rowAt.length;
	const distance = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
	const isDone = new Uint8Array(width);
	let row = start;
	let walked = 0;
	for (;;) {
		const line = row < 0 ? null : (costs[row] as Float64Array);
		const height = row < 0 ? 0 : (u[row] as number);
		let next = -1;
		for (let at = 0; at < width; at++) {
			if (isDone[at]) continue;
			const reached = walked + (line === null ? 0 : (line[at] as number)) - height - (v[at] as number);
			if (reached < (distance[at] as number) && !(row === start && at === forbidden)) distance[at] = reached;
			if (next < 0 || (distance[at] as number) < (distance[next] as number)) next = at;
		}
		walked = distance[next] as number;
		if (next === forbidden) return Math.max(0, walked);
		isDone[next] = 1;
		row = rowAt[next] as number;
	}
}

type Matching = { rowAt: Int32Array; u: Float64Array; v: Float64Array };

function emptyMatching(rows: number, columns: number): Matching {
	return { rowAt: new Int32Array(columns).fill(-1), u: new Float64Array(rows), v: new Float64Array(columns) };
}

/** Adds one row along the cheapest alternating path (Jonker and Volgenant's form of the Hungarian method). */
function augment(start: number, costs: readonly Float64Array[], { rowAt, u, v }: Matching): void {
	const width = rowAt.length;
	const slack = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
	const from = new Int32Array(width).fill(-1);
	const done: number[] = [];
	const isDone = new Uint8Array(width);
	let row = start;
	let column = -1;
	for (;;) {
		const line = costs[row] as Float64Array;
		let step = Number.POSITIVE_INFINITY;
		let next = -1;
		for (let at = 0; at < width; at++) {
			if (isDone[at]) continue;
			const reduced = (line[at] as number) - (u[row] as number) - (v[at] as number);
			if (reduced < (slack[at] as number)) {
				slack[at] = reduced;
				from[at] = column;
			}
			if ((slack[at] as number) < step) {
				step = slack[at] as number;
				next = at;
			}
		}
		u[start] = (u[start] as number) + step;
		for (const at of done) {
			const owner = rowAt[at] as number;
			u[owner] = (u[owner] as number) + step;
			v[at] = (v[at] as number) - step;
		}
		for (let at = 0; at < width; at++) if (!isDone[at]) slack[at] = (slack[at] as number) - step;
		column = next;
		isDone[column] = 1;
		done.push(column);
		if (rowAt[column] === -1) break;
		row = rowAt[column] as number;
	}
	while (column >= 0) {
		const before = from[column] as number;
		rowAt[column] = before < 0 ? start : (rowAt[before] as number);
		column = before;
	}
}

function takeGreedily(cluster: readonly number[], open: Open, choices: Choice[]): void {
	const pairs = cluster.flatMap((index) => {
		const { none, options } = open.get(index) as Row;
		return options.map(({ to, score }) => ({ index, to, gain: score - none }));
	});
	pairs.sort((a, b) => b.gain - a.gain || a.index - b.index || a.to - b.to);
	const taken = new Set<number>();
	const served = new Set<number>();
	for (const { index, to, gain } of pairs) {
		if (served.has(index) || taken.has(to)) continue;
		served.add(index);
		taken.add(to);
		const { none, options } = open.get(index) as Row;
		const other = options.reduce((most, option) => (option.to === to ? most : Math.max(most, option.score)), none);
		choices[index] = { to, regret: Math.max(0, gain + none - other), isExact: false };
	}
	for (const index of cluster) if (!served.has(index)) choices[index] = { to: null, regret: 0, isExact: false };
}
