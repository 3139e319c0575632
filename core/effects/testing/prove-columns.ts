import { afterAll, describe, test } from "vitest";
import type { EffectSource } from "../../contract/effects.ts";
import { type Column, conformance } from "./conformance.ts";

/** Registers every rule of the suite for every column as a test, and prints the table of what was shown. */
export function proveColumns(columns: readonly Column[]): void {
	const proved = new Set<string>();
	afterAll(() => {
		process.stdout.write(`${table(columns, proved)}\n`);
	});
	describe.each(columns.map((column, place) => ({ ...column, place })))("$name", (column) => {
		test.each(conformance.filter(({ id }) => column.cannot?.[id] === undefined))("[$id] $says", async (rule) => {
			const legacy = await column.engine(`trial-${column.place}-${rule.id.toLowerCase()}`);
			const opened: EffectSource[] = [];
			const open = async () => {
				const source = await column.open(legacy.place);
				opened.push(source);
				return source;
			};
			try {
				await rule.prove({ column, legacy, open });
				proved.add(`${column.name} ${rule.id}`);
			} finally {
				for (const source of opened) await source.stop();
				await legacy.close();
			}
		});
	});
}

function table(columns: readonly Column[], proved: ReadonlySet<string>): string {
	const cell = (column: Column, id: string) => {
		if (column.cannot?.[id] !== undefined) return column.cannot[id];
		if (!proved.has(`${column.name} ${id}`)) return "NOT SHOWN";
		const { unwatched, schema, zeros, zeroInText } = column;
		return { E5: zeroInText === "kept" ? "holds" : zeroInText, E9: unwatched, E10: schema, E14: zeros }[id] ?? "holds";
	};
	const lines = conformance.map(({ id, says }) => [id.padEnd(4), ...columns.map((column) => cell(column, id).padEnd(20)), says].join(" "));
	return [["    ", ...columns.map(({ name }) => name.padEnd(20)), "rule"].join(" "), ...lines].join("\n");
}
