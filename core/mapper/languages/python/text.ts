const simple: Record<string, string> = {
	"\\": "\\",
	"'": "'",
	'"': '"',
	a: "\x07",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
};

/** The value of a Python string's inside. `raw`: no escapes. `bytes`: `\u` and `\N` are plain characters there. */
export function unescapeText(text: string, raw: boolean, bytes: boolean): string {
	if (raw || !text.includes("\\")) return text;
	return text.replace(/\\(\r?\n|[\\'"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g, (whole, code: string) => {
		if (code === "\n" || code === "\r\n") return "";
		const plain = simple[code];
		if (plain !== undefined) return plain;
		if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
		if (bytes && code[0] !== "x") return whole;
		return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
	});
}

/** The line with a caret below the column (both count from 1); two lines before it for orientation. */
export function frameOf(lines: readonly string[], line: number, column: number): string {
	const from = Math.max(1, line - 2);
	const width = String(line).length;
	const shown = [];
	for (let at = from; at <= line; at++) shown.push(`${at === line ? ">" : " "} ${String(at).padStart(width)} | ${lines[at - 1] ?? ""}`);
	const lead = (lines[line - 1] ?? "").slice(0, column - 1).replace(/[^\t]/g, " ");
	shown.push(`  ${" ".repeat(width)} | ${lead}^`);
	return shown.join("\n");
}
