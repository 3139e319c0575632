/**
 * The items whose text has every word of the query, the best first: a word of the text that begins so before a part of one, before
 * letters in order with others between. Among equals the order of the list stays.
 */
export function rankWords<T>(items: readonly T[], query: string, textOf: (item: T) => string): T[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	const scored = items.flatMap((item, order) => {
		const text = textOf(item).toLowerCase();
		const score = words.reduce((sum, word) => sum + scoreOf(text, word), 0);
		return Number.isFinite(score) ? [{ item, score, order }] : [];
	});
	return scored.sort((a, b) => a.score - b.score || a.order - b.order).map(({ item }) => item);
}

function scoreOf(text: string, word: string): number {
	const at = text.indexOf(word);
	if (at === 0) return 0;
	if (at > 0) return /[^\p{L}\p{N}]/u.test(text.charAt(at - 1)) ? 1 : 4;
	return word.length >= 3 && isInOrder(text, word) ? 9 : Number.POSITIVE_INFINITY;
}

function isInOrder(text: string, word: string): boolean {
	let at = -1;
	for (const letter of word) {
		at = text.indexOf(letter, at + 1);
		if (at < 0) return false;
	}
	return true;
}
