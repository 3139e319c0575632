// A core of the soak, to be killed at any moment: `node core.ts STATE_DIR PORT LEGACY_PORT FILE`. It writes what it took over into the file
// before it says so to the gateway, so that nothing can be counted by nobody.
import { openSync, writeSync } from "node:fs";
import { openGateway } from "../../control/index.ts";

/** A line of the file. `seqs` of a batch, in order; `mirrored`: those of them to be compared; `answers`: of shadows, by their exchange. */
export type Taken = { seqs: number[]; mirrored: number[] } | { answers: number[] };

const [stateDir = "", port, legacyPort, file = ""] = process.argv.slice(2);
const legacy = { host: "127.0.0.1", port: Number(legacyPort) };
const descriptor = openSync(file, "a");
const tell = (taken: Taken) => writeSync(descriptor, `${JSON.stringify(taken)}\n`);
const gateway = await openGateway({ stateDir, port: Number(port), legacy });
gateway.onExchanges((items) => {
	tell({ seqs: items.map(({ seq }) => seq), mirrored: items.filter(({ mirrored }) => mirrored).map(({ seq }) => seq) });
});
gateway.onShadowAnswers((answers) => tell({ answers: answers.map(({ seq }) => seq) }));
process.on("disconnect", () => process.exit(0));
