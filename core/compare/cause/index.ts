// What makes a new service differ: a cause with its evidence, for a group of differences. Rules: ../SPEC.md, [C50] to [C55].
export { causeOf, explainCause } from "./explain-cause.ts";
