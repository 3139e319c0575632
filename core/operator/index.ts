// Runs generated services: starts, watches, re-adopts and stops them. One `Runtime` interface, one file per kind
// of runtime in `runtimes/`; today a local process. `builds/` makes programs of what must be compiled. Around them:
// what processes write, line by line in one bounded memory, and what they take of the machine. It knows nothing of
// migrations: the composition root says which folder to run, on which database, and under which name.
export { compileJava } from "./builds/java.ts";
export { buildWithMaven } from "./builds/maven.ts";
export { type Follower, followFile } from "./follow-file.ts";
export { createResourceMeter } from "./measure.ts";
export { createOutput, type Output } from "./output.ts";
export type { KnownService, Launch, Runtime, ServiceHandle, ServiceSpec } from "./runtime.ts";
export { createProcessRuntime } from "./runtimes/process.ts";
