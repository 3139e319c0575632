// The dependency map: packages, modules and functions between routes and tables, with everything that one can ask of it, its table
// twin, and what a scan finds while it runs. Places come from the engine. What a bubble says of itself is the inspector's.
export { isolationOf } from "./isolation.ts";
export { Shape } from "./legend.tsx";
export { MapPlace } from "./place.tsx";
export { ScanSky } from "./scan-sky.tsx";
