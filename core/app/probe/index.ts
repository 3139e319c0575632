// Generated requests for what live traffic does not reach: found on the new service alone, then run on a replica of legacy and on the
// running version, from the same rows. Never on the real system: both work on private copies of the database.
export { createProber, type Prober } from "./prober.ts";
