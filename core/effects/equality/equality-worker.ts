import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { EqualityLook, EqualityMessage } from "./messages.ts";
import { createTableWalk } from "./walk-tables.ts";

// Reading every row takes a while; in a thread of its own it holds up nobody. Both databases are opened to be read only.
const { here, there } = workerData as { here: string; there: string };
const say = (message: EqualityMessage) => parentPort?.postMessage(message);
let walk: ((budgetRows: number) => EqualityLook) | null = null;
let database: DatabaseSync | null = null;

function open() {
	database = new DatabaseSync(here, { readOnly: true, timeout: 1_000 });
	database.prepare("ATTACH ? AS other").run(there);
	return createTableWalk(database);
}

parentPort?.on("message", (message: { budgetRows: number } | "close") => {
	if (message === "close") {
		database?.close();
		parentPort?.close();
		return;
	}
	try {
		walk ??= open();
		say({ look: walk(message.budgetRows) });
	} catch (error) {
		say({ failed: error instanceof Error ? error.message : String(error) });
	}
});
