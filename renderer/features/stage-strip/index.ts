// The way of each migration in words and segments: the strip under the header, and the same track for cards.
export { figureOf, nowOf, stageTone, stageWord, stepsOf } from "./stages.ts";
export { StageStrip, StepIcon, Track } from "./strip.tsx";
