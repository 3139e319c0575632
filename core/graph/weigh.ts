import type { GraphEdge } from "../contract/graph.ts";
import { reachableSteps } from "./reachable.ts";

/** The number of `isolationOf` for every function of a large graph: the same formula on numbered nodes and sets of bits. A test holds both together. */
export function createWeigher(
	edges: readonly GraphEdge[],
	changedState: ReadonlyMap<string, number>,
	unresolved: readonly { from: string }[],
): (id: string) => number {
	const steps = weigherSteps(edges, changedState, unresolved);
	for (;;) {
		const { done, value } = steps.next();
		if (done) return value;
	}
}

/** The same in small steps. */
export function* weigherSteps(
	edges: readonly GraphEdge[],
	changedState: ReadonlyMap<string, number>,
	unresolved: readonly { from: string }[],
): Generator<void, (id: string) => number> {
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
	const size = numbers.size;
	const lists = () => Array.from({ length: size }, (): number[] => []);
	const counts = (length = size) => new Uint32Array(length);
	const add = (to: Uint32Array, at: number, value = 1) => {
		to[at] = (to[at] as number) + value;
	};
	// Columns: two for each table, that it is read and that it is written; then, from a new word on, the nodes.
	const tables = [...new Set(edges.flatMap((edge) => (edge.kind === "read" || edge.kind === "write" ? numberOf(edge.to) : [])))];
	const columnOf = new Map(tables.map((node, index) => [node, 2 * index]));
	const base = 32 * Math.ceil((2 * tables.length) / 32);
	const [callees, own] = [lists(), lists()];
	const [callers, rows, dark] = [counts(), counts(), counts()];
	const writersOf = counts(tables.length);
	for (let node = 0; node < size; node++) own[node]?.push(base + node);
	for (const edge of edges) {
		const [from, to] = [numberOf(edge.from), numberOf(edge.to)];
		if (edge.kind === "call") {
			callees[from]?.push(to);
			add(callers, to);
		} else if (edge.kind === "read") own[from]?.push(columnOf.get(to) as number);
		else if (edge.kind === "write") {
			own[from]?.push((columnOf.get(to) as number) + 1);
			add(rows, from);
			add(writersOf, (columnOf.get(to) as number) / 2);
		}
	}
	for (const { from } of unresolved) add(dark, numberOf(from));
	for (const [id, count] of changedState) add(dark, numberOf(id), count);
	const weighty = counts(Math.ceil(size / 32));
	for (let node = 0; node < size; node++) {
		if (dark[node] !== 0 || rows[node] !== 0) weighty[node >>> 5] = (weighty[node >>> 5] as number) | (1 << (node & 31));
	}

	// Of each component, in all that it reaches.
	const [members, unclear, writes, owned, writersOfOwned, foreignReads] = [counts(), counts(), counts(), counts(), counts(), counts()];
	const ownOf = (node: number) => own[node] as number[];
	const componentOf = yield* reachableSteps(callees, ownOf, base + size, (component, words, first) => {
		for (let at = 0; at < words.length; at++) {
			const word = words[at] as number;
			if (word === 0) continue;
			const column = first + 32 * at;
			if (column < base) {
				const written = (word >>> 1) & 0x55555555;
				eachBit(written, (bit) => {
					add(owned, component);
					add(writersOfOwned, component, writersOf[(column + bit) / 2]);
				});
				eachBit(word & 0x55555555 & ~written, (bit) => {
					if (writersOf[(column + bit) / 2] !== 0) add(foreignReads, component);
				});
				continue;
			}
			add(members, component, ones(word));
			eachBit(word & (weighty[(column - base) >>> 5] as number), (bit) => {
				add(unclear, component, dark[column - base + bit]);
				add(writes, component, rows[column - base + bit]);
			});
		}
	});
	return (id) => {
		const node = numbers.get(id);
		if (node === undefined) return 1;
		const component = componentOf[node] as number;
		const of = (sum: Uint32Array) => sum[component] as number;
		const entanglement =
			0.02 * (of(members) - 1) +
			0.04 * Math.max(0, (callers[node] as number) - 1) +
			0.06 * of(foreignReads) +
			0.12 * of(owned) +
			0.1 * (of(writersOfOwned) - of(writes)) +
			0.25 * of(unclear);
		return Math.round(1000 / (1 + entanglement)) / 1000;
	};
}

function eachBit(word: number, visit: (bit: number) => void): void {
	for (let rest = word; rest !== 0; rest &= rest - 1) visit(31 - Math.clz32(rest & -rest));
}

/** Bits that are set (Hacker's Delight, 5-1). */
function ones(word: number): number {
	let x = word - ((word >>> 1) & 0x55555555);
	x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
	return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
