import type { Permute } from "../permute.ts";

/** A value found in a text by its own form, and what stands there instead: as long as it was. */
export type Found = { from: number; to: number; masked: string };

export type Kind = {
	readonly name: string;
	/** Cheap; a text without it holds none of them. */
	readonly hint: RegExp;
	/** In order, without overlaps; linear in the length of the text. */
	find(text: string, permute: Permute): Found[];
	/** The whole text is one such value. */
	maskWhole(text: string, permute: Permute): string | null;
};

/** `find` as `maskWhole`: when all that is found is the text itself. */
export function wholeBy(find: Kind["find"]): Kind["maskWhole"] {
	return (text, permute) => {
		const [first] = find(text, permute);
		return first !== undefined && first.from === 0 && first.to === text.length ? first.masked : null;
	};
}

/** `digits` back into the places of the digits of `text`; everything else stays. */
export function refill(text: string, digits: readonly (number | string)[]): string {
	let next = 0;
	return text.replace(/\d/g, () => String(digits[next++]));
}
