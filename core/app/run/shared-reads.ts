import type { DatabaseSync, StatementSync } from "node:sqlite";

export type SharedReads = {
	/** For the services that take turns: behaves as the connection itself does. */
	database: DatabaseSync;
	/** The next turn begins, on the same rows as the one before. */
	nextTurn(): void;
	/** The rows are others from here on. */
	forget(): void;
};

type Bound = null | number | bigint | string;

/** What answers differently on equal rows. A column of such a name costs nothing but time. */
const VARIES =
	/\b(random|randomblob|changes|total_changes|last_insert_rowid|current_\w+|date|time|datetime|julianday|strftime|unixepoch)\b/i;
/** Begins or ends a transaction, and changes no row. */
const BRACKET = /^\s*(begin|commit|end|rollback)\b[^;]*;?\s*$/i;

/**
 * Many services ask the same questions of the same rows, one after the other: each question is put to the database once. As soon
 * as a turn may have changed a row, and until the next turn, all of its questions go to the database.
 */
export function shareReads(database: DatabaseSync): SharedReads {
	const known = new Map<string, unknown>();
	let hasWritten = false;

	function once<Result>(key: string | null, read: () => Result, copy: (result: Result) => Result): Result {
		if (key === null || hasWritten) return read();
		if (!known.has(key)) known.set(key, read());
		return copy(known.get(key) as Result);
	}

	function wrap(sql: string): StatementSync {
		const statement = database.prepare(sql);
		if (!/^\s*select\b/i.test(sql) || VARIES.test(sql)) return notice(statement);
		let isPlain = true;
		const keyOf = (verb: string, values: unknown[]) =>
			isPlain && values.every(isBound) ? `${verb}\n${sql}\n${values.map(spell).join("\n")}` : null;
		const get = (...values: Bound[]) => once(keyOf("get", values), () => statement.get(...values), copyRow);
		const all = (...values: Bound[]) =>
			once(
				keyOf("all", values),
				() => statement.all(...values),
				(rows) => rows.map(copyRow),
			);
		return new Proxy(statement, {
			get(target, name) {
				if (name === "get") return get;
				if (name === "all") return all;
				const member = Reflect.get(target, name, target) as unknown;
				if (typeof member !== "function") return member;
				// It may set how rows are told.
				isPlain = false;
				return member.bind(target);
			},
		});
	}

	/** A statement that may write. */
	function notice(statement: StatementSync): StatementSync {
		return new Proxy(statement, {
			get(target, name) {
				const member = Reflect.get(target, name, target) as unknown;
				if (typeof member !== "function") return member;
				return (...values: unknown[]) => {
					hasWritten = true;
					return member.apply(target, values);
				};
			},
		});
	}

	return {
		database: new Proxy(database, {
			get(target, name) {
				if (name === "prepare") return wrap;
				const member = Reflect.get(target, name, target) as unknown;
				if (typeof member !== "function") return member;
				return (...values: unknown[]) => {
					if (name !== "exec" || !BRACKET.test(String(values[0]))) hasWritten = true;
					return member.apply(target, values);
				};
			},
		}),
		nextTurn() {
			hasWritten = false;
		},
		forget() {
			known.clear();
			hasWritten = false;
		},
	};
}

const isBound = (value: unknown): value is Bound => value === null || ["number", "bigint", "string"].includes(typeof value);

/** Of each kind its own: SQLite tells 1 from 1.0 and from '1'. */
const spell = (value: unknown): string => `${typeof value} ${Object.is(value, -0) ? "-0" : JSON.stringify(String(value))}`;

/** Who changes a row that was read changes a row of its own. */
function copyRow<Row>(row: Row): Row {
	return row === undefined || row === null ? row : Object.assign(Object.create(Object.getPrototypeOf(row)), row);
}
