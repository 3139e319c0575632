import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

export type Follower = {
	readonly file: string;
	/** Reads what is there by now. */
	read(): void;
	/** Reads to the end, gives the last line even without its newline, and lets go of the file. */
	stop(): void;
};

const LOOK_MS = 100;
/** The name is looked up every so many looks: a rotated log is another file under the same name. */
const LOOKS_PER_NAME = 5;
const READ_BYTES = 256 * 1024;
/** A writer that is so far ahead is not caught up with line by line. */
const FAR_BYTES = 8 * 1024 * 1024;
const EARLIER_BYTES = 256 * 1024;
const LONGEST = 4_000;

/**
 * Follows a text file as it grows, over rotation (another file takes the name) and truncation (it is shorter than before).
 * `start`: from its first line. `end`: from the last lines that are there already, which are called earlier.
 */
export function followFile(options: {
	file: string;
	from: "start" | "end";
	onLine(text: string, earlier: boolean): void;
	/** So many bytes were passed over, because the writer was too far ahead. */
	onSkip?(bytes: number): void;
}): Follower {
	const { file, onLine } = options;
	const buffer = Buffer.allocUnsafe(READ_BYTES);
	let descriptor: number | null = null;
	let inode = 0;
	let position = 0;
	/** Lines that begin before this byte were there before. */
	let earlierUntil = 0;
	/** After a jump into the middle the first line is only the rest of one. */
	let isPartial = false;
	let rest: Buffer = Buffer.alloc(0);
	let looks = 0;
	let from = options.from;

	function open(): boolean {
		try {
			descriptor = openSync(file, "r");
		} catch {
			return false;
		}
		const { ino, size } = fstatSync(descriptor);
		inode = ino;
		position = from === "end" ? Math.max(0, size - EARLIER_BYTES) : 0;
		earlierUntil = from === "end" ? size : 0;
		isPartial = position > 0;
		// Whatever takes the name later is new from its first byte on.
		from = "start";
		return true;
	}

	function give(bytes: Buffer, earlier: boolean): void {
		if (isPartial) {
			isPartial = false;
			return;
		}
		onLine(lineOf(bytes), earlier);
	}

	function readOnce(opened: number): boolean {
		const { size } = fstatSync(opened);
		if (size < position) {
			flush();
			position = 0;
			earlierUntil = 0;
		}
		if (size - position > FAR_BYTES) {
			const skipped = size - position - READ_BYTES;
			position += skipped;
			rest = Buffer.alloc(0);
			isPartial = true;
			options.onSkip?.(skipped);
		}
		const amount = readSync(opened, buffer, 0, READ_BYTES, position);
		if (amount === 0) return false;
		const begin = position - rest.length;
		const chunk = Buffer.concat([rest, buffer.subarray(0, amount)]);
		let start = 0;
		for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
			give(chunk.subarray(start, end), begin + start < earlierUntil);
			start = end + 1;
		}
		position += amount;
		rest = Buffer.from(chunk.subarray(start));
		if (rest.length > READ_BYTES) flush();
		return amount === READ_BYTES;
	}

	function flush(): void {
		if (rest.length > 0) give(rest, position - rest.length < earlierUntil);
		rest = Buffer.alloc(0);
	}

	function isRotated(): boolean {
		try {
			return statSync(file).ino !== inode;
		} catch {
			return false;
		}
	}

	function close(): void {
		if (descriptor === null) return;
		closeSync(descriptor);
		descriptor = null;
	}

	function read(): void {
		if (descriptor === null && !open()) return;
		if (descriptor !== null && readOnce(descriptor)) return;
		if (++looks % LOOKS_PER_NAME !== 0 || !isRotated()) return;
		// The writer may have written to the old one between the last look and the change of names.
		if (descriptor !== null) readOnce(descriptor);
		flush();
		close();
		if (open() && descriptor !== null) readOnce(descriptor);
	}

	const timer = setInterval(read, LOOK_MS);
	timer.unref();
	// What is written from here on is not earlier.
	if (options.from === "end") read();
	return {
		file,
		read,
		stop() {
			clearInterval(timer);
			if (descriptor === null) open();
			if (descriptor !== null) for (let rounds = 0; rounds < 64 && readOnce(descriptor); rounds++);
			flush();
			close();
		},
	};
}

/** Without colours of a terminal, and not longer than anybody reads. */
function lineOf(bytes: Buffer): string {
	const whole = bytes.toString("utf8").replace(/\r$/, "");
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of terminals begin with one
	const text = whole.includes("\u001b") ? whole.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "") : whole;
	return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} … ${text.length - LONGEST} more characters`;
}
