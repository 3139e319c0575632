/** Without any of `characters` at the start. */
export function stripCharactersStart(text: string, characters: string): string {
	const points = [...text];
	const from = points.findIndex((point) => !characters.includes(point));
	return from < 0 ? "" : points.slice(from).join("");
}

/** Without any of `characters` at the end. */
export function stripCharactersEnd(text: string, characters: string): string {
	const points = [...text];
	return points.slice(0, points.findLastIndex((point) => !characters.includes(point)) + 1).join("");
}

/** Without any of `characters` at both ends. */
export function stripCharacters(text: string, characters: string): string {
	return stripCharactersStart(stripCharactersEnd(text, characters), characters);
}
