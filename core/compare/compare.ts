import type { SqlValue } from "../contract/effects.ts";
import { type Behaviour, type ComparePolicy, type Difference, showValue, type Verdict } from "../contract/verdict.ts";
import { align, type Found, type Pair } from "./align.ts";
import { createJudge, type Judge } from "./judge.ts";
import { createListRules, type ListRules } from "./list-rules.ts";
import { type Body, readBody } from "./notations/body.ts";
import { shapeAsXml } from "./notations/field-map.ts";
import { outcomeOf } from "./outcome.ts";
import { createRowIds } from "./row-ids.ts";
import { columnsOf, describeRow, matchRows, netChanges, sameCell } from "./rows.ts";
import { skewVerdict } from "./skew.ts";

/** More differences than a person can read; the rest is counted in `reason`. */
const shownDifferences = 50;
const shownText = 300;

/**
 * Compares one transaction of both sides: status, content type, answer, row changes. Rules: SPEC.md.
 * Never throws on any body; what cannot be read in its notation is compared as text and named in `reason`.
 */
export function compare(legacy: Behaviour, modern: Behaviour, policy: ComparePolicy): Verdict {
	if (isUnusable(modern) && !isUnusable(legacy)) return failedVerdict(legacy, modern);
	const left = netChanges(legacy.changes);
	const right = netChanges(modern.changes);
	const ids = createRowIds(policy.ids);
	const rows = matchRows(left, right, ids);
	const judge = createJudge(policy, ids);
	const skewed = skewVerdict(rows.pairs, judge);
	if (skewed !== null) return skewed;
	const sameRows =
		rows.missing.length + rows.extra.length === 0 &&
		rows.pairs.every(
			({ legacy: a, modern: b }) =>
				a.kind === b.kind && (a === b || columnsOf(a.after, b.after).every((c) => sameCell(a.after?.[c], b.after?.[c]))),
		);
	const sameAnswer = legacy.status === modern.status && legacy.body === modern.body;
	if (sameAnswer && sameRows && legacy.contentType === modern.contentType) {
		return { kind: "identical", differences: [], tolerated: [], reason: "every byte and every row is equal" };
	}

	const found: Found[] = [];
	if (legacy.status !== modern.status) push(found, "status", String(legacy.status), String(modern.status), "status", "value");
	const media = [mediaOf(legacy.contentType), mediaOf(modern.contentType)];
	const layout = policy.fixedWidth;
	const bodies: [Body, Body] = [readBody(legacy.contentType, legacy.body, layout), readBody(modern.contentType, modern.body, layout)];
	const rules = createListRules(policy.lists);
	const notations = bodies.map((body) => body.notation).join();
	const mapped = notations === "xml,json" || notations === "json,xml";
	if (media[0] !== media[1] && !mapped) push(found, "contentType", legacy.contentType, modern.contentType, "text", "text format");
	alignBodies("answer", bodies, found, judge, rules);
	for (const { legacy: a, modern: b } of rows.pairs) alignRow(a, b, found, judge, rules);
	for (const change of rows.missing) push(found, `rows/${change.table}`, describeRow(change), "", "missing", "missing row");
	for (const change of rows.extra) push(found, `rows/${change.table}`, "", describeRow(change), "extra", "extra row");

	const { differences, tolerated } = judge.settle(found);
	const outcomes = [
		outcomeOf(legacy.status, bodies[0].root, bodies[0].value),
		outcomeOf(modern.status, bodies[1].root, bodies[1].value),
	] as const;
	if (outcomes[0].failed !== outcomes[1].failed || outcomes[0].code !== outcomes[1].code) {
		// One refuses what the other accepts (or for another reason): every other difference follows from that.
		for (const difference of differences) difference.suspicion = "validation";
	}
	const malformed = bodies.flatMap((body, side) =>
		body.malformed ? [`${side === 0 ? "legacy's" : "the new service's"} answer is ${body.malformed}`] : [],
	);
	return verdictOf(differences, tolerated, malformed, sameAnswer);
}

function isUnusable({ status }: Behaviour): boolean {
	return status === 0 || status === 502 || status === 503 || status === 504;
}

function failedVerdict(legacy: Behaviour, modern: Behaviour): Verdict {
	const reason = modern.status === 0 ? "the new service did not answer" : `the new service answered ${modern.status}`;
	const difference: Difference = {
		field: "status",
		legacy: String(legacy.status),
		modern: String(modern.status),
		kind: "status",
		suspicion: "no answer",
	};
	return { kind: "failed", differences: [difference], tolerated: [], reason };
}

function verdictOf(differences: Difference[], tolerated: Verdict["tolerated"], malformed: string[], sameAnswer: boolean): Verdict {
	const because = malformed.length > 0 ? `; ${malformed.join("; ")}` : "";
	if (differences.length === 0) {
		const how =
			tolerated.length > 0 ? `${tolerated.length} field(s) that may differ passed their check` : "another notation of the same values";
		return { kind: "equivalent", differences: [], tolerated, reason: `${sameAnswer ? "equal answer; " : ""}${how}${because}` };
	}
	const first = differences[0] as Difference;
	const more = differences.length > 1 ? `, and ${differences.length - 1} more` : "";
	const shown = differences.slice(0, shownDifferences).map(shorten);
	return { kind: "mismatch", differences: shown, tolerated, reason: `${first.field} differs (${first.suspicion})${more}${because}` };
}

function alignBodies(path: string, [left, right]: [Body, Body], found: Found[], judge: Judge, rules: ListRules): void {
	const notations = `${left.notation},${right.notation}`;
	if (notations === "xml,json") {
		const before = found.length;
		align(path, left.value, shapeAsXml(left, right), found, rules);
		judge.excuseEnvelope(path, found, before, "missing");
	} else if (notations === "json,xml") {
		const before = found.length;
		align(path, shapeAsXml(right, left), right.value, found, rules);
		judge.excuseEnvelope(path, found, before, "extra");
	} else if (left.notation !== right.notation) {
		push(found, path, `(${left.notation}) ${showBody(left)}`, `(${right.notation}) ${showBody(right)}`, "text", "structure");
	} else if (left.root !== right.root) push(found, path, `<${left.root}>`, `<${right.root}>`, "text", "structure");
	else align(path, left.value, right.value, found, rules);
}

const showBody = (body: Body): string => (body.value.kind === "leaf" ? body.value.text : body.notation === "xml" ? `<${body.root}>` : "{}");

type Change = Behaviour["changes"][number];

function alignRow(legacy: Change, modern: Change, found: Found[], judge: Judge, rules: ListRules): void {
	const path = `rows/${legacy.table}`;
	if (legacy.kind !== modern.kind) {
		push(found, path, describeRow(legacy), describeRow(modern), "text", "other kind of change");
		return;
	}
	if (legacy.kind === "delete") return;
	for (const column of columnsOf(legacy.after, modern.after)) {
		const [a, b] = [legacy.after?.[column] ?? null, modern.after?.[column] ?? null];
		const field = `${path}/${column}`;
		if (sameCell(a, b)) {
			if (a !== null) found.push({ kind: "pair", pair: pairOf(field, showValue(a), showValue(b)) });
			continue;
		}
		const classes = [storageClass(a), storageClass(b)];
		if (classes[0] !== classes[1]) {
			push(found, field, `${showValue(a)} (${classes[0]})`, `${showValue(b)} (${classes[1]})`, "text", "storage class");
		} else if (a !== null && "t" in a && b !== null && "t" in b && alignStored(field, a.t, b.t, found, judge, rules)) continue;
		else found.push({ kind: "pair", pair: pairOf(field, showValue(a), showValue(b)) });
	}
}

/** A column that holds a whole answer is compared as one, when both sides wrote the same notation. */
function alignStored(field: string, legacy: string, modern: string, found: Found[], judge: Judge, rules: ListRules): boolean {
	if (!/^\s*[<{[]/.test(legacy) || !/^\s*[<{[]/.test(modern)) return false;
	const bodies: [Body, Body] = [readBody("", legacy), readBody("", modern)];
	if (bodies[0].notation === "text" || bodies[0].notation !== bodies[1].notation) return false;
	alignBodies(field, bodies, found, judge, rules);
	return true;
}

const pairOf = (field: string, legacy: string, modern: string): Pair => ({
	field,
	legacy: { kind: "leaf", of: "text", text: legacy },
	modern: { kind: "leaf", of: "text", text: modern },
});

function storageClass(value: SqlValue): string {
	if (value === null) return "null";
	return "i" in value ? "integer" : "r" in value ? "real" : "t" in value ? "text" : "blob";
}

/** `Text/XML; Charset="UTF-8"` -> `text/xml;charset=utf-8`. */
const mediaOf = (contentType: string): string => contentType.toLowerCase().replace(/[\s"]/g, "");

function push(found: Found[], field: string, legacy: string, modern: string, kind: Difference["kind"], suspicion: string): void {
	found.push({ kind: "difference", difference: { field, legacy, modern, kind, suspicion } });
}

/** Long texts are cut around the first place where they differ, so that the difference stays visible. */
function shorten(difference: Difference): Difference {
	const { legacy, modern } = difference;
	if (legacy.length <= shownText && modern.length <= shownText) return difference;
	let at = 0;
	while (at < legacy.length && legacy[at] === modern[at]) at++;
	const from = Math.max(0, at - 60);
	const cut = (text: string): string =>
		`${from > 0 ? "…" : ""}${text.slice(from, from + shownText)}${text.length > from + shownText ? "…" : ""}`;
	return { ...difference, legacy: cut(legacy), modern: cut(modern) };
}
