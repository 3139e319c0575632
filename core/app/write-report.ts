import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as breath } from "node:timers/promises";
import { Fault, systemClock } from "../base/index.ts";
import type { Graph } from "../contract/graph.ts";
import type { WrittenReport } from "../contract/history.ts";
import type { MapLayout } from "../contract/layout.ts";
import { mapPicture } from "../graph/index.ts";
import { type Journal, verifyJournal } from "../journal/index.ts";
import type { ProgressBoard, Step } from "./progress.ts";
import type { Project } from "./project.ts";
import { type Chronicle, type Report, renderReport, reportOf } from "./report/index.ts";

export type ReportRequest = { function?: string | undefined; format: "html" | "pdf" };

/** What a report is made from; a core, or a journal that was opened to be read. */
export type ReportGround = {
	chronicle: Chronicle;
	project: Project | null;
	journalFile: string;
	/** Where the map's nodes stand. */
	layoutOf(graph: Graph): Promise<MapLayout>;
};

/** Checks the whole chain, so that the report can say that it holds. */
export async function makeReport(
	{ chronicle, project, journalFile, layoutOf }: ReportGround,
	only?: string,
	step: Step = () => {},
	signal?: AbortSignal,
): Promise<Report> {
	if (chronicle.tales().length === 0)
		throw new Fault("RUN_STATE", { verb: "A report", reason: "no migration was started", remedy: "Start a run first." });
	if (only !== undefined && chronicle.tale(only) === null)
		throw new Fault("FUNCTION_UNKNOWN", {
			name: only,
			near: chronicle
				.tales()
				.map((tale) => tale.function)
				.join(", "),
		});
	const { entries, lastHash, ok, brokenAt } = await verifyJournal(journalFile, signal).catch((error: unknown) => {
		signal?.throwIfAborted();
		throw error;
	});
	step(1);
	const map = project === null ? null : await cutPicture(project, chronicle, layoutOf, only);
	step(2);
	return reportOf({
		chronicle,
		name: project?.name ?? "an unopened project",
		blueprint: (name) => project?.blueprint(name) ?? null,
		proof: { entries, head: lastHash, whole: ok, brokenAt },
		map,
		writtenAt: systemClock.now(),
		function: only,
	});
}

/** The map with what moves drawn in full and the rest faded. */
async function cutPicture(project: Project, chronicle: Chronicle, layoutOf: ReportGround["layoutOf"], only?: string): Promise<string> {
	const { graph } = project;
	const moved = chronicle.tales().filter((tale) => only === undefined || tale.function === only);
	const focus = moved.flatMap(({ function: name }) => {
		const { functions, tables, interface: edge } = project.blueprint(name);
		const routes = edge.routes.map(({ method, path }) => `route:${method} ${path}`);
		return [...functions.map(({ id }) => `function:${id}`), ...tables.map((table) => `table:${table.name}`), ...routes];
	});
	return mapPicture(graph, await layoutOf(graph), { theme: "light", focus, width: 1400 });
}

/** The chain is checked, the map drawn, the pages laid out, the file written. */
const STEPS = 4;

/** Writes the report into `reports/` of the state directory. Cancelled before its last step it leaves no file. */
export async function writeReport(
	core: {
		dir: string;
		journal: Pick<Journal, "durable" | "file">;
		chronicle: Chronicle;
		project: Project | null;
		layouts: { layoutOf: ReportGround["layoutOf"] };
		progress: ProgressBoard;
		closing: AbortSignal;
	},
	request: ReportRequest,
): Promise<WrittenReport> {
	const about = { what: `Writing the report as ${request.format.toUpperCase()}`, unit: "steps", total: STEPS };
	return core.progress.run(about, (step, signal) => write(core, request, step, signal), core.closing);
}

async function write(
	core: Parameters<typeof writeReport>[0],
	{ function: only, format }: ReportRequest,
	step: Step,
	signal: AbortSignal,
): Promise<WrittenReport> {
	const { journal, chronicle, project } = core;
	await journal.durable();
	const ground = { chronicle, project, journalFile: journal.file, layoutOf: core.layouts.layoutOf };
	const report = await makeReport(ground, only, step, signal);
	// Pages are laid out in one go: a cancel that came in meanwhile is heard before and after.
	await breath();
	signal.throwIfAborted();
	const content = await renderReport(report, format);
	step(3);
	await breath();
	signal.throwIfAborted();
	const stamp = new Date(report.writtenAt).toISOString().slice(0, 19).replace(/[:T]/g, "-");
	const name = `report-${only ?? "run"}-${stamp}.${format}`;
	const dir = join(core.dir, "reports");
	mkdirSync(dir, { recursive: true });
	writeFileSync(join(dir, name), content);
	step(STEPS);
	return {
		file: join(dir, name),
		name,
		type: format === "html" ? "text/html" : "application/pdf",
		bytes: content.length,
		sha256: createHash("sha256").update(content).digest("hex"),
		base64: content.toString("base64"),
	};
}
