// The composition root: the one page that introduces the modules to each other. It implements the contract,
// performs the arbiter's commands, keeps the shadow in step with legacy, and writes every step into the journal.
// It decides nothing that a module decides: no verdict, no promotion, no translation is made here.
export type { AttachTarget, Core } from "./core.ts";
export { announceCore, readCoreLease } from "./core-lease.ts";
export { createCore } from "./create-core.ts";
export { openProject } from "./project.ts";
export { createRouter } from "./router.ts";
export { createDemo, type DemoOptions } from "./sample/demo.ts";
export { version } from "./snapshot.ts";
