import { causeOf, compare } from "../../compare/index.ts";
import type { CauseCase, CauseFinding } from "../../contract/cause.ts";
import type { ComparePolicy } from "../../contract/verdict.ts";
import type { LabelledCase } from "./case-set.ts";

/** What was said of one case. `isFlagged`: at least one of its transactions is a mismatch or failed. */
export type JudgedCase = Pick<LabelledCase, "id" | "application" | "family" | "split" | "label" | "cause" | "also"> & {
	isFlagged: boolean;
	/** Of its transactions. */
	flagged: number;
	field: string;
	finding: CauseFinding | null;
};

/** Judges a case as a run would: each transaction by itself, then those that differ as a group beside the clean ones. */
export function judgeCase({ policy, transactions, ...one }: LabelledCase): JudgedCase {
	const cases = transactions.map(({ request, window, legacy, modern }): CauseCase & { isFlagged: boolean } => {
		const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) as Omit<ComparePolicy, "window">;
		const { kind, differences } = compare(legacy, modern, { ...given, window });
		return { request, legacy, modern, differences, isFlagged: kind !== "identical" && kind !== "equivalent" };
	});
	const failing = cases.filter(({ isFlagged }) => isFlagged);
	const clean = cases.filter(({ isFlagged }) => !isFlagged);
	const found = failing.length === 0 ? null : causeOf(failing, clean);
	const { id, application, family, split, label, cause, also } = one;
	return {
		...{
			id,
			application,
			family,
			split,
			label,
			cause,
			also,
			field: found?.field ?? "",
			flagged: failing.length,
			isFlagged: failing.length > 0,
		},
		finding: found?.finding ?? null,
	};
}

/** The planted cause or a word that is right too; of a part of the population also whoever names the part. */
export const isNamedRightly = ({ cause, also, finding }: JudgedCase): boolean =>
	finding !== null && (finding.cause === cause || also.includes(finding.cause) || (cause === "attribute" && finding.only !== null));

export type Score = { bugs: number; caught: number; benign: number; benignFlagged: number; causeRight: number };

/** Shares between 0 and 1: bugs caught, benign differences flagged, causes named rightly among the bugs caught. */
export function scoreOf(judged: readonly JudgedCase[]): Score {
	const bugs = judged.filter(({ label }) => label === "bug");
	const benign = judged.filter(({ label }) => label === "benign");
	const caught = bugs.filter(({ isFlagged }) => isFlagged);
	const named = caught.filter(({ cause }) => cause !== null);
	const share = (part: number, all: number) => (all === 0 ? 0 : Math.round((10_000 * part) / all) / 10_000);
	return {
		bugs: bugs.length,
		caught: share(caught.length, bugs.length),
		benign: benign.length,
		benignFlagged: share(benign.filter(({ isFlagged }) => isFlagged).length, benign.length),
		causeRight: share(named.filter(isNamedRightly).length, named.length),
	};
}
