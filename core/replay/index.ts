// Recorded traffic: files of exchanges, masked before a byte is written; HAR and access logs in, HAR out; replay at a pace against any
// target; a forward proxy for the services' own calls. It is on no client's path, attaches to nothing by itself and judges no
// difference: `core/app` hands it the exchanges of the gateway and the comparison. The rules are in SPEC.md.
export { harEntryOf, harFrame } from "./har/export-har.ts";
export { type Imported, importHar } from "./har/import-har.ts";
export { importLog, type LogCounts } from "./log/import-log.ts";
export { namedFormats } from "./log/line-format.ts";
export { decodeBody } from "./mask/body-coding.ts";
export { createMasker, type Masker } from "./mask/create-masker.ts";
export { fingerprint, openMaskKey } from "./mask/key.ts";
export { addRule, defaultRules, type MaskRules, maskRulesShape } from "./mask/rules.ts";
export { type Answers, loadAnswers } from "./outbound/answers.ts";
export { type Outbound, type OutboundMode, openOutbound } from "./outbound/open-outbound.ts";
export type { RecordingHeader } from "./recording/header.ts";
export { type Ending, openRecording, type Recording, type RecordingEntry } from "./recording/read-recording.ts";
export { type HeaderLines, headerOf, type Recorded, recordedOf, type Tunnel } from "./recording/recorded.ts";
export { createRecording, type RecordingWriter, type WrittenSoFar } from "./recording/write-recording.ts";
export type { Percentiles } from "./send/latency.ts";
export { hostOf, type Pace, type ReplayOptions, type ReplayResult, replay } from "./send/replay.ts";
export { createKeyOf } from "./send/request-headers.ts";
export type { Answer, Target } from "./send/send-request.ts";
