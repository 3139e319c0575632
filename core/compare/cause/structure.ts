import type { CauseCase, CauseKind } from "../../contract/cause.ts";
import type { Difference } from "../../contract/verdict.ts";
import { fieldPattern } from "../group.ts";
import { leavesOf } from "./features.ts";

type Found = { cause: CauseKind; probability: number; words: string };

/** What the kinds of the differences say by themselves; null: nothing, the values must be looked at. */
export function structureOf(field: string, failing: readonly CauseCase[]): Found | null {
	const every = (test: (difference: Difference) => boolean) => failing.every(({ differences }) => differences.every(test));
	if (every(({ kind }) => kind === "status")) return { cause: "status", probability: 1, words: "only the status differs" };
	if (every(({ kind }) => kind === "missing") && field.startsWith("rows/"))
		return { cause: "missing row", probability: 1, words: `the new service does not write ${field.slice(5)}` };
	if (every(({ kind }) => kind === "extra") && field.startsWith("rows/"))
		return { cause: "extra row", probability: 1, words: `the new service also writes ${field.slice(5)}` };
	if (failing.every(({ differences }) => differences.some(({ suspicion }) => suspicion === "validation")))
		return { cause: "boundary", probability: 0.7, words: "one side refuses what the other accepts" };
	for (const kind of ["missing", "extra"] as const) {
		const table = sharedTable(kind, failing);
		if (table !== null) return { cause: `${kind} row`, probability: 0.9, words: `in every case a row of ${table} is ${kind}` };
	}
	const at = failing.flatMap(({ differences }) => differences.filter((one) => fieldPattern(one.field) === field).slice(0, 1));
	if (at.length === 0) return null;
	if (at.every(({ kind }) => kind === "date")) return { cause: "date or zone", probability: 0.95, words: "a date or time differs" };
	if (at.every(({ legacy, modern }) => looksLikeDate(legacy) && !/^-?[\d.]+$/.test(legacy + modern)))
		return { cause: "date or zone", probability: 0.9, words: "a date is written in another way" };
	if (at.every(isFormat)) return { cause: "text format", probability: 0.95, words: "the same text in another form" };
	const other = otherFieldOf(field, failing);
	if (other !== null) return { cause: "wrong field", probability: 0.95, words: `the new service puts the value of ${other} there` };
	return null;
}

/** A table that has a row too few, or too many, in every case; null: there is none. */
function sharedTable(kind: "missing" | "extra", failing: readonly CauseCase[]): string | null {
	const tables = failing.map(({ differences }) => new Set(differences.filter((one) => one.kind === kind).map(({ field }) => field)));
	const shared = [...(tables[0] ?? [])].find((field) => field.startsWith("rows/") && tables.every((one) => one.has(field)));
	return shared?.slice(5) ?? null;
}

const looksLikeDate = (text: string): boolean => /^\d{4}-\d\d(-\d\d)?|^\d\d[./-]\d\d[./-]\d{4}/.test(text);

function isFormat({ kind, suspicion, legacy, modern }: Difference): boolean {
	if (suspicion === "text format" || suspicion === "number format") return true;
	if (kind !== "text" || legacy === "" || modern === "") return false;
	const [a, b] = [legacy.trim().toLowerCase(), modern.trim().toLowerCase()];
	return a.startsWith(b) || b.startsWith(a) || a.replace(/\W/g, "") === b.replace(/\W/g, "");
}

/** A field of legacy's own answer or rows that holds, in every case, what the new service shows at `field`; null: there is none. */
function otherFieldOf(field: string, failing: readonly CauseCase[]): string | null {
	if (failing.length < 2) return null;
	let candidates: ReadonlySet<string> | null = null;
	const values = new Set<string>();
	for (const one of failing) {
		const difference = one.differences.find((found) => fieldPattern(found.field) === field);
		if (difference === undefined) continue;
		values.add(difference.modern);
		const same = new Set(
			[...leavesOf(one.legacy)].filter(([name, text]) => name !== field && sameNumber(text, difference.modern)).map(([name]) => name),
		);
		const former: ReadonlySet<string> = candidates ?? same;
		candidates = new Set([...former].filter((name) => same.has(name)));
		if (candidates.size === 0) return null;
	}
	return values.size < 2 ? null : ([...(candidates ?? [])][0] ?? null);
}

const sameNumber = (a: string, b: string): boolean => a === b || (a !== "" && b !== "" && Number(a) === Number(b));
