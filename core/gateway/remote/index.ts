// The gateway on another host than the core: an agent beside the supervisor serves its control socket over gRPC with TLS 1.3 and
// certificates on both sides (`gateway-control.proto`), and a client gives the core the same gateway as on its own host. The agent is on the
// path of no request; it passes words and batches on, and knows nothing but who may speak.
export { type Agent, type AgentOptions, startAgent } from "./agent.ts";
export { openRemoteGateway, type RemoteGatewayOptions } from "./open-remote-gateway.ts";
