import type { Decision } from "../../contract/history.ts";
import { against } from "../../contract/outcome.ts";
import type { Gate } from "../../contract/run.ts";
import type { MismatchExample } from "../../contract/verdict.ts";
import { branchHeads, branchRows } from "./branch-rows.ts";
import { confidenceSvg } from "./confidence-svg.ts";
import { sheet } from "./html-sheet.ts";
import type { FunctionReport, Report } from "./report.ts";
import { atMost, count, deciders, mismatchLine, ms, proofWords, shortName, utc, utcTime, verdictOf } from "./words.ts";

/** One page that needs nothing else: no script, no font, no address. It says so itself in its policy. */
export function reportHtml(report: Report): string {
	const { functions } = report;
	const parts = [
		cover(report),
		summary(report),
		report.map === null ? "" : section("The cut on the map", `<figure class="map">${report.map}</figure>`),
		...functions.map((one) => chapter(one)),
		section("Decisions on the whole run", decisions(report.decisions)),
		proof(report),
	];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width">
<title>${text(report.title)}</title>
<style>${sheet}</style>
</head>
<body>
<main>
${parts.filter(Boolean).join("\n")}
</main>
</body>
</html>
`;
}

const text = (words: string): string => words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const section = (title: string, body: string): string => (body === "" ? "" : `<section><h2>${text(title)}</h2>\n${body}</section>`);
const part = (title: string, body: string): string =>
	body === "" ? "" : `<section class="part"><h3>${text(title)}</h3>\n${body}</section>`;
const code = (words: string): string => `<code>${text(words)}</code>`;

/** `#` in front of a head: numbers, to the right. Cells are HTML already. */
function table(heads: readonly string[], rows: readonly (readonly string[])[], label: string): string {
	if (rows.length === 0) return "";
	const kind = (column: number) => (heads[column]?.startsWith("#") ? ` class="n"` : "");
	const head = heads.map((name, column) => `<th scope="col"${kind(column)}>${text(name.replace(/^#/, ""))}</th>`).join("");
	const body = rows.map((row) => `<tr>${row.map((cell, column) => `<td${kind(column)}>${cell}</td>`).join("")}</tr>`).join("\n");
	return `<table><caption>${text(label)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function facts(pairs: readonly (readonly [string, string])[]): string {
	return `<dl>${pairs.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${value}</dd></div>`).join("")}</dl>`;
}

function cover({ title, project, legacy, writtenAt, runs, functions, retired }: Report): string {
	const promoted = functions.filter((one) => one.stage === "promoted").length;
	return `<header class="cover">
<p class="brand">Phoenix Engine</p>
<h1>${text(title)}</h1>
<p class="lead">${text(project.name)}: ${count(project.functions)} functions, ${count(project.routes)} routes, ${count(project.tables)} tables. ${promoted} of ${functions.length} migrations promoted.${retired === null ? "" : ` Legacy was stopped on ${utc(retired.at)}.`}</p>
${facts([
	["Written", utc(writtenAt)],
	["Legacy", text(legacy ?? "not attached")],
	["Runs", text(runs.map((run) => `${run.run} (policy ${run.policy})`).join(", ") || "none")],
])}
</header>`;
}

function summary({ functions, dropped }: Report): string {
	const rows = functions.map((one) => [
		`<a href="#${text(one.function)}">${text(shortName(one.function))}</a>`,
		badge(one.stage, one.stage === "promoted" ? "good" : one.stage === "held" || one.stage === "refused" ? "bad" : "plain"),
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
	const heads = ["Function", "Stage", "Version", "#Clean", "#Not", "#Mismatch rate", "#Causes", "#Patches"];
	return section("Summary", `${table(heads, rows, "One line for each migrated function")}<p>${text(account)}</p>`);
}

const badge = (words: string, tone: string): string => `<span class="badge ${tone}">${text(words)}</span>`;

function chapter(one: FunctionReport): string {
	return `<article id="${text(one.function)}">
<h2>${text(one.function)}</h2>
<p class="lead">${text(verdictOf(one))}</p>
${part("What moved", moved(one))}
${part(
	"Rules from the blueprint",
	table(
		["Rule", "Kind", "Where"],
		one.rules.map((rule) => [text(rule.text), text(rule.kind), code(rule.place)]),
		"Each with its place in the legacy source",
	),
)}
${part("Confidence", confidence(one))}
${part("Evidence per branch", branches(one))}
${part("Mismatches by cause", mismatches(one))}
${part("Patches", patches(one))}
${part("Canary", canary(one))}
${part("Every decision", decisions(one.decisions))}
${part("Hashes", hashes(one))}
</article>`;
}

function moved({ routes, moved: { functions, tables, statements, lines } }: FunctionReport): string {
	return `${facts([
		["Routes", text(routes.join(", ") || "none yet")],
		["Tables", text(tables.map((one) => `${one.name} (${one.access})`).join(", ") || "none")],
		["Statements", count(statements)],
		["Lines of legacy", count(lines)],
	])}${table(
		["Function of the slice", "Where"],
		functions.map(({ id, place }) => [code(id), code(place)]),
		"The slice: these lines and no others",
	)}`;
}

function confidence({ confidence: points, policy, evidence }: FunctionReport): string {
	if (points.length === 0) return "<p>No comparison was made.</p>";
	const limit = policy?.shadow.maxMismatchRate ?? null;
	const alpha = policy?.alpha ?? 0.05;
	return `<figure>${confidenceSvg(points, limit, { width: 680, height: 190, font: "system-ui, sans-serif" })}
<figcaption>Upper bound of the mismatch rate, valid at every look with probability ${text(`${Number(((1 - alpha) * 100).toFixed(4))} %`)}. A new version begins at 100 %. Now ${evidence.bound >= 1 ? "no evidence" : `≤ ${atMost(evidence.bound)}`}${limit === null ? "" : `, the policy asks for ≤ ${atMost(limit)}`}.</figcaption></figure>`;
}

function branches({ evidence, waivers }: FunctionReport): string {
	if (evidence.branches === undefined) return "<p>Branches were not counted.</p>";
	return table(
		branchHeads.map((head) => head.replace("#", "")),
		branchRows(evidence.branches, waivers).map((row) => row.map(text)),
		"A request counts in every branch that it took; the weakest live one stands first",
	);
}

function mismatches({ mismatches: groups }: FunctionReport): string {
	const rows = groups.map((group) => mismatchLine(group).map(text));
	const shown = groups.map(
		(group) => `<details open><summary>${text(group.cause)} in ${code(group.field)}</summary>${example(group.example)}</details>`,
	);
	return `${table(["Cause", "Field", "Where", "#Requests", "Seen in", "State"], rows, "Differences between legacy and the new service")}${shown.join("\n")}`;
}

function example({ seq, request, differences, legacy, modern, set = [] }: MismatchExample): string {
	const rows = differences.slice(0, 12).map((one) => [code(one.field), code(one.legacy), code(one.modern), text(one.suspicion)]);
	const side = (title: string, lines: readonly string[]) =>
		`<div><h4>${title}</h4>${lines.length === 0 ? "<p>No row changed.</p>" : `<ul>${lines.map((line) => `<li>${code(line)}</li>`).join("")}</ul>`}</div>`;
	return `<p>${seq < 0 ? "Generated: " : ""}${code(`${request.method} ${request.target}`)}${request.body === "" ? "" : ` ${code(request.body.slice(0, 400))}`}${set.length === 0 ? "" : `, on rows set for it: ${set.map(code).join(" ")}`}</p>
${table(["Field", "Legacy", "Modern", "First reading"], rows, "One transaction of this cause")}
<div class="sides">${side("Rows of legacy", legacy.rows)}${side("Rows of the new service", modern.rows)}</div>`;
}

function patches({ patches: all }: FunctionReport): string {
	const rows = all.map((patch) => [
		code(patch.id),
		text(patch.cause),
		patch.sites.map(({ span }) => code(`${span.file}:${span.line}`)).join(" "),
		`${patch.gate.failing.passed} of ${patch.gate.failing.total}`,
		`${patch.gate.clean.passed} of ${patch.gate.clean.total}`,
		text(patch.state),
	]);
	const why = all.map((patch) => `<p>${code(patch.id)} ${text(patch.explanation)}</p>`);
	return `${table(["Patch", "Cause", "Places", "#Failing passed", "#Clean passed", "State"], rows, "Found by trying, let in by the gate")}${why.join("\n")}`;
}

function canary({ canary: steps }: FunctionReport): string {
	const rows = steps.map((step) => [
		`${step.weight} %`,
		utcTime(step.since),
		count(step.requests),
		count(step.errors),
		`${ms(step.modernP95)} / ${ms(step.legacyP95)}`,
		`${text(step.outcome)}${step.outcome === "rolled back" ? `: ${text(step.reason)}` : ""}`,
	]);
	return table(
		["#Weight", "From (UTC)", "#Answered", "#Errors", "#p95 modern / legacy", "End"],
		rows,
		"Share of clients on the new service",
	);
}

function decisions(all: readonly Decision[]): string {
	const rows = all.map((one) => [
		`<span class="seq">${one.seq}</span>`,
		utc(one.at).slice(0, 19),
		text(deciders[one.who]),
		`<b>${text(one.what)}</b>${one.reason === "" ? "" : `<br>${text(one.reason)}`}${one.figures.length === 0 ? "" : `<br>${one.figures.map(figure).join(", ")}`}`,
	]);
	return table(["#Entry", "Time (UTC)", "Who", "What and why"], rows, "Oldest first; the number is that of the journal entry");
}

const figure = ({ name, value, limit, open }: Gate): string =>
	`<span${open ? "" : ` class="bad"`}>${text(name)} ${text(value)}${limit === "" ? "" : ` (${text(limit)})`}</span>`;

function hashes({ blueprint, versions }: FunctionReport): string {
	const rows = versions.map((one) => [`v${one.version}`, utc(one.at), String(one.files), String(one.exact), code(one.sha256)]);
	return `${blueprint === null ? "" : facts([["Blueprint (SHA-256)", code(blueprint)]])}${table(["Version", "Written", "#Files", "#Exact places", "SHA-256 over the files"], rows, "As `sha256sum` of every file, sorted by path, hashed together")}`;
}

function proof(report: Report): string {
	return section(
		"Proof",
		`<p>${text(proofWords(report))}</p>${facts([
			["Entries", count(report.proof.entries)],
			["Last hash", code(report.proof.head)],
			["Chain", report.proof.whole ? badge("whole", "good") : badge("broken", "bad")],
		])}`,
	);
}
