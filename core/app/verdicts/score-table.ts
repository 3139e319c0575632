import { isNamedRightly, type JudgedCase, type Score, scoreOf } from "./judge-cases.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What came of a set, by half, application and planted cause; one line each. */
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
	const rows = (of: (one: JudgedCase) => string | null) =>
		[...new Set(judged.flatMap((one) => of(one) ?? []))].map((name) => line(name, scoreOf(judged.filter((one) => of(one) === name))));
	return [
		`${"".padEnd(22)}  bugs    caught  cause right   benign   flagged`,
		...rows(({ split }) => (split === "tuned" ? "tuned" : "held out")),
		...rows(({ application }) => application),
		"of one planted cause:",
		...rows(({ cause }) => cause),
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
