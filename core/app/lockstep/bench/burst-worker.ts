// Commits as fast as it can: two rows in each transaction.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

const { database: path, transactions } = workerData as { database: string; transactions: number };
const database = new DatabaseSync(path);
database.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");
const move = database.prepare("UPDATE accounts SET balance = balance + ? WHERE id = ?");
const note = database.prepare("INSERT INTO movements (account, cents) VALUES (?, ?)");
const started = performance.now();
for (let n = 1; n <= transactions; n++) {
	const account = 1 + ((n * 7_919) % 2_000);
	database.exec("BEGIN IMMEDIATE");
	move.run(n, account);
	note.run(account, n);
	database.exec("COMMIT");
}
const ms = performance.now() - started;
database.close();
parentPort?.postMessage({ rows: 2 * transactions, ms });
