import type { OpName } from "../../../../contract/ops.ts";
import { levels, primary } from "../code.ts";
import { call, helper, type Spelling } from "./spelling.ts";

/** Operations that reach outside the function: clock, randomness, database. They go through the ports of the request. */
export const ports: Partial<Record<OpName, Spelling>> = {
	"date.today": (use) => primary([call(use, "localTime", "ports.now()").doc, ".day"]),
	"datetime.now": (use) => call(use, "localTime", "ports.now()"),
	"clock.time": () => ({ doc: "ports.now() / 1000", level: levels.product }),
	"clock.sleep": helper("sleep"),
	"random.token_hex": (use) => primary(["ports.tokenHex(", use.doc(0), ")"]),
	"db.connect": () => primary("ports.repository"),
	"db.close": (use) => primary([use.doc(0, levels.primary), ".release()"]),
	"db.last_row_id": (use) => primary([use.doc(0, levels.primary), ".lastRowId()"]),
	"db.row_count": (use) => primary([use.doc(0, levels.primary), ".rowCount()"]),
};

/** Operations that make a function take the ports. */
export const portOperations: ReadonlySet<string> = new Set(["date.today", "datetime.now", "clock.time", "random.token_hex", "db.connect"]);
