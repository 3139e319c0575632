// What the journal tells, in words: the chronicle (decisions, confidence over time, canary weights), the named questions of an
// auditor, and the report of a migration as HTML and PDF. It reads; it decides nothing and moves nothing.
export { type Chronicle, createChronicle } from "./chronicle.ts";
export { confidenceOf } from "./confidence.ts";
export { historyOf } from "./history.ts";
export { reportHtml } from "./html.ts";
export { createQuestions } from "./questions.ts";
export { renderReport } from "./render.ts";
export { type Proof, type Report, type ReportSource, reportOf } from "./report.ts";
