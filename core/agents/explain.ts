import type { Site } from "../contract/blueprint.ts";
import type { Repair } from "./repair.ts";

type Findings = Omit<Repair, "explanation"> & {
	/** For each site: explained cases that fail without it. */
	needs: number[];
	tiedSites: Site[][];
	/** Clean cases that the present code does not pass when repeated. */
	skipped: number;
	siteCount: number;
};

/** What was found, in sentences for the architect and the journal. */
export function explain(findings: Findings): string {
	const { sites, explained, unexplained, notReproduced, gate, skipped } = findings;
	const total = gate.failing.total;
	const sentences: string[] = [];
	if (sites.length === 0) {
		sentences.push(notReproduced.length === total ? `None of ${count(total, "failure")} occurred again.` : nothingFound(findings));
	} else {
		for (const site of new Map(sites.map((each) => [`${each.function} ${each.legacy}`, each])).values()) {
			sentences.push(`${shortName(site.function)}: legacy ${site.legacy}; the draft ${site.idiom}.`);
		}
		const where = list(
			sites.map((site, index) => (sites.length > 1 ? `${place(site)} (needed by ${findings.needs[index]})` : place(site))),
		);
		const clean = gate.clean.total === 0 ? "there was no clean case to check" : "no clean case changed";
		sentences.push(`${explained.length} of ${count(total, "failure")} explained by ${where}; ${clean}.`);
	}
	if (sites.length > 0 && unexplained.length > 0)
		sentences.push(
			`Unexplained: ${list(unexplained.slice(0, 10))}${unexplained.length > 10 ? ` and ${unexplained.length - 10} more` : ""}.`,
		);
	if (notReproduced.length > 0 && notReproduced.length < total)
		sentences.push(`${count(notReproduced.length, "failure")} did not occur again.`);
	if (skipped > 0) sentences.push(`${count(skipped, "clean case")} could not be repeated with the present code and did not count.`);
	if (findings.tiedSites.length > 0) {
		const others = findings.tiedSites.slice(0, 5).map((tie) => tie.map(place).join(" with "));
		sentences.push(`The failures would be explained as well by ${others.join(", or by ")}.`);
	}
	return sentences.join(" ");
}

function nothingFound({ siteCount, gate, candidatesTried }: Findings): string {
	if (siteCount === 0) return "No place is left where the service departs from the legacy semantics; the cause lies elsewhere.";
	return `No choice among ${count(siteCount, "site")} explains any of ${count(gate.failing.total, "failure")} without changing a clean case (${count(candidatesTried, "candidate")} tried).`;
}

const shortName = (dotted: string): string => dotted.slice(dotted.lastIndexOf(".") + 1);

const place = ({ span }: Site): string => `${span.file}:${span.line}`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

function list(items: string[]): string {
	return items.length < 2 ? items.join() : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
