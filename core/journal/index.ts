// The journal: the only truth. An append-only file of JSON lines, each with the hash of the one before; every state in
// memory is a projection of it. `openJournal` is the single writer, `verifyJournal`, `tailJournal` and `readJournal` read
// one that nobody need have open, `openProjection` (here) and `createProjector`
// (in a thread) answer SQL, `writeCapsule` seals it with the evidence into a folder.
// It knows the shape of no entry but its note of a repair, decides nothing, and never changes a line once it is written.
// The rules are in SPEC.md.
export { type Capsule, type CapsuleCheck, type CapsuleInput, verifyCapsule, writeCapsule } from "./capsule.ts";
export { readJournal, tailJournal, type Verification, verifyJournal } from "./chain.ts";
export { type Journal, type JournalOptions, openJournal } from "./journal.ts";
export { sha256Hex } from "./line.ts";
export { openProjection, type Projection, type QueryResult } from "./projection.ts";
export { createProjector, type Projector } from "./projector.ts";
export { type NamedQuestion, shippedQuestions } from "./questions.ts";
