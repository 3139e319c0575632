import { join, resolve } from "node:path";
import { Fault } from "../../../base/index.ts";
import type { ComparedSide, ComparisonReport, DifferenceGroup, RouteComparison } from "../../../contract/comparison.ts";
import { readReport } from "../../mirror-comparison/index.ts";
import { type Command, stateDir, textOf, wrongUsage } from "../command.ts";
import { countsText } from "../traffic-words.ts";

export const comparisonsCommand: Command = {
	usage: "comparisons [--route ID | --listener ID]",
	about:
		"What became of everything that the gateway mirrors itself, by route and stream, and the groups of differences with an example of both sides; " +
		"at most a second old. --route names a route or a stream, --listener the streams of a TCP listener.",
	options: { route: "string", listener: "string", state: "string" },
	async run(input) {
		const [route, listener] = [textOf(input, "route"), textOf(input, "listener")];
		if (input.positionals.length > 0 || (route !== undefined && listener !== undefined)) wrongUsage();
		const report = readReport(resolve(join(stateDir(input), "gateway")));
		if (report === null)
			throw new Fault("RUN_STATE", {
				verb: "Showing comparisons",
				reason: "nothing has been compared for this state directory",
				remedy: "Start `phoenix gateway compare`, or an engine on this directory.",
			});
		const shown = narrowed(report, (id, group) =>
			route !== undefined ? id === route : listener === undefined || isOfListener(report, id, listener, group),
		);
		console.log(input.json ? JSON.stringify(shown) : linesOf(shown).join("\n"));
		return 0;
	},
};

/** A stream's messages have the target `/<listener>`; one without a difference is known by its own id alone. */
function isOfListener({ groups }: ComparisonReport, id: string, listener: string, group?: DifferenceGroup): boolean {
	const own = group === undefined ? groups.filter(({ route }) => route === id) : [group];
	const isStream = ({ examples }: DifferenceGroup) => examples.some(({ method, target }) => method === "TCP" && target === `/${listener}`);
	return id === listener || own.some(isStream);
}

function narrowed(report: ComparisonReport, isShown: (id: string, group?: DifferenceGroup) => boolean): ComparisonReport {
	return {
		...report,
		routes: report.routes.filter(({ id }) => isShown(id)),
		groups: report.groups.filter((group) => isShown(group.route, group)),
	};
}

function linesOf(report: ComparisonReport): string[] {
	const lines = [
		report.isRunning
			? `Comparing since ${new Date(report.since).toISOString()}.`
			: `Nobody compares at this moment; these figures end at ${new Date(report.at).toISOString()}.`,
		"",
		...tableOf(report.routes),
	];
	const { copies, strayAnswers, ungrouped } = report;
	if (copies) lines.push("", `Copies: ${copies.taken} taken, ${copies.delivered} answers handed over${dropped(copies.dropped)}.`);
	if (strayAnswers > 0) lines.push(`${strayAnswers} answers came without their exchange.`);
	if (ungrouped > 0) lines.push(`${ungrouped} mismatches are counted, but found no place among the groups.`);
	for (const group of report.groups) lines.push("", ...groupLines(group));
	return lines;
}

const dropped = (counts: Readonly<Record<string, number>>): string =>
	Object.keys(counts).length === 0 ? "" : `; dropped: ${countsText(counts)}`;

export function tableOf(routes: readonly RouteComparison[]): string[] {
	const head = ["ROUTE", "PROTOCOL", "SEEN", "MATCHED", "MISMATCHED", "FAILED", "NOT COMPARED", "WAITING", "PER SECOND"];
	const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, count) => all + count, 0);
	const rows = routes.map((route) => [
		route.id,
		route.protocol,
		...[route.seen, route.matched, route.mismatched, sum(route.failed), sum(route.uncompared), route.waiting].map(String),
		route.perSecond.toFixed(1),
	]);
	const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
	const table = [head, ...rows].map((row) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join("  ")
			.trimEnd(),
	);
	const reasons = routes.flatMap(({ id, failed, uncompared }) => [
		...(sum(failed) > 0 ? [`${id} failed: ${countsText(failed)}`] : []),
		...(sum(uncompared) > 0 ? [`${id} not compared: ${countsText(uncompared)}`] : []),
	]);
	return reasons.length === 0 ? table : [...table, "", ...reasons];
}

function groupLines({ route, field, cause, count, examples }: DifferenceGroup): string[] {
	const lines = [`${route}: ${field} (${cause}), ${count} times`];
	const [example] = examples;
	if (example === undefined) return lines;
	lines.push(`  ${example.method} ${example.target} at ${new Date(example.at).toISOString()}`);
	for (const { field: place, legacy, modern } of example.differences)
		lines.push(`    ${place}: legacy ${JSON.stringify(legacy)}, new ${JSON.stringify(modern)}`);
	lines.push(
		`  request ${JSON.stringify(example.request)}`,
		`  legacy  ${sideText(example.legacy)}`,
		`  new     ${sideText(example.modern)}`,
	);
	return lines;
}

/** Control characters stand escaped: what a server sent must not steer a terminal. */
const sideText = ({ status, body }: ComparedSide): string => `${status} ${JSON.stringify(body)}`;
