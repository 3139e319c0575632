// What is known of the chosen bubble: facts, reasons for and against a cut, source, and the way into a migration.
export { Inspector } from "./inspector.tsx";
