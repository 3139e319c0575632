/** Columns that are followed at a time: 64 words. */
export const BLOCK = 2048;
const WORDS = BLOCK / 32;

/**
 * What each node of a graph reaches, 2,048 columns at a time: for each block and each strongly connected component `visit` gets the bits
 * of what the component has or reaches. `own` are the columns that a node has itself. Components come after what they lead to.
 * One word per component, edge and 32 columns: a hundred thousand functions take a second, where a walk from each takes minutes.
 */
export function* reachableSteps(
	next: readonly (readonly number[])[],
	own: (node: number) => readonly number[],
	columns: number,
	visit: (component: number, words: Uint32Array, firstColumn: number) => void,
): Generator<void, Int32Array> {
	const { componentOf, count } = componentsOf(next);
	const members: number[][] = Array.from({ length: count }, () => []);
	for (const [node, component] of componentOf.entries()) members[component]?.push(node);
	const leadsTo = members.map((nodes, component) => {
		const found = new Set<number>();
		for (const node of nodes) for (const to of next[node] ?? []) found.add(componentOf[to] as number);
		found.delete(component);
		return [...found];
	});
	const owned = members.map((nodes) => nodes.flatMap(own).sort((a, b) => a - b));
	const at = new Uint32Array(count);
	const bits = new Uint32Array(count * WORDS);
	for (let first = 0; first < columns; first += BLOCK) {
		bits.fill(0);
		for (let component = 0; component < count; component++) {
			const start = component * WORDS;
			const list = owned[component] as number[];
			for (let column = list[at[component] as number]; column !== undefined && column < first + BLOCK; ) {
				const word = start + ((column - first) >>> 5);
				bits[word] = (bits[word] as number) | (1 << ((column - first) & 31));
				at[component] = (at[component] as number) + 1;
				column = list[at[component] as number];
			}
			for (const other of leadsTo[component] as number[]) {
				const from = other * WORDS;
				for (let word = 0; word < WORDS; word++) bits[start + word] = (bits[start + word] as number) | (bits[from + word] as number);
			}
			visit(component, bits.subarray(start, start + WORDS), first);
		}
		yield;
	}
	return componentOf;
}

/** Tarjan's strongly connected components, on a stack of its own; numbered so that each comes after those it leads to. */
export function componentsOf(next: readonly (readonly number[])[]): { componentOf: Int32Array; count: number } {
	const size = next.length;
	const componentOf = new Int32Array(size).fill(-1);
	const [met, low, position] = [new Int32Array(size), new Int32Array(size), new Uint32Array(size)];
	const [path, stack]: [number[], number[]] = [[], []];
	let [time, count] = [0, 0];
	for (let root = 0; root < size; root++) {
		if (met[root] !== 0) continue;
		path.push(root);
		while (path.length > 0) {
			const node = path.at(-1) as number;
			if (met[node] === 0) {
				met[node] = ++time;
				low[node] = time;
				stack.push(node);
			}
			const to = next[node]?.[position[node] as number];
			if (to !== undefined) {
				position[node] = (position[node] as number) + 1;
				if (met[to] === 0) path.push(to);
				else if (componentOf[to] === -1) low[node] = Math.min(low[node] as number, met[to] as number);
				continue;
			}
			path.pop();
			const above = path.at(-1);
			if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
			if (low[node] !== met[node]) continue;
			for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
				componentOf[member] = count;
				if (member === node) break;
			}
			count++;
		}
	}
	return { componentOf, count };
}
