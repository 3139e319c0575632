import type { ServiceTarget } from "../../../core/contract/targets.ts";
import { ask } from "./asking.ts";
import { type Action, type Context, type Seen, seenBy } from "./command.ts";
import { noProject, selectedFunction, withProject } from "./seen.ts";

/** Functions that are chosen to be cut together, in the address: `#/map?plan=scoring.credit_score,limits.limits`. */
export function plannedNames({ details }: Pick<Seen["screen"], "details">): string[] {
	return (details.map?.plan ?? "").split(",").filter((name) => name !== "");
}

/** What the sheet asks for; the argument of `plan.start` is its JSON. */
export type StartRequest = { functions: string[]; policy: "demo" | "default"; target: ServiceTarget; autoAccept: boolean };

const target = (seen: Seen, argument?: string) => argument ?? selectedFunction(seen.screen);
const isMoving = ({ engine }: Seen, name: string) =>
	engine.snapshot?.migrations.some((one) => one.function === name && !["cancelled", "refused"].includes(one.stage)) ?? false;
const noFunction = "Choose a function on the map first.";

function keep({ screen }: Context, names: readonly string[]): void {
	screen.getState().detail("map", { plan: names.length === 0 ? null : names.join(",") });
}

export const planActions = {
	"function.isolate": {
		when: (seen, name) =>
			withProject(seen) &&
			(target(seen, name) !== null || plannedNames(seen.screen).length > 0) &&
			!isMoving(seen, target(seen, name) ?? ""),
		why: (seen, name) => (isMoving(seen, target(seen, name) ?? "") ? "It is on its way already." : noFunction),
		run(context, name) {
			const seen = seenBy(context);
			const chosen = target(seen, name);
			const functions = [...new Set([...(chosen === null ? [] : [chosen]), ...plannedNames(seen.screen)])];
			seen.screen.set({ dialog: { kind: "isolate", functions } });
		},
	},
	"plan.add": {
		when: (seen, name) => withProject(seen) && target(seen, name) !== null && !isMoving(seen, target(seen, name) ?? ""),
		why: (seen, name) => (target(seen, name) === null ? noFunction : "It is on its way already."),
		words: (seen, name) => (plannedNames(seen.screen).includes(target(seen, name) ?? "") ? "Take out of the plan" : null),
		run(context, argument) {
			const seen = seenBy(context);
			const name = target(seen, argument);
			if (name === null) return;
			const names = plannedNames(seen.screen);
			const isIn = names.includes(name);
			keep(context, isIn ? names.filter((one) => one !== name) : [...names, name]);
			seen.screen.say(isIn ? `${name} is out of the plan.` : `${name} is in the plan, with ${names.length} more.`);
		},
	},
	"plan.clear": {
		when: ({ screen }) => plannedNames(screen).length > 0,
		why: () => "The plan is empty.",
		run: (context) => keep(context, []),
	},
	"plan.start": {
		when: (seen) => withProject(seen),
		why: noProject,
		async run(context, argument = "") {
			const request = JSON.parse(argument) as StartRequest;
			context.screen.getState().set({ dialog: null });
			const started = await ask(context, (client) => client.run.start(request));
			if (started !== undefined) keep(context, []);
		},
	},
	"function.workbench": {
		when: (seen, argument) => withProject(seen) && (argument !== undefined || selectedFunction(seen.screen) !== null),
		why: () => noFunction,
		run(context, argument) {
			const { screen } = seenBy(context);
			// `scoring.credit_score` or `scoring.credit_score scoring.py:137`.
			const [name = "", place = ""] = (argument ?? selectedFunction(screen) ?? "").split(" ", 2);
			const at = /^(.+):(\d+)$/.exec(place);
			screen.set({ dialog: { kind: "workbench", function: name, at: at === null ? null : { file: at[1] ?? "", line: Number(at[2]) } } });
		},
	},
} satisfies Record<string, Action>;
