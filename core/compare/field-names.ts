/** Fields as a policy names them, in one spelling. */
export type FieldNames = ReadonlySet<string>;

/** Answer fields as `TOKEN` or `answer/SESSION/TOKEN`; columns as `table.column` or `rows/table/column`, case ignored as SQL does. */
export function namesOf(names: readonly string[]): FieldNames {
	return new Set(
		names.map((name) => {
			const column = /^rows\/(\w+)[./](\w+)$/.exec(name) ?? /^(\w+)\.(\w+)$/.exec(name);
			return column !== null ? `${column[1]}.${column[2]}`.toLowerCase() : name.replace(/^answer\//, "");
		}),
	);
}

/** A field, or a record around it. */
export function isWithin(names: FieldNames, field: string): boolean {
	for (let end = field.length; end > 0; end = field.lastIndexOf("/", end - 1)) if (matches(names, field.slice(0, end))) return true;
	return false;
}

/** `field`: as differences name it, list indexes and all. */
export function matches(names: FieldNames, field: string): boolean {
	if (names.size === 0) return false;
	const path = field.replace(/\[\d+\]/g, "");
	const row = /^rows\/([^/]+)\/([^/]+)(?:\/(.+))?$/.exec(path);
	if (row && row[3] === undefined) return names.has(`${row[1]}.${row[2]}`.toLowerCase());
	// Inside a stored answer the rules of the answer hold.
	const inner = row ? (row[3] as string) : path.startsWith("answer/") ? path.slice(7) : path;
	const last = localName(inner.slice(inner.lastIndexOf("/") + 1));
	return [inner, last].some((name) => names.has(name) || (name.startsWith("@") && names.has(name.slice(1))));
}

/** `@{urn:x}id` -> `@id`: a policy names attributes without their namespace. */
const localName = (name: string): string => name.replace(/^(@?)\{[^}]*\}/, "$1");
