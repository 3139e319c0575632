import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pdfmake, { type Content, type Document, type Table, type TableCell } from "pdfmake";
import type { Decision } from "../../contract/history.ts";
import { against } from "../../contract/outcome.ts";
import { branchHeads, branchRows } from "./branch-rows.ts";
import { confidenceSvg } from "./confidence-svg.ts";
import type { FunctionReport, Report } from "./report.ts";
import { atMost, count, deciders, mismatchLine, ms, proofWords, shortName, utc, utcTime, verdictOf } from "./words.ts";

const fonts = join(dirname(createRequire(import.meta.url).resolve("pdfmake/package.json")), "fonts", "Roboto");
const face = (style: string) => join(fonts, `Roboto-${style}.ttf`);

/** The same report on paper. Nothing is loaded but the four faces of one font, which are embedded. */
export async function reportPdf(report: Report): Promise<Buffer> {
	pdfmake.setFonts({
		Roboto: { normal: face("Regular"), bold: face("Medium"), italics: face("Italic"), bolditalics: face("MediumItalic") },
	});
	pdfmake.setUrlAccessPolicy(() => false);
	pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts));
	return pdfmake.createPdf(documentOf(report)).getBuffer();
}

const muted = "#5c6176";
const line = "#dedfe8";

function documentOf(report: Report): Document {
	const written = new Date(report.writtenAt);
	return {
		pageSize: "A4",
		pageMargins: [44, 52, 44, 52],
		info: {
			title: report.title,
			author: "Phoenix Engine",
			producer: "Phoenix Engine",
			creator: "Phoenix Engine",
			creationDate: written,
			modDate: written,
		},
		language: "en",
		defaultStyle: { font: "Roboto", fontSize: 9, lineHeight: 1.25, color: "#1b1d29" },
		styles: {
			h1: { fontSize: 22, bold: true, margin: [0, 2, 0, 8] },
			h2: { fontSize: 14, bold: true, margin: [0, 16, 0, 6] },
			h3: { fontSize: 10.5, bold: true, margin: [0, 12, 0, 3] },
			lead: { fontSize: 10.5, color: "#454a5e", margin: [0, 0, 0, 6] },
			note: { fontSize: 8, color: muted },
		},
		footer: (page, pages) => ({
			columns: [
				{ text: `${report.title}, ${utc(report.writtenAt)}`, style: "note" },
				{ text: `${page} of ${pages}`, style: "note", alignment: "right" },
			],
			margin: [44, 18, 44, 0],
		}),
		content: [
			cover(report),
			summary(report),
			...(report.map === null
				? []
				: [
						{ text: "The cut on the map", style: "h2" },
						{ svg: report.map, fit: [507, 420] as [number, number] },
					]),
			...report.functions.map(chapter),
			section("Decisions on the whole run", decisions(report.decisions), "h2"),
			proof(report),
		],
	};
}

function section(title: string, body: Content | null, style = "h3"): Content {
	return body === null ? [] : [{ text: title, style, headlineLevel: 1 }, body];
}

/** `#` in front of a head: numbers, to the right. */
function table(heads: readonly string[], widths: Table["widths"], rows: readonly (readonly TableCell[])[]): Content | null {
	if (rows.length === 0) return null;
	const side = (column: number) => (heads[column]?.startsWith("#") ? ("right" as const) : ("left" as const));
	const cell = (value: TableCell, column: number): TableCell =>
		typeof value === "string" ? { text: breakable(value), alignment: side(column) } : value;
	return {
		table: {
			headerRows: 1,
			keepWithHeaderRows: 1,
			dontBreakRows: true,
			widths: widths ?? heads.map(() => "auto"),
			body: [
				heads.map((name, column) => ({ text: name.replace(/^#/, ""), color: muted, fontSize: 8, alignment: side(column) })),
				...rows.map((row) => row.map(cell)),
			],
		},
		layout: {
			hLineWidth: (index: number) => (index === 0 ? 0 : 0.6),
			vLineWidth: () => 0,
			hLineColor: (index: number) => (index === 1 ? muted : line),
			paddingLeft: (index: number) => (index === 0 ? 0 : 5),
			paddingRight: () => 5,
			paddingTop: () => 2.5,
			paddingBottom: () => 2.5,
		},
		fontSize: 8.5,
		margin: [0, 2, 0, 4],
	};
}

/** A long name may break after its dots and slashes. */
const breakable = (words: string): string => words.replace(/([./_])(?=[^\s]{6})/g, "$1\u200b");

function facts(pairs: readonly (readonly [string, string])[]): Content {
	return {
		columns: pairs.map(([name, value]) => ({
			width: "auto",
			stack: [
				{ text: name, style: "note" },
				{ text: breakable(value), bold: true },
			],
		})),
		columnGap: 22,
		margin: [0, 4, 0, 6],
	};
}

function cover({ title, project, legacy, writtenAt, runs, functions, retired }: Report): Content {
	const promoted = functions.filter((one) => one.stage === "promoted").length;
	return [
		{ text: "Phoenix Engine", color: "#4a3ab8", bold: true },
		{ text: title, style: "h1" },
		{
			text: `${project.name}: ${count(project.functions)} functions, ${count(project.routes)} routes, ${count(project.tables)} tables. ${promoted} of ${functions.length} migrations promoted.${retired === null ? "" : ` Legacy was stopped on ${utc(retired.at)}.`}`,
			style: "lead",
		},
		facts([
			["Written", utc(writtenAt)],
			["Legacy", legacy ?? "not attached"],
			["Runs", runs.map((run) => `${run.run} (policy ${run.policy})`).join(", ") || "none"],
		]),
	];
}

function summary({ functions, dropped }: Report): Content {
	const rows = functions.map((one) => [
		shortName(one.function),
		one.stage,
		`v${one.version}`,
		count(one.evidence.clean),
		count(against(one.evidence)),
		one.evidence.bound >= 1 ? "no evidence" : `≤ ${atMost(one.evidence.bound)}`,
		String(one.mismatches.length),
		String(one.patches.filter((patch) => patch.state === "applied").length),
	]);
	const lost = Object.entries(dropped).filter(([, amount]) => amount > 0);
	const account =
		lost.length === 0
			? "Every mirrored request was compared."
			: `Mirrored but not compared: ${lost.map(([reason, amount]) => `${count(amount)} ${reason}`).join(", ")}.`;
	return [
		section(
			"Summary",
			table(
				["Function", "Stage", "Version", "#Clean", "#Not", "#Mismatch rate", "#Causes", "#Patches"],
				["*", "auto", "auto", "auto", "auto", "auto", "auto", "auto"],
				rows,
			),
			"h2",
		),
		{ text: account },
	];
}

function chapter(one: FunctionReport): Content {
	const { moved } = one;
	return [
		{ text: one.function, style: "h2", pageBreak: "before", headlineLevel: 1 },
		{ text: verdictOf(one), style: "lead" },
		section("What moved", [
			facts([
				["Routes", one.routes.join(", ") || "none yet"],
				["Statements", count(moved.statements)],
				["Lines of legacy", count(moved.lines)],
			]),
			{ text: `Tables: ${moved.tables.map((each) => `${each.name} (${each.access})`).join(", ") || "none"}.`, margin: [0, 0, 0, 4] },
			table(
				["Function of the slice", "Where"],
				["*", "auto"],
				moved.functions.map(({ id, place }) => [id, place]),
			) ?? [],
		]),
		section(
			"Rules from the blueprint",
			table(
				["Rule", "Kind", "Where"],
				["*", "auto", "auto"],
				one.rules.map((rule) => [rule.text, rule.kind, rule.place]),
			),
		),
		section("Confidence", confidence(one)),
		section("Evidence per branch", branches(one)),
		section(
			"Mismatches by cause",
			table(
				["Cause", "Field", "Where", "#Requests", "Seen in", "State"],
				["*", "*", "auto", "auto", "auto", "auto"],
				one.mismatches.map(mismatchLine),
			),
		),
		...one.mismatches.map((group) => example(group)),
		section("Patches", patches(one)),
		section(
			"Canary",
			table(
				["#Weight", "From (UTC)", "#Answered", "#Errors", "#p95 modern / legacy", "End"],
				["auto", "auto", "auto", "auto", "auto", "*"],
				one.canary.map((step) => [
					`${step.weight} %`,
					utcTime(step.since),
					count(step.requests),
					count(step.errors),
					`${ms(step.modernP95)} / ${ms(step.legacyP95)}`,
					step.outcome === "rolled back" ? `${step.outcome}: ${step.reason}` : step.outcome,
				]),
			),
		),
		section("Every decision", decisions(one.decisions)),
		section("Hashes", [
			...(one.blueprint === null ? [] : [facts([["Blueprint (SHA-256)", one.blueprint]])]),
			table(
				["Version", "Written", "#Files", "#Exact places", "SHA-256 over the files"],
				["auto", "auto", "auto", "auto", "*"],
				one.versions.map((each) => [
					`v${each.version}`,
					utc(each.at),
					String(each.files),
					String(each.exact),
					{ text: each.sha256, fontSize: 7 },
				]),
			) ?? [],
		]),
	];
}

function confidence({ confidence: points, policy, evidence }: FunctionReport): Content {
	if (points.length === 0) return { text: "No comparison was made." };
	const limit = policy?.shadow.maxMismatchRate ?? null;
	const alpha = policy?.alpha ?? 0.05;
	const now = evidence.bound >= 1 ? "no evidence" : `≤ ${atMost(evidence.bound)}`;
	return [
		{ svg: confidenceSvg(points, limit, { width: 507, height: 150, font: "Roboto" }) },
		{
			text: `Upper bound of the mismatch rate, valid at every look with probability ${Number(((1 - alpha) * 100).toFixed(4))} %. A new version begins at 100 %. Now ${now}${limit === null ? "" : `, the policy asks for ≤ ${atMost(limit)}`}.`,
			style: "note",
		},
	];
}

function branches({ evidence, waivers }: FunctionReport): Content {
	if (evidence.branches === undefined) return { text: "Branches were not counted." };
	return table(branchHeads, ["*", "auto", "auto", "auto", "auto", "auto"], branchRows(evidence.branches, waivers)) ?? [];
}

function example({ cause, example: { request, differences } }: FunctionReport["mismatches"][number]): Content {
	return [
		{
			text: [{ text: `${cause}: `, bold: true }, `${request.method} ${request.target} ${request.body.slice(0, 300)}`],
			margin: [0, 6, 0, 0],
			fontSize: 8.5,
		},
		table(
			["Field", "Legacy", "Modern", "First reading"],
			["auto", "*", "*", "*"],
			differences.slice(0, 12).map((one) => [one.field, one.legacy, one.modern, one.suspicion]),
		) ?? [],
	];
}

function patches({ patches: all }: FunctionReport): Content | null {
	const rows = all.map((patch) => [
		patch.id,
		patch.cause,
		patch.sites.map(({ span }) => `${span.file}:${span.line}`).join(", "),
		`${patch.gate.failing.passed} of ${patch.gate.failing.total}`,
		`${patch.gate.clean.passed} of ${patch.gate.clean.total}`,
		patch.state,
	]);
	const listed = table(
		["Patch", "Cause", "Places", "#Failing passed", "#Clean passed", "State"],
		["auto", "*", "*", "auto", "auto", "auto"],
		rows,
	);
	return listed === null
		? null
		: [listed, ...all.map((patch): Content => ({ text: `${patch.id}: ${patch.explanation}`, margin: [0, 2, 0, 2] }))];
}

function decisions(all: readonly Decision[]): Content | null {
	return table(
		["#Entry", "Time (UTC)", "Who", "What and why"],
		["auto", "auto", "auto", "*"],
		all.map((one) => [
			{ text: String(one.seq), color: muted, alignment: "right" },
			utc(one.at).slice(0, 19),
			deciders[one.who],
			{
				stack: [
					{ text: one.what, bold: true },
					...(one.reason === "" ? [] : [{ text: breakable(one.reason) }]),
					...(one.figures.length === 0
						? []
						: [
								{
									text: one.figures.map(({ name, value, limit }) => `${name} ${value}${limit === "" ? "" : ` (${limit})`}`).join(", "),
									color: muted,
								},
							]),
				],
			},
		]),
	);
}

function proof(report: Report): Content {
	return section(
		"Proof",
		[
			{ text: proofWords(report) },
			facts([
				["Entries", count(report.proof.entries)],
				["Chain", report.proof.whole ? "whole" : "broken"],
				["Last hash", report.proof.head],
			]),
		],
		"h2",
	);
}
