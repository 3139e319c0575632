import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../base/index.ts";

/** Read transactions that keep the log from being lost under the tail. Between two calls at least one is held. */
export type Pins = {
	/** Takes a pin on the present end of the log, next to the one that is held. */
	take(): void;
	/** Ends the older of two pins. */
	releaseOlder(): void;
	/** Ends all pins, waits, and takes a new one. */
	pause(wait: () => void): void;
	/** Lets SQLite recover an index that a dying writer left half written. */
	mend(): void;
	close(): void;
};

type Connection = { database: DatabaseSync; touch: StatementSync };

const retryMs = 20;
const mostAttempts = 100;
const idle = new Int32Array(new SharedArrayBuffer(4));

/** Throws DATABASE_LOCKED when no read transaction can be had within `timeoutMs`. */
export async function createPins(file: string, timeoutMs: number): Promise<Pins> {
	const opened: DatabaseSync[] = [];
	try {
		const held = await connect(file, timeoutMs, opened);
		begin(held);
		return alternate(held, await connect(file, timeoutMs, opened));
	} catch (error) {
		for (const database of opened) database.close();
		throw isBusy(error) ? new Fault("DATABASE_LOCKED", { file }, { cause: error }) : error;
	}
}

function alternate(first: Connection, second: Connection): Pins {
	let [held, spare] = [first, second];
	return {
		take() {
			begin(spare);
			[held, spare] = [spare, held];
		},
		releaseOlder() {
			spare.database.exec("COMMIT");
		},
		pause(wait) {
			held.database.exec("COMMIT");
			wait();
			for (let attempt = 0; ; attempt++) {
				try {
					begin(held);
					return;
				} catch (error) {
					if (!isBusy(error) || attempt === mostAttempts) throw error;
					Atomics.wait(idle, 0, 0, retryMs);
				}
			}
		},
		mend() {
			begin(spare);
			spare.database.exec("COMMIT");
		},
		close() {
			for (const { database } of [first, second]) database.close();
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
