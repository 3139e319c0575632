// The ground floor: coded errors, clocks, ids and small data structures that every other folder may use.
// It knows nothing of the product and touches no I/O, so it runs in Node, in a browser and in a worker alike.
export { canonicalJson } from "./canonical-json.ts";
export { childEnvironment } from "./child-environment.ts";
export { type Clock, createManualClock, systemClock } from "./clock.ts";
export { createEmitter, type Emitter } from "./emitter.ts";
export { Fault, type FaultCode, type FaultData, faultOf, faults, reasonOf } from "./fault.ts";
export { type Label, type LabelBox, lineHeight, placeLabels } from "./labels.ts";
export { createRedactor, type Redactor } from "./redactor.ts";
export { createRing, type Ring } from "./ring.ts";
export { sha256 } from "./sha256.ts";
