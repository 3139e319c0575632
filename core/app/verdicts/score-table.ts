import { isNamedRightly, type JudgedCase, type Score, scoreOf } from "./judge-cases.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What came of a set: both halves, and the tuned one by application and planted cause; one line each. */
export function scoreTable(judged: readonly JudgedCase[]): string[] {
	const line = (name: string, { bugs, caught, benign, benignFlagged, causeRight }: Score) =>
		[
			name.padEnd(22),
			String(bugs).padStart(6),
			percent(caught).padStart(10),
			percent(causeRight).padStart(13),
			String(benign).padStart(9),
			percent(benignFlagged).padStart(10),
		].join("");
	const rows = (all: readonly JudgedCase[], of: (one: JudgedCase) => string | null) =>
		[...new Set(all.flatMap((one) => of(one) ?? []))].map((name) => line(name, scoreOf(all.filter((one) => of(one) === name))));
	const tuned = judged.filter(({ split }) => split === "tuned");
	return [
		`${"".padEnd(22)}  bugs    caught  cause right   benign   flagged`,
		...rows(judged, ({ split }) => (split === "tuned" ? "tuned" : "held out")),
		"tuned, by application:",
		...rows(tuned, ({ application }) => application),
		"tuned, by planted cause:",
		...rows(tuned, ({ cause }) => cause),
	];
}

/** The cases of the tuned half that came out wrong; those held out stay unseen, so that nobody tunes by them. */
export function missLines(judged: readonly JudgedCase[]): string[] {
	return judged
		.filter(({ split }) => split === "tuned")
		.filter((one) => (one.label === "bug" ? !isNamedRightly(one) : one.isFlagged))
		.map(({ id, label, isFlagged, field, finding }) => {
			const what = label === "benign" ? "false alarm" : isFlagged ? "other cause" : "not caught";
			return `${what}: ${id}${finding === null ? "" : `, ${field}: ${finding.cause} (${finding.evidence.join("; ")})`}`;
		});
}

/** The one line of figures; shares between 0 and 1. */
export function scoreLine(judged: readonly JudgedCase[]): Score & { heldOut: Score; cases: number } {
	const half = (split: JudgedCase["split"]) => scoreOf(judged.filter((one) => one.split === split));
	return { ...half("tuned"), heldOut: half("heldOut"), cases: judged.length };
}
