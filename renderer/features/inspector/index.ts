// What is said of what is chosen on the map: the verdict on a cut with its evidence, facts, source, blueprint and code; of tables,
// routes, modules and packages what couples them; of nothing, where to begin. Every number is the engine's.
export { Inspector } from "./inspector.tsx";
export { Reasons } from "./reasons.tsx";
export { Witnesses } from "./witnesses.tsx";
