// The sheet that says what a cut means before anything starts: what moves and stays, tables, rules, risk, effort, and the policy
// in words. Everything on it is the engine's plan; what cannot be cut has no button.
export { PlanSheet } from "./plan-sheet.tsx";
export { policyWords } from "./policy-words.ts";
