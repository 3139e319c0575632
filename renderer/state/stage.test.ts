import { expect, it } from "vitest";
import { bank, createMemoryCore } from "../fixtures/memory-core.ts";
import { snapshotAt } from "../fixtures/moments.ts";
import { chapterOf, stageChapters } from "./index.ts";

it.each([
	["empty", "map"],
	["opened", "map"],
	["shadowing", "remediation"],
	["reviewing", "remediation"],
	["canary", "switch"],
	["done", "seal"],
] as const)("tells the moment %s in the chapter %s", (moment, chapter) => {
	expect(stageChapters[chapterOf(snapshotAt(moment, bank))]).toBe(chapter);
});

it("is in the mirror while nothing differs, and where the demo is while one plays", () => {
	const snapshot = snapshotAt("shadowing", bank);
	const calm = snapshot.migrations.map((one) => ({ ...one, stage: "shadowing" as const, openFailures: 0 }));
	expect(stageChapters[chapterOf({ ...snapshot, migrations: calm })]).toBe("mirror");
	const core = createMemoryCore("shadowing");
	const { demo } = snapshotAt("done", bank);
	expect(chapterOf({ ...core.snapshot(), demo: demo && { ...demo, state: "paused", index: 1 } })).toBe(1);
	expect(chapterOf({ ...core.snapshot(), demo: demo && { ...demo, state: "cancelled", index: 1 } })).toBe(2);
	expect(chapterOf(null)).toBe(0);
});
