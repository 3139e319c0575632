import type { Snapshot } from "../../core/contract/api.ts";
import type { Migration } from "../../core/contract/run.ts";

/** The five chapters of the stage: the story of any migration, and the same that the demo plays. */
export const stageChapters = ["map", "mirror", "remediation", "switch", "seal"] as const;
export type StageChapter = (typeof stageChapters)[number];

const isMoving = ({ stage }: Migration) => stage !== "refused" && stage !== "cancelled";

/** The chapter in which the demo is, else the one that tells best what the run does now. */
export function chapterOf(snapshot: Snapshot | null): number {
	if (snapshot === null) return 0;
	const { demo, migrations, system } = snapshot;
	if (demo !== null && (demo.state === "running" || demo.state === "paused" || demo.state === "done")) return demo.index;
	const moving = migrations.filter(isMoving);
	if (moving.length === 0) return 0;
	if (system?.legacy.retired === true || moving.every(({ stage }) => stage === "promoted")) return 4;
	if (moving.some(({ stage }) => stage === "healing" || stage === "reviewing" || stage === "held")) return 2;
	if (moving.some(({ stage }) => stage === "canary")) return 3;
	return moving.some(({ openFailures }) => openFailures > 0) ? 2 : 1;
}
