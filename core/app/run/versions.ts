import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Blueprint, Choices, ServiceFiles } from "../../contract/blueprint.ts";
import type { Runtime, ServiceHandle } from "../../operator/index.ts";
import { createLock } from "../lockstep/lock.ts";
import type { ProgressBoard } from "../progress.ts";
import type { Project } from "../project.ts";
import type { System } from "../system.ts";
import { withAccepted } from "./acceptances.ts";
import { type Job, stopped } from "./job.ts";
import { programs } from "./programs.ts";
import type { Recorder } from "./recorder.ts";
import { hashesOf, writeFolder, writeText } from "./service-folder.ts";

/** `reference`: as the shadow, with legacy's rounding where another one is accepted. */
type Role = "shadow" | "live" | "reference";

/** The versions of a service on disk, and the programs that run of them. */
export type Versions = {
	keepBlueprint(blueprint: Blueprint, functionName: string): void;
	files(job: Job, blueprint: Blueprint, choices: Choices): ServiceFiles;
	/** Both builds: the one for clients, and the one for the shadow, which says which branches it takes. */
	write(job: Job, blueprint: Blueprint, version: number, choices: Choices): void;
	isWritten(job: Job, version: number): boolean;
	/** Builds it where the target needs that. Takes over a service of that name which outlived the core. */
	start(job: Job, blueprint: Blueprint, version: number, role: Role): Promise<ServiceHandle>;
	/** One more of the shadow build, on a database of its own: for generated requests. */
	startBeside(job: Job, blueprint: Blueprint, database: string): Promise<ServiceHandle>;
	stop(job: Job, role: Role, reason: string): Promise<void>;
};

export function createVersions(deps: {
	project: Pick<Project, "generate" | "generateWatched">;
	system: Pick<System, "shadowDatabase" | "database">;
	runtime: Pick<Runtime, "adopt" | "start">;
	record: Recorder;
	progress: ProgressBoard;
	dir: string;
}): Versions {
	const { project, system, runtime, record } = deps;
	/** A build takes every core that there is, and the traffic needs some. */
	const building = createLock();
	const folder = (functionName: string) => join(deps.dir, "services", functionName);
	const folderOf = (job: Job, version: number, role: Role) => {
		const live = join(folder(job.state.function), `v${version}`);
		return role === "live" ? live : `${live}-${role}`;
	};

	async function build(job: Job, version: number, role: Role): Promise<void> {
		const program = programs[job.target];
		if (!program.isBuilt) return;
		const name = job.state.function.slice(job.state.function.lastIndexOf(".") + 1);
		const about = {
			what: `Building ${name} v${version}${role === "live" ? "" : " for the shadow"}`,
			unit: "builds",
			sort: "Building services",
		};
		const dir = folderOf(job, version, role);
		await deps.progress.run(
			{ ...about, isBound: true },
			(_, signal) => building(() => program.build(dir, { tests: role === "live", signal })),
			job.abort.signal,
		);
	}

	const versions: Versions = {
		keepBlueprint(blueprint, functionName) {
			writeText(join(folder(functionName), "Logic_Blueprint.json"), `${JSON.stringify(blueprint, null, 2)}\n`);
		},
		files: (job, blueprint, choices) => project.generate(blueprint, choices, job.target),
		write(job, blueprint, version, choices) {
			const files = project.generate(blueprint, choices, job.target);
			writeFolder(folderOf(job, version, "live"), files);
			writeFolder(folderOf(job, version, "shadow"), project.generateWatched(blueprint, choices, job.target));
			const exact = Object.keys(choices).filter((expr) => choices[expr] === "exact");
			record("service.generated", { function: job.state.function, version, files: hashesOf(files), exact });
		},
		isWritten: (job, version) => (["live", "shadow"] as const).every((role) => existsSync(folderOf(job, version, role))),
		async start(job, blueprint, version, role) {
			const dir = folderOf(job, version, role);
			if (role === "reference") writeFolder(dir, project.generateWatched(blueprint, withAccepted(job.choices, job.state), job.target));
			const spec = {
				name: `${job.state.function}.${role}.v${version}`,
				dir,
				launch: programs[job.target].launch,
				database: role === "live" ? system.database : system.shadowDatabase,
				mode: role === "live" ? ("live" as const) : ("shadow" as const),
				blueprint: blueprint.hash,
			};
			const adopted = await runtime.adopt(spec);
			if (adopted === null) await build(job, version, role);
			const handle = adopted ?? (await runtime.start(spec, job.abort.signal));
			record("service.started", { function: job.state.function, version, role, pid: handle.pid, port: handle.port, ms: handle.readyMs });
			return handle;
		},
		startBeside(job, blueprint, database) {
			const { function: name, version } = job.state;
			// What is accepted is no news.
			const dir = folderOf(job, version, job.reference === null ? "shadow" : "reference");
			const spec = { name: `${name}.probed.v${version}`, dir, launch: programs[job.target].launch, database, blueprint: blueprint.hash };
			return runtime.start({ ...spec, mode: "shadow" }, job.abort.signal);
		},
		async stop(job, role, reason) {
			if (role === "shadow") await versions.stop(job, "reference", reason);
			const handle = job[role];
			job[role] = null;
			if (handle === null) return;
			await handle.stop();
			record("service.stopped", stopped(job, handle, job.state.version, role, reason));
		},
	};
	return versions;
}
