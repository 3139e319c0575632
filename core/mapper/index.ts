// The Code Mapper: a folder of source -> the dependency graph (functions, modules, routes, tables) and the typed source
// tree that it was made from. It reads files and runs nothing. It translates nothing: that is `blueprint`.
// A file that does not parse is reported in `graph.parseErrors` and mapped as far as it could be read.
export { assembleGraph } from "./assemble.ts";
export { type FollowedMap, followMap, type MapChange } from "./follow-map.ts";
export { type MapOptions, type Mapped, mapProject } from "./map-project.ts";
export { readProgram } from "./read-program.ts";
