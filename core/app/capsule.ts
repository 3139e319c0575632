import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../contract/api.ts";
import { type Journal, writeCapsule } from "../journal/index.ts";
import type { Project } from "./project.ts";
import { type Chronicle, renderReport } from "./report/index.ts";
import type { Groups } from "./run/groups.ts";
import type { Migrations } from "./run/migrations.ts";
import { makeReport, type ReportGround } from "./write-report.ts";

/** The time capsule: journal, blueprints, code of the promoted versions, legacy source hashes, evidence, all by hash. */
export async function sealCapsule(options: {
	dir: string;
	/** Where the versions of each function and their generated requests lie. */
	servicesDir: string;
	journal: Journal;
	project: Project;
	migrations: Migrations;
	groups: Groups;
	snapshot: Snapshot;
	chronicle: Chronicle;
	layoutOf: ReportGround["layoutOf"];
}): Promise<{ dir: string; files: number; sha256: string }> {
	const { journal, project, migrations, groups, snapshot } = options;
	await journal.durable();
	const files: Record<string, string | Uint8Array> = {};
	const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
	for (const state of migrations.states()) {
		const home = `functions/${state.function}`;
		const blueprint = migrations.blueprint(state.function);
		if (blueprint) files[`${home}/Logic_Blueprint.json`] = json(blueprint);
		for (const [path, text] of Object.entries(migrations.files(state.function) ?? {})) files[`${home}/service/${path}`] = text;
		for (const [name, bytes] of generatedRequests(join(options.servicesDir, state.function))) files[`${home}/${name}`] = bytes;
		files[`${home}/evidence.json`] = json({
			migration: state,
			mismatches: groups.list().filter((group) => group.function === state.function),
			patches: migrations.patches().filter((patch) => patch.function === state.function),
		});
	}
	files["map.json"] = json(project.graph);
	const report = await makeReport({ ...options, journalFile: journal.file });
	files["report.html"] = await renderReport(report, "html");
	files["final-state.json"] = json({ ...snapshot, traffic: [] });
	const summary = {
		title: `Time capsule of ${project.name}`,
		paragraphs: [
			`Every route of ${project.name} is answered by a new service; legacy was stopped with no request left for it.`,
			"The journal tells each step in order, each entry sealed by the hash of the one before. The folder of a function holds its blueprint, the code that was promoted, and the evidence for it.",
		],
		figures: Object.fromEntries(
			migrations
				.states()
				.map(({ function: name, version, evidence }) => [
					name,
					`version ${version}, ${evidence.clean} clean requests, mismatch rate at most ${(evidence.bound * 100).toFixed(2)} %`,
				]),
		),
	};
	const dir = join(options.dir, new Date(snapshot.at).toISOString().replace(/[:.]/g, "-"));
	const written = await writeCapsule({ dir, journalFile: journal.file, files, summary });
	return { dir, files: written.files, sha256: written.sha256 };
}

/** Of every version: the requests with their verdicts, as the journal's hashes name them. */
function generatedRequests(folder: string): [name: string, bytes: Uint8Array][] {
	const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith("-generated-requests.jsonl")) : [];
	return names.sort().map((name) => [name, readFileSync(join(folder, name))]);
}
