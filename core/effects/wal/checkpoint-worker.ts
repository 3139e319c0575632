import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

// A checkpoint waits for the disk; in a thread of its own it does not hold up the tail.
// PASSIVE waits for nobody and stops nobody: what it cannot move now it leaves.
const database = new DatabaseSync(workerData as string, { timeout: 0 });
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");

parentPort?.on("message", (message: "checkpoint" | "close") => {
	if (message === "close") {
		database.close();
		parentPort?.postMessage("closed");
		parentPort?.close();
		return;
	}
	let isBusy = true;
	try {
		isBusy = checkpoint.get()?.busy === 1;
	} catch {
		// Locked: the next quiet moment comes.
	}
	parentPort?.postMessage(isBusy ? "busy" : "done");
});
