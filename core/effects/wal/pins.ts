import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../base/index.ts";

/** Two connections of which one always holds a read transaction, so that the log cannot be lost under the tail. */
export type Pins = {
	/** Opens a read transaction on the spare connection; the returned function ends the one that was held before. */
	next(): () => void;
	/** Lets SQLite recover an index that a dying writer left half written. */
	mend(): void;
	close(): void;
};

type Connection = { database: DatabaseSync; touch: StatementSync };

const retryMs = 20;

/** Throws DATABASE_LOCKED when no read transaction can be had within `timeoutMs`. */
export async function createPins(file: string, timeoutMs: number): Promise<Pins> {
	const databases: DatabaseSync[] = [];
	try {
		const held = await connect(file, timeoutMs, databases);
		begin(held);
		const spare = await connect(file, timeoutMs, databases);
		return alternate(held, spare, databases);
	} catch (error) {
		for (const database of databases) database.close();
		throw isBusy(error) ? new Fault("DATABASE_LOCKED", { file }, { cause: error }) : error;
	}
}

function alternate(first: Connection, second: Connection, databases: DatabaseSync[]): Pins {
	let [held, spare] = [first, second];
	return {
		next() {
			begin(spare);
			return () => {
				held.database.exec("COMMIT");
				[held, spare] = [spare, held];
			};
		},
		mend() {
			begin(spare);
			spare.database.exec("COMMIT");
		},
		close() {
			for (const database of databases) database.close();
		},
	};
}

async function connect(file: string, timeoutMs: number, databases: DatabaseSync[]): Promise<Connection> {
	const until = performance.now() + timeoutMs;
	const database = new DatabaseSync(file, { timeout: 0 });
	databases.push(database);
	for (;;) {
		try {
			const touch = database.prepare("SELECT count(*) FROM (SELECT 1 FROM sqlite_schema LIMIT 1)");
			touch.get();
			return { database, touch };
		} catch (error) {
			if (!isBusy(error) || performance.now() > until) throw error;
			await sleep(retryMs);
		}
	}
}

/** Unlike BEGIN alone, the first read takes the lock. */
function begin({ database, touch }: Connection): void {
	database.exec("BEGIN");
	try {
		touch.get();
	} catch (error) {
		database.exec("ROLLBACK");
		throw error;
	}
}

/** SQLITE_BUSY and SQLITE_LOCKED with their extended forms. */
export function isBusy(error: unknown): boolean {
	const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
	return code === 5 || code === 6;
}
