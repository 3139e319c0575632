/**
 * The deterministic repair searches: which drift sites of a service must take the exact legacy meaning (`searchRepair`), and which
 * expressions of its blueprint must mean something else (`searchEdits`), so that every failing transaction agrees and no clean one changes.
 * They need no model and no network, decide by trials that the caller runs (`evaluate`), write no code and apply no patch.
 * The way to a language model is `model/`.
 */

export { applyEdits, type Edit, type EditKind, newSites } from "./edits/edit.ts";
export type { EditProblem, EditRepair, EvaluateEdits, Gap, Outcome } from "./edits/problem.ts";
export { searchEdits } from "./edits/search-edits.ts";
export type { Repair, RepairProblem } from "./repair.ts";
export { searchRepair } from "./search-repair.ts";
export type { CaseId, Evaluate } from "./trials.ts";
