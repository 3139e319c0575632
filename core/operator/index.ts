// Runs generated services: starts, watches, re-adopts and stops them. One `Runtime` interface, one file per kind
// of runtime in `runtimes/`; today a local process. It knows nothing of migrations: the composition root says
// which folder to run, on which database, and under which name.
export type { Runtime, ServiceHandle, ServiceSpec } from "./runtime.ts";
export { createProcessRuntime } from "./runtimes/process.ts";
