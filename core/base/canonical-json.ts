/**
 * JSON with the keys of every object sorted by UTF-16 code units and no blanks: equal values give equal bytes.
 * Like JSON.stringify it leaves out undefined properties and calls `toJSON`; unlike it, what JSON cannot carry
 * (NaN, infinities, bigints, functions, undefined in a list) throws a TypeError instead of turning into null.
 */
export function canonicalJson(value: unknown): string {
	switch (typeof value) {
		case "string":
		case "boolean":
			return JSON.stringify(value);
		case "number":
			if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
			return JSON.stringify(value);
		case "object":
			return value === null ? "null" : canonicalObject(value);
		default:
			throw new TypeError(`a ${typeof value} has no JSON form`);
	}
}

function canonicalObject(value: object): string {
	if ("toJSON" in value && typeof value.toJSON === "function") return canonicalJson(value.toJSON());
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
	const record = value as Record<string, unknown>;
	let text = "";
	for (const key of Object.keys(record).sort()) {
		const item = record[key];
		if (item === undefined) continue;
		text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(item)}`;
	}
	return `{${text}}`;
}
