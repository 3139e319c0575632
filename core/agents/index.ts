/**
 * The deterministic repair search: which drift sites of a service must take the exact legacy meaning, so that every
 * failing transaction agrees and no clean one changes. It needs no model and no network.
 * It decides by trials that the caller runs (`evaluate`); it writes no code and applies no patch.
 */

export { applyEdits, type Edit, type EditKind, newSites } from "./edits/edit.ts";
export type { EditProblem, EditRepair, EvaluateEdits, Gap, Outcome } from "./edits/problem.ts";
export { searchEdits } from "./edits/search-edits.ts";
export type { Repair, RepairProblem } from "./repair.ts";
export { searchRepair } from "./search-repair.ts";
export type { CaseId, Evaluate } from "./trials.ts";
