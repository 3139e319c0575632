import type { ExpositionFormat } from "../supervision/observe-request.ts";

export type Labels = Record<string, string | number>;

export type Sample = { labels: Labels; value: number };

/** `name`: without the suffixes that the kind adds. A histogram's sample has as many counts as bounds, and one for what is above. */
export type Family =
	| { kind: "counter" | "gauge"; name: string; help: string; samples: Sample[] }
	| {
			kind: "histogram";
			name: string;
			help: string;
			bounds: readonly number[];
			samples: { labels: Labels; counts: readonly number[]; sum: number }[];
	  };

export const contentTypes: Record<ExpositionFormat, string> = {
	prometheus: "text/plain; version=0.0.4; charset=utf-8",
	openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What the scraper prefers; the older format for whoever does not say. */
export function formatFor(accept: string | undefined): ExpositionFormat {
	let best: { format: ExpositionFormat; quality: number } = { format: "prometheus", quality: 0 };
	for (const range of (accept ?? "").split(",")) {
		const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
		const format =
			type === "application/openmetrics-text" ? "openmetrics" : /^(text\/plain|text\/\*|\*\/\*)$/.test(type) ? "prometheus" : null;
		const quality = Number(parameters.find((part) => part.startsWith("q="))?.slice(2) ?? 1);
		if (format !== null && quality > best.quality) best = { format, quality };
	}
	return best.format;
}

const linesAtOnce = 200;

/** The text in pieces of about 200 lines: whoever writes it has other things to do in between. */
export function* exposition(families: Iterable<Family>, format: ExpositionFormat): Generator<string> {
	let lines: string[] = [];
	for (const family of families) {
		if (family.samples.length === 0) continue;
		// Here the formats part: in OpenMetrics a counter's family has no suffix, its sample has.
		const named = family.kind === "counter" && format === "prometheus" ? `${family.name}_total` : family.name;
		lines.push(`# HELP ${named} ${escapeHelp(family.help)}`, `# TYPE ${named} ${family.kind}`);
		for (const block of blocksOf(family)) {
			lines.push(...block);
			if (lines.length < linesAtOnce) continue;
			yield `${lines.join("\n")}\n`;
			lines = [];
		}
	}
	if (format === "openmetrics") lines.push("# EOF");
	if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

function* blocksOf(family: Family): Generator<string[]> {
	const { name } = family;
	if (family.kind !== "histogram") {
		const suffix = family.kind === "counter" ? "_total" : "";
		for (const { labels, value } of family.samples) yield [`${name}${suffix}${textOf(labels)} ${numberText(value)}`];
		return;
	}
	for (const { labels, counts, sum } of family.samples) {
		const block: string[] = [];
		const own = textOf(labels);
		const within = own === "" ? "" : `${own.slice(1, -1)},`;
		let below = 0;
		for (const [index, count] of counts.entries()) {
			below += count;
			block.push(`${name}_bucket{${within}le="${boundText(family.bounds[index])}"} ${below}`);
		}
		block.push(`${name}_sum${own} ${numberText(sum)}`, `${name}_count${own} ${below}`);
		yield block;
	}
}

function textOf(labels: Labels): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(String(value))}"`);
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** OpenMetrics wants bounds as decimals with a point. */
function boundText(bound: number | undefined): string {
	if (bound === undefined) return "+Inf";
	return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function numberText(value: number): string {
	if (Number.isNaN(value)) return "NaN";
	return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}

const escapeHelp = (text: string): string => text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
const escapeValue = (text: string): string => escapeHelp(text).replace(/"/g, '\\"');
