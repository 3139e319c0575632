import { type FaultData, systemClock } from "../base/index.ts";
import type { Snapshot } from "../contract/api.ts";
import type { Migration } from "../contract/run.ts";
import type { ExampleSide, MismatchGroup } from "../contract/verdict.ts";
import type { Journal } from "../journal/index.ts";
import type { ProgressBoard } from "./progress.ts";
import type { Project } from "./project.ts";
import type { Chronicle } from "./report/index.ts";
import type { Groups } from "./run/groups.ts";
import type { Meter } from "./run/meter.ts";
import type { Migrations } from "./run/migrations.ts";
import type { SampleBank } from "./sample/bank.ts";
import type { System } from "./system.ts";

export const version = "0.1.0";

/** What one core holds at one moment. */
export type Holdings = {
	journal: Journal;
	dir: string;
	project: Project | null;
	system: System | null;
	bank: SampleBank | null;
	retired: boolean;
	run: Snapshot["run"];
	migrations: Migrations | null;
	groups: Groups;
	meter: Meter;
	totals: { compared: number; dropped: Record<string, number> };
	demo: Snapshot["demo"];
	progress: ProgressBoard;
	alerts: readonly FaultData[];
	chronicle: Chronicle;
	lastPanic: Snapshot["lastPanic"];
};

/** The state of a core as screens need it: small enough to be sent ten times a second. */
export function snapshotOf(holdings: Holdings): Snapshot {
	const { journal, dir, project, system, bank, retired, run, migrations, groups, meter, totals, demo } = holdings;
	const { progress, alerts, chronicle, lastPanic } = holdings;
	const stats = system?.stats ?? null;
	return {
		seq: journal.seq,
		at: systemClock.now(),
		version,
		dir,
		project: project && summaryOf(project),
		system:
			system === null || stats === null
				? null
				: {
						legacy: { address: `${system.legacy.host}:${system.legacy.port}`, alive: bank?.isAlive() ?? !retired, retired },
						gateway: { port: system.gateway.port, adopted: system.gateway.adopted, stats },
						shadow: system.shadow,
						replica: system.replica !== null,
					},
		run: run && { ...run, state: run.state === "running" && isPaused(migrations) ? "paused" : run.state },
		migrations: (migrations?.states() ?? []).map(withoutBranches),
		groups: groups.list().map(withoutChanges),
		patches: (migrations?.patches() ?? []).map(({ files, ...patch }) => ({ ...patch, paths: files.map((file) => file.path) })),
		services: migrations?.services() ?? [],
		traffic: meter.points(),
		totals: {
			requests: stats?.requests ?? 0,
			// What the gateway mirrors itself is in the books of its own comparison.
			mirrored: Math.max(0, (stats?.mirrored ?? 0) - (system?.mirrors.taken ?? 0)),
			compared: totals.compared,
			dropped: merge(totals.dropped, stats?.dropped ?? {}),
			clientErrors: stats?.clientErrors ?? 0,
		},
		demo,
		lastPanic,
		progress: progress.list(),
		alerts: [...alerts],
		decisions: chronicle.decisions().length,
	};
}

export function summaryOf(project: Project): NonNullable<Snapshot["project"]> {
	const { graph, dir, name, sample } = project;
	const functions = graph.nodes.filter((node) => node.kind === "function").length;
	return {
		dir,
		name,
		sample,
		functions,
		routes: graph.routes.length,
		tables: graph.tables.length,
		lines: graph.files.reduce((all, file) => all + file.lines, 0),
		...(project.update === undefined ? {} : { update: project.update }),
	};
}

/** A run is paused when nothing of it moves; one paused function among others is told by its own state. */
function isPaused(migrations: Migrations | null): boolean {
	const moving = (migrations?.states() ?? []).filter((state) => !["promoted", "refused", "cancelled"].includes(state.stage));
	return moving.length > 0 && moving.every((state) => state.paused);
}

/** The rows of examples are asked for by `run.examples`: ten times a second they would be too much. */
function withoutChanges(group: MismatchGroup): MismatchGroup {
	const { legacy, modern } = group.example;
	const light = ({ status, body, rows }: ExampleSide): ExampleSide => ({ status, body, rows });
	return { ...group, example: { ...group.example, legacy: light(legacy), modern: light(modern) } };
}

/** The branches of a function are asked for by `run.confidence`, for the same reason; its gates name the weakest. */
function withoutBranches(migration: Migration): Migration {
	const { branches: _, ...evidence } = migration.evidence;
	return { ...migration, evidence };
}

function merge(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
	const merged = { ...a };
	for (const [key, count] of Object.entries(b)) merged[key] = (merged[key] ?? 0) + count;
	return merged;
}
