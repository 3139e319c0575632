import type { Behaviour } from "../contract/verdict.ts";
import { type FieldNames, matches, namesOf } from "./field-names.ts";

type Change = Behaviour["changes"][number];

/** Which numbers of new rows stand for each other on the two sides, table by table. [C23] */
export type RowIds = {
	/** Rows of this table are numbered by the database: their numbers may differ. */
	isNumbered(table: string): boolean;
	/** The field holds the number of a row of some table that is numbered so. */
	holdsId(field: string): boolean;
	/** Two new rows are the same one. */
	pair(legacy: Change, modern: Change): void;
	/** Null: the two values name the same row, new or old. Else why not. */
	check(field: string, legacy: string, modern: string): string | null;
};

/** `ids`: by table, the fields that hold the number of one of its rows, its own column among them. */
export function createRowIds(ids: Record<string, string[]> = {}): RowIds {
	const spaces = new Map<string, { fields: FieldNames; toModern: Map<string, string>; toLegacy: Map<string, string> }>();
	for (const [table, fields] of Object.entries(ids))
		spaces.set(table.toLowerCase(), { fields: namesOf(fields), toModern: new Map(), toLegacy: new Map() });
	const spaceOf = (field: string) => {
		for (const [table, space] of spaces) if (matches(space.fields, field)) return { table, ...space };
		return null;
	};
	return {
		isNumbered: (table) => spaces.has(table.toLowerCase()),
		holdsId: (field) => spaceOf(field) !== null,
		pair(legacy, modern) {
			const space = spaces.get(legacy.table.toLowerCase());
			space?.toModern.set(legacy.key, modern.key);
			space?.toLegacy.set(modern.key, legacy.key);
		},
		check(field, legacy, modern) {
			const space = spaceOf(field);
			if (space === null) return "no number of a row";
			const [partner, origin] = [space.toModern.get(legacy), space.toLegacy.get(modern)];
			// Rows from before have one number on both sides.
			if (partner === undefined && origin === undefined && legacy === modern) return null;
			if (partner === modern) return null;
			if (partner !== undefined) return `the new row ${legacy} of ${space.table} is ${partner} on the other side`;
			return origin === undefined
				? `no new row of ${space.table} has this number`
				: `${modern} of ${space.table} is the new row ${origin} of legacy`;
		},
	};
}
