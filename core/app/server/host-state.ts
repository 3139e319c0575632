import type { HostState } from "../../contract/host.ts";
import type { Core } from "../core.ts";

/** The state of the engine in one line, as a tray shows it, and what must be known before the end. */
export function hostState(core: Pick<Core, "snapshot" | "system">): HostState {
	const { project, system, run } = core.snapshot();
	const stats = system?.gateway.stats ?? null;
	const panic = stats?.panic ?? null;
	return {
		words: wordsOf(core, project?.name ?? null, panic !== null),
		run: run === null || run.state === "done" || run.state === "cancelled" ? "none" : run.state,
		openRequests: stats?.openRequests ?? 0,
		draining: panic !== null && stats !== null && stats.openRequests > 0 && stats.openSince <= panic.at,
	};
}

function wordsOf({ system }: Pick<Core, "system">, project: string | null, isPanic: boolean): string {
	if (project === null) return "No project is open";
	if (system === null) return `${project}: no traffic yet`;
	if (isPanic) return `${project}: kill switch pressed, all to legacy`;
	const { routes, legacy } = system.gateway.plan();
	const live = routes.filter(({ mode }) => mode.kind === "modern" || (mode.kind === "canary" && mode.weight > 0)).length;
	if (legacy === null) return `${project}: legacy is retired`;
	if (live === 0) return `${project}: all to legacy`;
	return `${project}: new services answer ${live === 1 ? "one route" : `${live} routes`}`;
}
