import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../base/index.ts";

/**
 * Read transactions that keep the log from being lost under the tail: at least one is held at any time, at most two.
 *
 * A checkpoint that waits for readers (RESTART, TRUNCATE) waits for one read mark at a time, and goes on waiting for that
 * mark even when it has moved since. Pins that always follow each other on one mark would hold it up until its timeout;
 * so when nothing moves, the pins step aside: for a while only the older is held, then only a fresh one.
 */
export type Pins = {
	/** Takes a pin on the present end of the log. At most two are held before. */
	take(): void;
	/** Ends all pins but the newest `count`. */
	keepNewest(count: number): void;
	/** Ends the newest pin unless it is the only one. */
	stepAside(): void;
	readonly held: number;
	/** Lets SQLite recover an index that a dying writer left half written. */
	mend(): void;
	close(): void;
};

type Connection = { database: DatabaseSync; touch: StatementSync };

const retryMs = 20;

/** Throws DATABASE_LOCKED when no read transaction can be had within `timeoutMs`. */
export async function createPins(file: string, timeoutMs: number): Promise<Pins> {
	const all: Connection[] = [];
	const opened: DatabaseSync[] = [];
	try {
		for (let count = 0; count < 3; count++) {
			all.push(await connect(file, timeoutMs, opened));
			if (count === 0) begin(all[0] as Connection);
		}
		return createRotation(all);
	} catch (error) {
		for (const database of opened) database.close();
		throw isBusy(error) ? new Fault("DATABASE_LOCKED", { file }, { cause: error }) : error;
	}
}

/** The first of `all` holds a pin already. */
function createRotation(all: readonly Connection[]): Pins {
	const held = all.slice(0, 1);
	const spare = all.slice(1);
	const end = (connection: Connection | undefined) => {
		if (connection === undefined) return;
		connection.database.exec("COMMIT");
		spare.push(connection);
	};
	const first = () => spare[0] as Connection;
	return {
		take() {
			begin(first());
			held.push(spare.shift() as Connection);
		},
		keepNewest(count) {
			while (held.length > count) end(held.shift());
		},
		stepAside() {
			if (held.length > 1) end(held.pop());
		},
		get held() {
			return held.length;
		},
		mend() {
			begin(first());
			first().database.exec("COMMIT");
		},
		close() {
			for (const { database } of all) database.close();
		},
	};
}

async function connect(file: string, timeoutMs: number, opened: DatabaseSync[]): Promise<Connection> {
	const until = performance.now() + timeoutMs;
	const database = new DatabaseSync(file, { timeout: 0 });
	opened.push(database);
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
