// The stage: what the engine does, told to a hall. Five chapters over any migration, driven by keys; it shows the same state as
// the other places and covers them, so that leaving it is being where one was.
export { Stage } from "./stage.tsx";
