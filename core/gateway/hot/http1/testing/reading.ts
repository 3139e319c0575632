/** What a parser made of a stream of bytes. */
export type Reading = {
	messages: ReadMessage[];
	end: "open" | "closed" | "upgraded" | "refused";
	/** Why it was refused, in the parser's own words. */
	why: string;
};

/** One message whose head was read; `isWhole` false: its body was still to come, or was refused. */
export type ReadMessage = {
	/** `GET /a` or `200`. */
	first: string;
	minor: number;
	/** Name, value, name, value as on the wire, blanks around values left out. */
	pairs: string[];
	isKeepAlive: boolean;
	body: string;
	trailers: string[];
	isWhole: boolean;
};

/** How two readings of the same messages differ, or null. Of messages that neither finished the bodies may have come differently far. */
export function firstDifference(left: ReadMessage, right: ReadMessage): string | null {
	if (left.first !== right.first) return `first line: ${left.first} / ${right.first}`;
	if (left.minor !== right.minor) return `version: ${left.minor} / ${right.minor}`;
	if (!isSame(left.pairs, right.pairs)) return `lines: ${JSON.stringify(left.pairs)} / ${JSON.stringify(right.pairs)}`;
	if (!left.isWhole || !right.isWhole) return null;
	if (left.body !== right.body) return `body: ${JSON.stringify(left.body)} / ${JSON.stringify(right.body)}`;
	if (!isSame(left.trailers, right.trailers)) return `trailers: ${JSON.stringify(left.trailers)} / ${JSON.stringify(right.trailers)}`;
	return null;
}

export function isSame(left: readonly string[], right: readonly string[]): boolean {
	if (left.length !== right.length) return false;
	for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
	return true;
}
