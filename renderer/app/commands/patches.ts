import { ask } from "./asking.ts";
import { type Action, type Context, type Seen, seenBy } from "./command.ts";

const proposed = ({ engine, screen }: Seen) => {
	const patches = engine.snapshot?.patches ?? [];
	return patches.some((patch) => patch.state === "proposed" && (screen.patch === null || patch.id === screen.patch));
};

export const patchesActions = {
	"patch.accept": {
		when: (seen) => seen.screen.place === "patches" && proposed(seen),
		run: (context) => decide(context, "accept"),
	},
	"patch.refuse": {
		when: (seen) => seen.screen.place === "patches" && proposed(seen),
		run: (context) => decide(context, "refuse"),
	},
} satisfies Record<string, Action>;

function decide(context: Context, decision: "accept" | "refuse"): Promise<void> {
	const { engine, screen } = seenBy(context);
	const patch = engine.snapshot?.patches.find((one) => one.state === "proposed" && (screen.patch === null || one.id === screen.patch));
	if (patch === undefined) return Promise.resolve();
	return ask(context, (client) => client.patch[decision]({ patch: patch.id }));
}
