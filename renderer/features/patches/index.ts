// Patches under review: the list by function, the difference with its hunks, what the search found out and on which cases,
// what the gate measured, what will happen, and the decision. Everything it does is a command of the section Patches.
export { PatchesPlace } from "./place.tsx";
