// The dependency map: bubbles packed by module between routes and tables, its table twin, legend and problems.
// The picture depends on the graph alone. What a bubble says of itself is the inspector's.
export { isolationOf } from "./isolation.ts";
export { Shape } from "./legend.tsx";
export { MapPlace } from "./place.tsx";
