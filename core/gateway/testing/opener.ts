// Opens a gateway in a process of its own, so that it can be killed: `node opener.ts STATE_DIR PORT LEGACY_PORT`.
import { openGateway } from "../control/index.ts";

const [stateDir = "", port, legacyPort] = process.argv.slice(2);
const gateway = await openGateway({ stateDir, port: Number(port), legacy: { host: "127.0.0.1", port: Number(legacyPort) } });
gateway.onExchanges(() => {});
process.send?.({ adopted: gateway.adopted });
