// Follows one log of Debezium and keeps every commit in a file, to be killed at any moment: `node debezium-keeper.ts ADDRESS FILE`.

import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { reasonOf } from "../../base/index.ts";
import { openDebezium } from "../debezium/open-debezium.ts";

const [address = "", file = ""] = process.argv.slice(2);
const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
// The last line may have been cut off by the kill: it counts only with its end.
const whole = text.lastIndexOf("\n") + 1;
if (whole < text.length) truncateSync(file, whole);
const last = text.toString("utf8", 0, whole).split("\n").at(-2);
const source = await openDebezium(address, { pollMs: 10, ...(last === undefined ? {} : { after: JSON.parse(last).position }) });
source.onLost((fault) => {
	process.stderr.write(`lost: ${reasonOf(fault)}\n`);
	process.exit(3);
});
// What a killed run of this keeper has not kept is read again: without a first line it begins where the very first run began.
if (last === undefined) appendFileSync(file, `${JSON.stringify({ position: source.position, changes: [] })}\n`);
source.subscribe(({ changes }) => appendFileSync(file, `${JSON.stringify({ position: source.position, changes })}\n`));
process.stdout.write("ready\n");
