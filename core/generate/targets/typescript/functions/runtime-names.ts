import { functionRuntimeSources } from "./runtime-sources.ts";
import { exportsOf } from "./shake.ts";

/** Which module of the runtime declares each exported name. */
export const runtimeExports = exportsOf(functionRuntimeSources);
