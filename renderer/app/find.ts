// Find over everything on the map: `createFinder(graph)` makes the index once, `find(query)` answers from it. Words may stand in any
// order and may leave letters out (`crscore` finds `credit_score`); every word must be there, in the name, the module or the file.
import type { Graph, GraphNode } from "../../core/contract/graph.ts";

export type Finder = {
	/** The best first, at most `limit`. Nothing for an empty query. */
	find(query: string, limit?: number): GraphNode[];
};

type Entry = { node: GraphNode; name: string; text: string; letters: number; weight: number };

const finders = new WeakMap<Graph, Finder>();

/** The one finder of a graph; made when it is first asked for. */
export function finderOf(graph: Graph): Finder {
	const known = finders.get(graph) ?? createFinder(graph);
	finders.set(graph, known);
	return known;
}

export function findNodes(graph: Graph | null, query: string, limit = 12): GraphNode[] {
	return graph === null ? [] : finderOf(graph).find(query, limit);
}

export function createFinder(graph: Graph): Finder {
	const entries = graph.nodes.map((node): Entry => {
		const name = node.name.toLowerCase();
		const text = `${node.id} ${node.file}`.toLowerCase();
		// Functions are what one looks for; among equals the shorter name is nearer.
		return { node, name, text, letters: lettersOf(text), weight: (node.kind === "function" ? 0 : 20) + name.length / 100 };
	});
	return {
		find(query, limit = 12) {
			const words = query.toLowerCase().split(/\s+/).filter(Boolean);
			if (words.length === 0) return [];
			const masks = words.map(lettersOf);
			const best: { entry: Entry; score: number }[] = [];
			let worst = Number.POSITIVE_INFINITY;
			for (const entry of entries) {
				let score = entry.weight;
				for (let index = 0; index < words.length && score < worst; index++) {
					const mask = masks[index] as number;
					score += (entry.letters & mask) === mask ? scoreOf(entry, words[index] as string) : Number.POSITIVE_INFINITY;
				}
				if (score >= worst) continue;
				best.push({ entry, score });
				if (best.length < limit * 4) continue;
				shorten(best, limit);
				worst = best.at(-1)?.score ?? worst;
			}
			shorten(best, limit);
			return best.map(({ entry }) => entry.node);
		},
	};
}

/** 0: the name itself; small: it begins so; larger: a part of it; infinite: not there. */
function scoreOf({ name, text }: Entry, word: string): number {
	const at = name.indexOf(word);
	if (at === 0) return name.length === word.length ? 0 : 1;
	if (at > 0) return isBoundary(name.charCodeAt(at - 1)) ? 6 : 10;
	if (text.includes(word)) return 40;
	const gaps = gapsIn(name, word);
	return gaps === null ? Number.POSITIVE_INFINITY : 60 + gaps;
}

const isBoundary = (code: number) => !((code >= 97 && code <= 122) || (code >= 48 && code <= 57));

/** How many letters of the name lie between the letters of the word, in order, from its first letter on; null: it is not in it. */
function gapsIn(name: string, word: string): number | null {
	if (word.length < 3) return null;
	let at = name.indexOf(word.charAt(0));
	if (at < 0) return null;
	let gaps = 0;
	for (let index = 1; index < word.length; index++) {
		const next = name.indexOf(word.charAt(index), at + 1);
		if (next < 0) return null;
		gaps += next - at - 1;
		at = next;
	}
	return gaps > word.length * 3 ? null : gaps;
}

/** Which letters and digits occur, as bits: most names are ruled out by one `&`. */
function lettersOf(text: string): number {
	let mask = 0;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code >= 97 && code <= 122) mask |= 1 << (code - 97);
		else if (code >= 48 && code <= 57) mask |= 1 << (26 + (code % 6));
	}
	return mask;
}

function shorten(list: { entry: Entry; score: number }[], limit: number): void {
	list.sort((a, b) => a.score - b.score || (a.entry.node.id < b.entry.node.id ? -1 : 1));
	list.length = Math.min(list.length, limit);
}
