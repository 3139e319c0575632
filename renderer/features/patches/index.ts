// Patches under review: the list, the difference side by side, why it is right, what the gate measured, and the decision.
export { PatchesPlace } from "./place.tsx";
