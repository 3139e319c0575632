/** Cuts a byte stream into lines; `limit` bytes without a newline end the peer's right to be heard (`onTooLong`). */
export function createLineReader(onLine: (line: string) => void, limit: number, onTooLong: () => void): (chunk: Buffer) => void {
	let parts: Buffer[] = [];
	let size = 0;
	return (chunk) => {
		let from = 0;
		for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
			const tail = chunk.subarray(from, at);
			const line = parts.length === 0 ? tail : Buffer.concat([...parts, tail]);
			parts = [];
			size = 0;
			from = at + 1;
			if (line.length > 0) onLine(line.toString("utf8"));
		}
		if (from < chunk.length) {
			const rest = chunk.subarray(from);
			parts.push(rest);
			size += rest.length;
			if (size > limit) onTooLong();
		}
	};
}

/** The value of a JSON line, or undefined where it is none. */
export function parseJson(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}
