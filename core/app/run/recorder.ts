import type { JournalRecord } from "../../contract/journal.ts";

/** Writes one entry of the journal; typed by its kind. */
export type Recorder = <K extends JournalRecord["kind"]>(kind: K, data: Extract<JournalRecord, { kind: K }>["data"]) => void;
