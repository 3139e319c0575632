// A run as people follow it: the strip of migrations, their cards, charts, mismatches, services and the log.
// The place itself is loaded when it is first opened (`place.tsx`); the strip is always there.
export { figureOf, stageTone, stageWord, stepsOf } from "./stages.ts";
export { StageStrip, StepIcon, Track } from "./strip.tsx";
