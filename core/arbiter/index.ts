/**
 * Decides when a function may move: from its events to its next state and the commands that follow, by one policy.
 * The confidence is a bound that holds at every look. The rules are numbered in SPEC.md.
 * Pure: it reads no clock (events carry their time), moves no traffic, and starts nothing; `app` performs the commands.
 */
export { branchMethod, countBranches, minGeneratedOf, ruleAhead, unreachedGate, weakestFirst } from "./branches.ts";
export { cleanForOneLook, cleanNeeded, method, upperBound } from "./confidence.ts";
export { guardGates } from "./gates.ts";
export { newMigration } from "./migration.ts";
export { policies, policyProblems } from "./policies.ts";
export { transition } from "./transition.ts";
export { evidenceVerdict } from "./verdict.ts";
