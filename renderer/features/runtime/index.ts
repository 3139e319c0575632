// The processes, what they take, and what they write: the table, the log, legacy's own screen.

export { ComparisonsDialog } from "./comparisons-dialog.tsx";
export { ExportDialog } from "./export-dialog.tsx";
export { useOutput, useRuntime } from "./feed.ts";
export { ImportDialog } from "./import-dialog.tsx";
export { RuntimePlace } from "./place.tsx";
export { RecordDialog } from "./record-dialog.tsx";
export { ReplayDialog } from "./replay-dialog.tsx";
export { Terminal } from "./terminal.tsx";
