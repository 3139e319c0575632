// A process that follows one database by comparing states and tells its parent: node snapshot-follower.ts PATH
import { reasonOf } from "../../base/index.ts";
import { openSnapshot } from "../snapshot/open-snapshot.ts";

const source = await openSnapshot(process.argv[2] ?? "", { pollMs: 15, lockTimeoutMs: 20_000 });
source.onLost((fault) => process.send?.({ kind: "lost", reason: reasonOf(fault) }));
source.subscribe((commit) => process.send?.({ kind: "commit", commit }));
process.on("message", async () => {
	await source.drain();
	process.send?.({ kind: "drained" });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ kind: "opened" });
