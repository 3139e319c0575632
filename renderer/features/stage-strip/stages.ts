import { against } from "../../../core/contract/outcome.ts";
import type { Migration, Stage } from "../../../core/contract/run.ts";
import { count, percentAtMost, plural } from "../../ui/index.ts";

/** The way of one function, as it is drawn. Healing and reviewing are detours of the shadow, so they come after it. */
export const way = ["Extract", "Generate", "Deploy", "Shadow", "Heal", "Canary", "Promote"] as const;

const position: Record<Stage, number> = {
	waiting: -1,
	extracting: 0,
	generating: 1,
	deploying: 2,
	shadowing: 3,
	healing: 4,
	reviewing: 4,
	held: 4,
	canary: 5,
	promoted: 7,
	refused: 0,
	cancelled: -1,
};

const words: Record<Stage, string> = {
	waiting: "waiting",
	extracting: "extracting",
	generating: "generating",
	deploying: "deploying",
	shadowing: "shadowing",
	healing: "healing",
	reviewing: "to review",
	held: "held",
	canary: "canary",
	promoted: "promoted",
	refused: "refused",
	cancelled: "cancelled",
};

export function stageWord({ stage, canary, paused, heldIn }: Migration): string {
	const isAtWeight = stage === "canary" && canary !== null;
	const word = isAtWeight ? `canary ${canary.weight} %` : stage === "held" && heldIn === "canary" ? "held in canary" : words[stage];
	return paused ? `${word}, paused` : word;
}

export function stageTone({ stage }: Migration): "accent" | "good" | "bad" | "warn" {
	switch (stage) {
		case "promoted":
			return "good";
		case "held":
		case "refused":
			return "bad";
		case "reviewing":
		case "cancelled":
			return "warn";
		case "waiting":
		case "extracting":
		case "generating":
		case "deploying":
		case "shadowing":
		case "healing":
		case "canary":
			return "accent";
	}
}

export type StepState = "done" | "now" | "ahead" | "stopped";

/** Done, now or ahead, for each step of the way. A shadow without a repair skips `Heal`; it counts as done. */
export function stepsOf(migration: Migration): { name: string; state: StepState }[] {
	const { stage, heldIn } = migration;
	const at = stage === "held" ? Math.min(position[heldIn ?? stage], way.length - 1) : position[stage];
	const halted = migration.stage === "refused" || migration.stage === "held";
	return way.map((name, index) => ({ name, state: index < at ? "done" : index > at ? "ahead" : halted ? "stopped" : "now" }));
}

/** The live figure that matters most at this stage. */
export function figureOf({ stage, evidence, canary, openFailures, totals, healAttempts }: Migration): string {
	switch (stage) {
		case "shadowing":
			return against(evidence) > 0 ? `${count(evidence.clean)} clean, ${count(against(evidence))} not` : `${count(evidence.clean)} clean`;
		case "healing":
			return `${plural(openFailures, "failure")}, attempt ${Math.max(1, healAttempts)}`;
		case "reviewing":
			return "waits for you";
		case "canary":
			return canary === null ? "" : `${count(canary.requests)} answered, ${count(canary.errors)} errors`;
		case "promoted":
			return `≤ ${percentAtMost(evidence.bound)}`;
		case "held":
		case "refused":
		case "cancelled":
			return `${count(totals.compared)} compared`;
		case "waiting":
		case "extracting":
		case "generating":
		case "deploying":
			return "";
	}
}

/** The figure and the core's reason as sentences. */
export function nowOf(migration: Migration): string {
	const parts = [migration.stage === "promoted" ? "" : figureOf(migration), migration.reason].filter(Boolean);
	return parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`).join(". ");
}
