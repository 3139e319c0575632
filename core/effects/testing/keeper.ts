// Follows one PostgreSQL database and keeps every commit in a file, to be killed at any moment: `node keeper.ts ADDRESS SLOT FILE`.

import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { reasonOf } from "../../base/index.ts";
import { openPostgres } from "../postgres/open-postgres.ts";

const [address = "", slot = "", file = ""] = process.argv.slice(2);
const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
// The last line may have been cut off by the kill: it counts only with its end.
const whole = text.lastIndexOf("\n") + 1;
if (whole < text.length) truncateSync(file, whole);
const last = text.toString("utf8", 0, whole).split("\n").at(-2);
const source = await openPostgres(address, { slot, ...(last === undefined ? {} : { after: JSON.parse(last).position }), lookMs: 20 });
let isEnding = false;
source.onLost((fault) => {
	if (isEnding) return;
	process.stderr.write(`lost: ${reasonOf(fault)}\n`);
	process.exit(3);
});
let count = 0;
source.subscribe((commit) => {
	const { position } = source;
	appendFileSync(file, `${JSON.stringify({ position, changes: commit.changes })}\n`);
	// Some are confirmed at once, most are not: both must survive.
	if (++count % 3 === 0) source.confirm(position);
});
process.once("SIGTERM", async () => {
	await source.drain();
	isEnding = true;
	await source.stop();
	process.exit(0);
});
// Whoever reads this may end it in the same moment.
process.stdout.write("ready\n");
