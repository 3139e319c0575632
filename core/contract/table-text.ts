/** An answer to a question in SQL. */
type Rows = { columns: readonly string[]; rows: readonly (readonly unknown[])[] };

/** RFC 4180. A cell that a spreadsheet would read as a formula gets an apostrophe: journals hold what strangers sent. */
export function csvOf({ columns, rows }: Rows): string {
	const cell = (value: unknown) => {
		if (value === null || value === undefined) return "";
		const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
		return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	};
	return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

export function jsonOf({ columns, rows }: Rows): string {
	return `${JSON.stringify(
		rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null]))),
		null,
		"\t",
	)}\n`;
}
