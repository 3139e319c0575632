// Row changes: where they come from, to which request they belong, and how a shadow database follows them.
// `openCollector` tails the write-ahead log of SQLite databases from a process of its own, without a change to their
// schema, or follows by triggers where there is no such log; `openPostgres` decodes the log of a PostgreSQL server; `openDebezium`
// reads a connector's change events; `openSnapshot` compares states; `openSource` chooses. `captureByTriggers` tells the changes of a
// private copy; `attribute` ties commits to requests by the values they share; `createShadowState` makes a copy follow and undoes what
// the new service did to it.
// It judges no difference and knows no route plan.

export { type AttributionMemory, attribute, createAttributionMemory } from "./attribution/attribute.ts";
export { cloneDatabase } from "./clone-database.ts";
export { type DebeziumOptions, type DebeziumSource, isDebeziumAddress, openDebezium } from "./debezium/open-debezium.ts";
export { type DifferingRows, type Equality, type EqualityLook, openEquality } from "./equality/open-equality.ts";
export { type JournalMode, journalModeOf, switchJournalMode } from "./journal-mode.ts";
export { inverse, netChanges } from "./net-changes.ts";
export { type OpenedSource, openSource, type SourceConfig, sqlitePath } from "./open-source.ts";
export { printAddress } from "./postgres/connection.ts";
export { openPostgres, type PostgresOptions, type PostgresSource } from "./postgres/open-postgres.ts";
export { dropSlot } from "./postgres/open-session.ts";
export { createRowLookup, type RowLookup, type StoredRow } from "./row-lookup.ts";
export { createShadowState, type ShadowState, type Written } from "./shadow-state.ts";
export { openSnapshot, type SnapshotOptions, type SnapshotSource } from "./snapshot/open-snapshot.ts";
export type { TableDifference } from "./table-differences.ts";
export { captureByTriggers, type TriggerCapture } from "./trigger-capture.ts";
export { removeLeftTriggers } from "./triggers/installation.ts";
export type { TailOptions } from "./wal/messages.ts";
export { type Collector, openCollector, openWalTail, type WalSource } from "./wal/open-collector.ts";
export type { SchemaChange } from "./wal/wal-tail.ts";
