import { readFileSync } from "node:fs";
import { failureShape } from "../core/contract/host.ts";

/** Whether a process of this id lives. One that has ended and that its parent has not noticed yet does not. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !/\) Z /.test(readText(`/proc/${pid}/stat`));
	} catch (error) {
		// It lives and belongs to another user.
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

/** The content of a JSON file, null where there is none that can be read. */
export function readJson(file: string): unknown {
	return parseJson(readText(file));
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** The content of a file, empty where there is none. */
export function readText(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}

/** The last coded failure in what was printed, as sentences. */
export function complaintIn(text: string): string | null {
	for (const line of text.split("\n").reverse()) {
		const failure = failureShape.safeParse(parseJson(line));
		if (failure.success) return `${failure.data.what}\n${failure.data.safe}\n${failure.data.todo}`;
	}
	return null;
}
