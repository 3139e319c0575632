// A data plane with one TCP listener in a process of its own, for tests that may not see its parts: `node run-stream-gate.ts JSON`, with
// `legacy`, `mode`, `framing` and `pairing`. Tells its port, then every exchange and every answer of the shadow, to who started it.
import { startStreamGate } from "./stream-gate.ts";

const { legacy, mode, framing, pairing } = JSON.parse(process.argv[2] ?? "{}");
const gate = await startStreamGate(legacy, mode, { framing, pairing });
process.send?.({ port: gate.port });
setInterval(() => {
	for (const exchange of gate.exchanges.splice(0)) process.send?.({ exchange });
	for (const answer of gate.answers.splice(0)) process.send?.({ answer });
}, 10);
