// What the screen remembers, in stores that know no React: what the core said (engine), the open code base
// (project) and what only this window knows (screen). No store calls the core; `app/` does.
export { type Connection, createEngineStore, type EngineState, type EngineStore, LOG_LIMIT } from "./engine.ts";
export { createProjectStore, type ProjectState, type ProjectStore } from "./project.ts";
export { createScreenStore, type Dialog, type MapHandle, type Place, places, type ScreenState, type ScreenStore } from "./screen.ts";
