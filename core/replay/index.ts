// Recorded traffic: files of exchanges, masked before a byte is written; HAR and access logs in, HAR out; replay at a pace against any
// target; a forward proxy for the services' own calls. It is on no client's path, attaches to nothing by itself and judges no
// difference: `core/app` hands it the exchanges of the gateway and the comparison. The rules are in SPEC.md.
export { createMasker, type Masker } from "./mask/create-masker.ts";
export { fingerprint, openMaskKey } from "./mask/key.ts";
export { addRule, defaultRules, type MaskRules, maskRulesShape } from "./mask/rules.ts";
export type { RecordingHeader } from "./recording/header.ts";
export { type Ending, openRecording, type Recording, type RecordingEntry } from "./recording/read-recording.ts";
export { type Recorded, recordedOf, type Tunnel } from "./recording/recorded.ts";
export { createRecording, type RecordingWriter, type WrittenSoFar } from "./recording/write-recording.ts";
