import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Blueprint, Choices, ServiceFiles, Site } from "../../contract/blueprint.ts";
import type { Span } from "../../contract/ir.ts";
import type { Hunk } from "../../contract/run.ts";
import type { ServiceTarget } from "../../contract/targets.ts";
import type { Project } from "../project.ts";
import { diffLines, distance } from "./line-diff.ts";

/**
 * The places of a patch as the generated text shows them. What one site changes is found by writing the service with it alone
 * (against the version before) and with all others (against the version after), so that two places on neighbouring lines keep
 * a range of their own; imports and helpers that follow from a site belong to no hunk.
 */
export function hunksOf(options: {
	project: Pick<Project, "dir" | "generate">;
	blueprint: Blueprint;
	target: ServiceTarget;
	choices: Choices;
	sites: Site[];
	/** Failing cases that need the site, by its expression. */
	bySite: Record<string, number[]>;
	failing: number;
}): Hunk[] {
	const { project, blueprint, target, choices, sites, bySite, failing } = options;
	const write = (exact: Site[]): ServiceFiles =>
		project.generate(blueprint, { ...choices, ...Object.fromEntries(exact.map((site) => [site.expr, "exact" as const])) }, target);
	const [before, after] = [write([]), write(sites)];
	const [placesBefore, placesAfter] = [placesOf(before), placesOf(after)];
	const hunks = sites.map((site): Hunk => {
		const from = placesBefore.get(site.expr);
		const to = placesAfter.get(site.expr);
		const file = to?.file ?? from?.file ?? "";
		const alone = diffLines(before[file] ?? "", write([site])[file] ?? "");
		const last = diffLines(write(sites.filter((other) => other !== site))[file] ?? "", after[file] ?? "");
		const requests = bySite[site.expr] ?? [];
		const beforeLines = rangeAt(
			alone.map((chunk) => chunk.before),
			from?.line ?? 1,
		);
		const afterLines = rangeAt(
			last.map((chunk) => chunk.after),
			to?.line ?? 1,
		);
		return {
			id: site.expr,
			site,
			file,
			beforeLines,
			afterLines,
			text: { before: linesOf(before[file], beforeLines), after: linesOf(after[file], afterLines) },
			explains: { count: requests.length, requests },
			hypothesis: hypothesisOf(site, requests.length, failing),
			legacy: sourceOf(project.dir, site.span),
		};
	});
	return hunks.sort((a, b) => a.file.localeCompare(b.file) || a.afterLines[0] - b.afterLines[0] || a.id.localeCompare(b.id));
}

type Place = { file: string; line: number };

/** The generator writes down on which line each site stands. */
function placesOf(files: ServiceFiles): Map<string, Place> {
	const { sites } = JSON.parse(files["service.json"] ?? '{"sites":[]}') as { sites: (Place & { expr: string })[] };
	return new Map(sites.map(({ expr, file, line }) => [expr, { file, line }]));
}

/** The range around the line where the site stands; the line itself when the text is the same there. */
function rangeAt(ranges: [number, number][], line: number): [from: number, to: number] {
	const [nearest] = [...ranges].sort((a, b) => distance(a, line) - distance(b, line));
	return nearest ?? [line, line];
}

const linesOf = (text: string | undefined, [from, to]: [number, number]) => (text ?? "").split("\n").slice(from - 1, to);

function hypothesisOf(site: Site, needing: number, failing: number): string {
	const found = `Legacy ${site.legacy}; the draft ${site.idiom}.`;
	if (needing === 0) return `${found} Together with the other places it explains failing cases; none needs it alone.`;
	return `${found} Left as it is, ${needing} of ${failing} failing ${failing === 1 ? "case differs" : "cases differ"} again.`;
}

function sourceOf(dir: string, span: Span): Hunk["legacy"] {
	try {
		const lines = readFileSync(join(dir, span.file), "utf8")
			.split("\n")
			.slice(span.line - 1, span.endLine);
		const line = (lines[0] ?? "").trim();
		// The end first: on a single line both cuts are in the same text.
		const cut = lines.map((text, index) => (index === lines.length - 1 ? text.slice(0, span.endColumn - 1) : text));
		cut[0] = (cut[0] ?? "").slice(span.column - 1);
		return { text: cut.map((text) => text.trim()).join(" "), line };
	} catch {
		return { text: "", line: "" };
	}
}
