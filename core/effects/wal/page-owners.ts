import { childrenOf, isInterior, isLeaf, type PageView } from "./btree.ts";

/**
 * Which table each b-tree page belongs to, and its parent there. Indexes, free pages and overflow pages have no owner.
 * `tree` is a number of the caller's, from 1; 0 is none.
 */
export type PageOwners = {
	treeOf(page: number): number;
	/** Learns all pages below `root`. */
	plant(tree: number, root: number, view: PageView): void;
	/** Forgets all pages of a tree. */
	fell(tree: number): void;
	/**
	 * Follows one commit. `trees`: tree -> root of those that exist before and after it under the same root.
	 * Returns, per tree, its leaves that the commit wrote or dropped (as they were) and wrote or gained (as they are).
	 */
	follow(changed: ReadonlySet<number>, trees: ReadonlyMap<number, number>, before: PageView, after: PageView): Map<number, LeafMoves>;
};

export type LeafMoves = { before: Set<number>; after: Set<number> };

export function createPageOwners(): PageOwners {
	let tree = new Int32Array(1024);
	let parent = new Int32Array(1024);

	function own(page: number, owner: number, above: number): void {
		if (page >= tree.length) {
			tree = grown(tree, page);
			parent = grown(parent, page);
		}
		tree[page] = owner;
		parent[page] = above;
	}

	function plant(owner: number, page: number, view: PageView, above = 0, leaf = false): void {
		own(page, owner, above);
		if (leaf) return;
		const image = view(page);
		if (!isInterior(image, page)) return;
		const children = childrenOf(image, page);
		// All children of a page are of one level: the first tells for the rest.
		const first = children[0] as number;
		const leaves = isLeaf(view(first), first);
		for (const child of children) plant(owner, child, view, page, leaves);
	}

	return {
		treeOf: (page) => tree[page] ?? 0,
		plant,
		fell(owner) {
			for (let page = 0; page < tree.length; page++) if (tree[page] === owner) tree[page] = parent[page] = 0;
		},
		follow(changed, trees, before, after) {
			const owned = [...changed].filter((page) => trees.has(tree[page] ?? 0));
			const stays = stayingPages(changed, trees, tree, parent, after);
			const gained = new Map<number, { tree: number; parent: number }>();
			const reached = reach(owned.filter(stays), stays, gained, changed, tree, parent, after);
			const moves = new Map<number, LeafMoves>();
			const movesOf = (owner: number) => {
				const known = moves.get(owner) ?? { before: new Set(), after: new Set() };
				moves.set(owner, known);
				return known;
			};

			const lost = new Set<number>();
			const lose = (page: number): void => {
				if (lost.has(page) || gained.has(page) || stays(page)) return;
				lost.add(page);
				const image = before(page);
				if (isInterior(image, page)) childrenOf(image, page).forEach(lose);
				else if (isLeaf(image, page)) movesOf(tree[page] as number).before.add(page);
			};
			for (const page of owned) {
				const image = before(page);
				if (isLeaf(image, page)) movesOf(tree[page] as number).before.add(page);
				lose(page);
				if (isInterior(image, page)) childrenOf(image, page).forEach(lose);
			}
			for (const [page, owner] of reached) if (isLeaf(after(page), page)) movesOf(owner).after.add(page);
			for (const page of lost) own(page, 0, 0);
			for (const [page, place] of gained) own(page, place.tree, place.parent);
			return moves;
		},
	};
}

/** Whether a page is still where it was: its parent stays too, and still names it. */
function stayingPages(
	changed: ReadonlySet<number>,
	trees: ReadonlyMap<number, number>,
	tree: Int32Array,
	parent: Int32Array,
	after: PageView,
): (page: number) => boolean {
	const answers = new Map<number, boolean>();
	const namedBy = new Map<number, Set<number>>();
	const names = (above: number, page: number): boolean => {
		let children = namedBy.get(above);
		if (children === undefined) {
			const image = after(above);
			children = new Set(isInterior(image, above) ? childrenOf(image, above) : []);
			namedBy.set(above, children);
		}
		return children.has(page);
	};
	return function stays(page): boolean {
		const known = answers.get(page);
		if (known !== undefined) return known;
		const owner = tree[page] ?? 0;
		const above = parent[page] ?? 0;
		let answer = false;
		if (trees.get(owner) === page) answer = true;
		else if (trees.has(owner) && above !== 0) answer = stays(above) && (!changed.has(above) || names(above, page));
		answers.set(page, answer);
		return answer;
	};
}

/** The changed pages that are part of a tree after the commit, with their tree; what came to a new place goes into `gained`. */
function reach(
	start: readonly number[],
	stays: (page: number) => boolean,
	gained: Map<number, { tree: number; parent: number }>,
	changed: ReadonlySet<number>,
	tree: Int32Array,
	parent: Int32Array,
	after: PageView,
): Map<number, number> {
	const reached = new Map<number, number>();
	const queue: { page: number; owner: number }[] = [];
	const visit = (page: number, owner: number) => {
		if (reached.has(page)) return;
		if (changed.has(page)) reached.set(page, owner);
		queue.push({ page, owner });
	};
	for (const page of start) visit(page, tree[page] as number);
	for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
		const { page, owner } = next;
		const image = after(page);
		if (!isInterior(image, page)) continue;
		const children = childrenOf(image, page);
		const first = children[0] as number;
		const areLeaves = isLeaf(after(first), first);
		for (const child of children) {
			const inPlace = tree[child] === owner && parent[child] === page && stays(child);
			if (!inPlace) gained.set(child, { tree: owner, parent: page });
			// Below an unwritten page that moved, written pages may hang: look there too.
			if (changed.has(child) || (!inPlace && !areLeaves)) visit(child, owner);
		}
	}
	return reached;
}

function grown(old: Int32Array<ArrayBuffer>, page: number): Int32Array<ArrayBuffer> {
	const wider = new Int32Array(Math.max(page + 1, old.length * 2));
	wider.set(old);
	return wider;
}
