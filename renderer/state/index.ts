// What the screen remembers, in stores that know no React: what the core said (engine), the open code base
// (project), what only this window knows (screen), what can be taken back (undo) and what a person chose for this
// machine (settings). No store calls the core; `app/` does.
export { type Connection, createEngineStore, type EngineState, type EngineStore, LOG_LIMIT } from "./engine.ts";
export type { MapHandle, OutputHandle } from "./handles.ts";
export { type MapClass, type MapLook, mapClasses, readLook, writeLook } from "./map-look.ts";
export { createProjectStore, type ProjectState, type ProjectStore } from "./project.ts";
export { acceptedOf, draftOf, hunkAt, type Mark, type ReviewDraft, shownPatch, type Trial } from "./review.ts";
export {
	createScreenStore,
	type Details,
	type Dialog,
	type Menu,
	type MenuItem,
	type Place,
	places,
	type ScreenState,
	type ScreenStore,
	type Toast,
} from "./screen.ts";
export { choices, createSettingsStore, defaults, putFirst, type Settings, type SettingsState, type SettingsStore } from "./settings.ts";
export { chapterOf, type StageChapter, stageChapters } from "./stage.ts";
export { createUndoStore, type UndoEntry, type UndoState, type UndoStep, type UndoStore, undoable } from "./undo.ts";
