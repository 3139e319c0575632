import type { Masker } from "../../replay/index.ts";
import { maskerOf } from "../traffic/masking.ts";
import { type CommandInput, stateDir, textOf, wrongUsage } from "./command.ts";

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `90s`, `10m`, `1.5h` in milliseconds. */
export function durationOf(input: CommandInput, name: string): number | undefined {
	const text = textOf(input, name);
	if (text === undefined) return undefined;
	const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
	const ms = Number(parts?.[1]) * (units[parts?.[2] ?? ""] ?? Number.NaN);
	return Number.isFinite(ms) && ms >= 1 ? Math.round(ms) : wrongUsage();
}

export const listOf = (input: CommandInput, name: string): string[] => textOf(input, name)?.split(",").filter(Boolean) ?? [];

export const maskOptions = { mask: "string", "mask-key": "string", unmasked: "boolean", state: "string" } as const;
export const maskUsage = "[--mask header:NAME,field:PATH,...] [--mask-key FILE | --unmasked]";

/** As `--mask`, `--mask-key` and `--unmasked` ask; null: nothing is masked. */
export function maskerFrom(input: CommandInput): Masker | null {
	if (input.values.unmasked === true) return null;
	return maskerOf(stateDir(input), { rules: listOf(input, "mask"), keyFile: textOf(input, "mask-key") });
}

/** `3 slow-disk, 1 dropped`; empty when there is nothing to tell. */
export function countsText(counts: Readonly<Record<string, number>>): string {
	return Object.entries(counts)
		.sort(([, a], [, b]) => b - a)
		.map(([name, count]) => `${count} ${name}`)
		.join(", ");
}
