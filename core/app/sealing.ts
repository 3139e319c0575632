import { Fault, systemClock } from "../base/index.ts";
import type { Project } from "./project.ts";
import type { Migrations } from "./run/migrations.ts";
import { routeId } from "./run/planner.ts";

/** Legacy may be stopped when no route needs it. EVIDENCE_SHORT names what is missing for the first that does, RUN_STATE the routes. */
export function assertSealable(project: Project, migrations: Migrations): void {
	const promoted = new Set(
		migrations
			.states()
			.filter((state) => state.stage === "promoted")
			.flatMap((state) => state.routes),
	);
	const left = project.graph.routes.map(routeId).filter((route) => !promoted.has(route));
	const short = migrations.states().find((state) => (state.evidence.needed ?? 0) > 0 && state.routes.some((route) => left.includes(route)));
	if (short) {
		const { clean, needed } = short.evidence;
		const missing = needed ?? 0;
		throw new Fault("EVIDENCE_SHORT", { function: short.function, have: clean, need: clean + missing, missing });
	}
	if (left.length > 0)
		throw new Fault("RUN_STATE", {
			verb: "Stopping legacy",
			reason: `it still serves ${left.join(", ")}`,
			remedy: "Promote these routes first.",
		});
}

/** Waits until nobody has asked legacy for `coolDownMs`; how long it was quiet. RUN_STATE when clients still ask after `limitMs`. */
export async function waitForQuiet(options: { coolDownMs: number; limitMs: number; lastAsked(): number }): Promise<number> {
	const { coolDownMs, limitMs, lastAsked } = options;
	const limit = systemClock.now() + limitMs;
	for (;;) {
		const quiet = systemClock.now() - lastAsked();
		if (quiet >= coolDownMs) return quiet;
		if (systemClock.now() > limit) {
			throw new Fault("RUN_STATE", {
				verb: "Stopping legacy",
				reason: "clients still ask it",
				remedy: "Look at the routes that no migration covers.",
			});
		}
		await new Promise((done) => setTimeout(done, 50));
	}
}
