import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import { readFirstLine } from "./state-files.ts";

const pollMs = 100;

/** The two ways to the kill switch that need no core and no socket: SIGUSR2 and a file. `press` may be called again and again. */
export function watchForPanic(file: string, press: (reason: string) => void): () => void {
	let wasEmpty = false;
	/** A file that is just being written is empty for a moment; its reason is worth one poll of waiting. */
	const look = () => {
		const reason = readFirstLine(file);
		if (reason || (reason === "" && wasEmpty)) press(reason || "the PANIC file");
	};
	const poll = () => {
		look();
		wasEmpty = readFirstLine(file) === "";
	};
	const onSignal = () => press(readFirstLine(file) || "SIGUSR2");
	process.on("SIGUSR2", onSignal);
	const timer = setInterval(poll, pollMs);
	// The poll alone is sure; the watch is what makes it fast where the file system reports changes.
	const watcher = watch(dirname(file), (_event, name) => {
		if (name === null || name === basename(file)) look();
	});
	watcher.on("error", () => watcher.close());
	look();
	return () => {
		process.off("SIGUSR2", onSignal);
		clearInterval(timer);
		watcher.close();
	};
}
