// The data plane of the gateway and the supervisor that keeps it alive: two processes that know nothing but the plan they
// were given, so that traffic outlives the core and the screen. They match, forward, copy and count; they do not compare,
// decide or parse a body. This page is what `control` needs to talk to them: the protocol, the files, the entry's path.
import { fileURLToPath } from "node:url";

export { decodeBatch } from "./capture/exchange-codec.ts";
export { createMessageReader } from "./capture/message-reader.ts";
export { parseJson } from "./lines.ts";
export { ANSWERS, decodeAnswers } from "./mirror/answer-codec.ts";
export {
	type ControlAnswer,
	type ControlEvent,
	type ControlRequest,
	defaultLimits,
	type Hello,
	type Lease,
	type Limits,
	type Panic,
	protocolVersion,
	type RefusalCode,
	type StartResult,
	type SupervisorOptions,
} from "./protocol.ts";
export { isVariable } from "./routing/plan-table.ts";
export type { AccessLogOrder, ExpositionFormat, MetricsAddress, TracingOrder } from "./supervision/observe-request.ts";
export { createPrivateDir, isProcess, readLease, readStoredPlan, removeFile, stateFiles } from "./supervision/state-files.ts";

export { createUpstreamTls } from "./tls/upstream-tls.ts";
export { connectWith } from "./upstream/upstream-pool.ts";

export const supervisorFile = fileURLToPath(
	new URL(import.meta.url.endsWith(".ts") ? "./supervisor.ts" : "./supervisor.js", import.meta.url),
);
