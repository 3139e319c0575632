import type { GraphEdge } from "../contract/graph.ts";

/**
 * The number of `isolationOf` for function after function of one large graph: the same formula on numbered nodes, because closures of
 * thousands of names are dear. A test holds both together.
 */
export function createWeigher(
	edges: readonly GraphEdge[],
	changedState: ReadonlyMap<string, number>,
	unresolved: readonly { from: string }[],
): (id: string) => number {
	const numbers = new Map<string, number>();
	const numberOf = (id: string) => {
		const known = numbers.get(id);
		if (known !== undefined) return known;
		numbers.set(id, numbers.size);
		return numbers.size - 1;
	};
	for (const { from, to } of edges) {
		numberOf(from);
		numberOf(to);
	}
	for (const { from } of unresolved) numberOf(from);
	for (const id of changedState.keys()) numberOf(id);
	const lists = () => Array.from({ length: numbers.size }, (): number[] => []);
	const [callees, reads, writes, writers] = [lists(), lists(), lists(), lists()];
	const callers = new Uint32Array(numbers.size);
	for (const edge of edges) {
		const [from, to] = [numberOf(edge.from), numberOf(edge.to)];
		if (edge.kind === "call") {
			callees[from]?.push(to);
			callers[to] = (callers[to] ?? 0) + 1;
		} else if (edge.kind === "read") reads[from]?.push(to);
		else if (edge.kind === "write") {
			writes[from]?.push(to);
			writers[to]?.push(from);
		}
	}
	const open = new Uint32Array(numbers.size);
	for (const { from } of unresolved) open[numberOf(from)] = (open[numberOf(from)] ?? 0) + 1;
	const state = new Uint32Array(numbers.size);
	for (const [id, count] of changedState) state[numberOf(id)] = count;

	/** Which question last met a node. */
	const met = new Uint32Array(numbers.size);
	const read = new Uint32Array(numbers.size);
	const written = new Uint32Array(numbers.size);
	const members = new Uint32Array(numbers.size);
	let question = 0;

	return (id) => {
		const start = numbers.get(id);
		if (start === undefined) return 1;
		question++;
		let size = 1;
		members[0] = start;
		met[start] = question;
		let [changed, dark] = [0, 0];
		const tables: number[] = [];
		for (let at = 0; at < size; at++) {
			const member = members[at] as number;
			changed += state[member] as number;
			dark += open[member] as number;
			for (const next of callees[member] as number[]) {
				if (met[next] === question) continue;
				met[next] = question;
				members[size++] = next;
			}
			for (const table of reads[member] as number[]) {
				if (read[table] !== question && written[table] !== question) tables.push(table);
				read[table] = question;
			}
			for (const table of writes[member] as number[]) {
				if (read[table] !== question && written[table] !== question) tables.push(table);
				written[table] = question;
			}
		}
		let [foreignReads, owned, rivals] = [0, 0, 0];
		for (const table of tables) {
			let others = 0;
			for (const writer of writers[table] as number[]) if (met[writer] !== question) others++;
			if (written[table] === question) {
				owned++;
				rivals += others;
			} else if (others > 0) foreignReads++;
		}
		const entanglement =
			0.02 * (size - 1) +
			0.04 * Math.max(0, (callers[start] as number) - 1) +
			0.06 * foreignReads +
			0.12 * owned +
			0.1 * rivals +
			0.25 * changed +
			0.25 * dark;
		return Math.round(1000 / (1 + entanglement)) / 1000;
	};
}
