import type { ScreenState } from "../../state/index.ts";
import type { Seen } from "./command.ts";

/** Conditions that several actions share. */
export const always = () => true;
export const withProject = ({ engine }: Seen) => engine.snapshot?.project != null;
export const noProject = () => "No project is open.";
export const onMap = ({ screen }: Seen) => screen.place === "map" && screen.map !== null;
export const running = ({ engine }: Seen) => engine.snapshot?.run?.state === "running";
export const active = ({ engine }: Seen) => ["running", "paused"].includes(engine.snapshot?.run?.state ?? "");
/** It runs, or stands where the presenter stopped it. */
export const demoMoves = ({ engine }: Seen) => ["running", "paused"].includes(engine.snapshot?.demo?.state ?? "");
export const demoOn = demoMoves;

/** Dotted name of the function that is selected on the map. */
export const selectedFunction = (screen: ScreenState) =>
	screen.selected?.startsWith("function:") ? screen.selected.slice("function:".length) : null;
