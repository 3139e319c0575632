import type { ComparePolicy, Difference, Verdict } from "../contract/verdict.ts";
import type { Found, Pair } from "./align.ts";
import { checkClock } from "./clock-format.ts";
import { isWithin, matches, namesOf } from "./field-names.ts";
import { checkRandom, createTwins } from "./random-check.ts";
import { createRowIds, type RowIds } from "./row-ids.ts";
import { suspect } from "./suspicion.ts";
import { compareTyped } from "./typed-values.ts";

export type Judge = {
	/** True when the policy lets a field vary or ignores it. */
	mayDiffer(field: string): boolean;
	/** Root attributes of XML have no place in a JSON answer that leaves them out: tolerated, and said so. */
	excuseEnvelope(path: string, found: Found[], from: number, side: "missing" | "extra"): void;
	/** What remains a difference, in the order found, and what was accepted by which check. */
	settle(found: Found[]): { differences: Difference[]; tolerated: Verdict["tolerated"] };
};

/** Applies one policy to one transaction; random values must pair one to one over the answer and all rows. */
export function createJudge(policy: ComparePolicy, ids: RowIds = createRowIds()): Judge {
	const tolerated: Verdict["tolerated"] = [];
	const random = namesOf(policy.random);
	const clock = namesOf(policy.clock);
	const ignored = namesOf(policy.ignored ?? []);
	const types = Object.entries(policy.types ?? {}).map(([name, type]) => [namesOf([name]), type] as const);
	const from = policy.window.from - policy.clockSlackMs;
	const to = policy.window.to + policy.clockSlackMs;
	const twins = createTwins();

	/** Random values first, so that copies of them elsewhere can be recognised. */
	function judgeRandom({ field, legacy, modern }: Pair): Difference | null {
		const check: ReturnType<typeof checkRandom> =
			legacy.of !== modern.of ? { ok: false, reason: `${legacy.of} against ${modern.of}` } : checkRandom(legacy.text, modern.text);
		const refuse = (reason: string, suspicion: string): Difference => ({
			field,
			legacy: legacy.text,
			modern: modern.text,
			kind: "text",
			suspicion: `${suspicion}: ${reason}`,
		});
		// Equal values need no check of form, yet they are partners too.
		if (legacy.text !== modern.text && !check.ok) return refuse(check.reason, "random format");
		if (!twins.pair(legacy.text, modern.text)) return refuse("one value stands for two of the other side", "cross reference");
		if (legacy.text !== modern.text && check.ok) tolerated.push({ field, check: check.check });
		return null;
	}

	function judgePair({ field, legacy, modern }: Pair): Difference | null {
		if (ids.holdsId(field)) return judgeId({ field, legacy, modern });
		if (legacy.text === modern.text && legacy.of === modern.of) return null;
		if (twins.arePaired(legacy.text, modern.text)) {
			tolerated.push({ field, check: "random: the same value as in a field that is random" });
			return null;
		}
		const difference = { field, legacy: legacy.text, modern: modern.text };
		if (matches(clock, field)) {
			const checked = checkClock(legacy.text, modern.text, from, to);
			if (checked.ok) {
				tolerated.push({ field, check: `clock: ${checked.format}, within the request's window` });
				return null;
			}
			return { ...difference, kind: "date", suspicion: `clock: ${checked.reason}` };
		}
		const typed = legacy.of === modern.of ? judgeTyped(field, legacy.text, modern.text) : null;
		if (typed !== null) return typed === "equal" ? null : { ...difference, ...typed };
		if (legacy.of !== modern.of)
			return {
				...difference,
				kind: "text",
				suspicion: legacy.text === modern.text ? "number format" : suspect(legacy.text, modern.text).suspicion,
			};
		return { ...difference, ...suspect(legacy.text, modern.text) };
	}

	/** Null: no type is given for the field. */
	function judgeTyped(field: string, legacy: string, modern: string): "equal" | Pick<Difference, "kind" | "suspicion"> | null {
		const type = types.find(([names]) => matches(names, field))?.[1];
		if (type === undefined) return null;
		const compared = compareTyped(type, legacy, modern);
		if (compared.is === "equal") {
			tolerated.push({ field, check: compared.check });
			return "equal";
		}
		const read = suspect(legacy, modern);
		if (compared.is === "unread")
			return { ...read, suspicion: `text format: ${compared.side === "legacy" ? legacy : modern} is no ${type}` };
		return { kind: type === "amount" ? "number" : "date", suspicion: read.suspicion === "text format" ? "value" : read.suspicion };
	}

	function judgeId({ field, legacy, modern }: Pair): Difference | null {
		const reason = legacy.of === modern.of ? ids.check(field, legacy.text, modern.text) : `${legacy.of} against ${modern.of}`;
		if (reason !== null)
			return { field, legacy: legacy.text, modern: modern.text, kind: "number", suspicion: `cross reference: ${reason}` };
		if (legacy.text !== modern.text) tolerated.push({ field, check: "id: names the same new row" });
		return null;
	}

	/** What would have been a difference is told as tolerated. */
	function isIgnored(item: Found): boolean {
		const { field } = item.kind === "pair" ? item.pair : item.kind === "difference" ? item.difference : item;
		if (!isWithin(ignored, field)) return false;
		if (item.kind === "accepted") return true;
		if (item.kind === "difference" || item.pair.legacy.text !== item.pair.modern.text) tolerated.push({ field, check: "ignored by name" });
		return true;
	}

	return {
		mayDiffer: (field) => matches(random, field) || matches(clock, field) || ids.holdsId(field) || isWithin(ignored, field),
		excuseEnvelope(path, found, start, side) {
			for (let index = found.length - 1; index >= start; index--) {
				const item = found[index] as Found;
				if (item.kind !== "difference" || item.difference.kind !== side || !item.difference.field.startsWith(`${path}/@`)) continue;
				tolerated.push({ field: item.difference.field, check: "an attribute of the XML envelope, which the JSON answer leaves out" });
				found.splice(index, 1);
			}
		},
		settle(all) {
			const found = ignored.size === 0 ? all : all.filter((item) => !isIgnored(item));
			const refused = new Map<Found, Difference | null>();
			if (random.size > 0)
				for (const item of found) if (item.kind === "pair" && matches(random, item.pair.field)) refused.set(item, judgeRandom(item.pair));
			const differences: Difference[] = [];
			for (const item of found) {
				if (item.kind === "accepted") {
					tolerated.push({ field: item.field, check: item.check });
					continue;
				}
				const known = refused.get(item);
				const difference = item.kind === "difference" ? item.difference : known !== undefined ? known : judgePair(item.pair);
				if (difference !== null) differences.push(difference);
			}
			return { differences, tolerated };
		},
	};
}
