// Takes every exchange of a gateway, decoded, and counts them: `node subscriber.ts STATE_DIR PORT BACKEND`. Told "count", it tells.
import { openGateway } from "../../control/index.ts";

const [stateDir = "", port, backend] = process.argv.slice(2);
const gateway = await openGateway({ stateDir, port: Number(port), legacy: { host: "127.0.0.1", port: Number(backend) } });
let taken = 0;
gateway.onExchanges((items) => {
	taken += items.length;
});
process.on("message", () => process.send?.(taken));
process.send?.("ready");
