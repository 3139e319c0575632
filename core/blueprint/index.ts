// The Archaeologist's deterministic half: a function of the mapped project -> Logic_Blueprint, with exact semantics.
// It slices from the routes that reach the function, infers types, lowers to the IR, and derives the rules and the interface.
// Pure: no I/O, and nothing is generated here. What has no exact translation is listed by name in `unsupported`.
export { checkIr, type Violation } from "./check-ir.ts";
export { functionUnitJsonSchema, parseFunctionUnit } from "./functions/schema.ts";
export { makeFunctionUnit } from "./functions/unit.ts";
export { blueprintHash } from "./hash.ts";
export { makeBlueprint } from "./make.ts";
export { blueprintJsonSchema, parseBlueprint } from "./schema.ts";
