import type { Row } from "./row.ts";

type Column = { head: string; width: number; of(row: Row): string };

const figure = (value: number | null, digits = 0): string => (value === null || Number.isNaN(value) ? "-" : value.toFixed(digits));
const share = (value: number): string => `${(100 * value).toFixed(1)} %`;

const columns: readonly Column[] = [
	{ head: "req/s", width: 8, of: (row) => (row.perSecond === null ? "void" : figure(row.perSecond)) },
	{ head: "x nginx", width: 8, of: (row) => figure(row.ofNginx, 2) },
	{ head: "least..most", width: 15, of: (row) => `${figure(row.least)}..${figure(row.most)}` },
	{ head: "CPU us", width: 7, of: (row) => figure(row.cpu, 1) },
	{ head: "p50 ms", width: 8, of: (row) => figure(row.p50, 3) },
	{ head: "p99 ms", width: 8, of: (row) => figure(row.p99, 2) },
	{ head: "RSS MB", width: 7, of: (row) => figure(row.memory) },
];

/** One load, a line for each proxy. */
export function table(title: string, rows: readonly Row[]): string {
	const wide = Math.max(title.length, ...rows.map(({ peer }) => peer.length));
	const head = [title.padEnd(wide), ...columns.map((column) => column.head.padStart(column.width))].join(" ");
	const lines = rows.map((row) => {
		const cells = columns.map((column) => column.of(row).padStart(column.width));
		return [row.peer.padEnd(wide), ...cells, notesOf(row)].join(" ").trimEnd();
	});
	return [head, ...lines].join("\n");
}

function notesOf({ errors, consumerCpu, dropped }: Row): string {
	const notes: string[] = [];
	if (errors > 0) notes.push(`${errors} errors`);
	if (consumerCpu !== null) notes.push(`consumer ${consumerCpu.toFixed(1)} us more`);
	if (dropped !== null && dropped > 0) notes.push(`${share(dropped)} of the exchanges dropped`);
	return notes.length === 0 ? "" : ` ${notes.join(", ")}`;
}
