/**
 * How legacy is started a second time, on a copy of its database: a line of the shell in which `{port}` and `{database}` stand for where it
 * has to listen (on the loopback) and for its database file. `cwd`: where it is run.
 */
export type ReplicaCommand = { line: string; cwd: string };
