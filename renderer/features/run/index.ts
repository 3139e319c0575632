// A run as people follow it: cards of the migrations, charts, mismatches, services, accounts and the log.
// Loaded when it is first opened. It decides nothing and counts nothing; every figure is the core's.

export { AllowDialog } from "./allow-dialog.tsx";
export { RunPlace } from "./place.tsx";
export { WaiveDialog } from "./waive-dialog.tsx";
