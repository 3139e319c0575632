/**
 * Compares what legacy and the new service did for one request: answer (XML, JSON, ISO 8583 or text, also across notations),
 * status and row changes; names every difference with a first suspicion of its cause. The rules are in SPEC.md.
 * Pure: it fetches nothing, keeps nothing between calls, and decides nothing about traffic (see `arbiter`).
 */
export { type AcceptedPlace, acceptedRounding } from "./accepted.ts";
export { causeOf, explainCause } from "./cause/index.ts";
export { compare } from "./compare.ts";
export { groupOf } from "./group.ts";
export { type CallAnswer, compareCalls, compareWire, type MessageComparators, messagePairs } from "./grpc/compare-calls.ts";
export { type GrpcMessage, splitMessages } from "./grpc/messages.ts";
export { wireValue } from "./grpc/wire-value.ts";
export { learnNoise } from "./noise.ts";
export { iso8583Type } from "./notations/iso8583/read-message.ts";
export { describeRows } from "./rows.ts";
