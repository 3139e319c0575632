// The gateway as the core sees it: opens or adopts the process that serves the traffic, gives it whole route plans, presses
// the kill switch, and hands over what was seen. It is not on the path of any request: when it dies, traffic goes on.
// `compilePlan` is the only place where a route plan is made.
export { compilePlan, type PlanInput, type PlannedRoute } from "./compile-plan.ts";
export { type ControlConnection, connectControl, type Dial, dialSocket } from "./control-connection.ts";
export { type Gateway, type GatewayLoss, openSession } from "./gateway-session.ts";
export { type EndedAccessLog, type EndedTracing, type GatewayObserver, openGatewayObserver } from "./observe-control.ts";
export { type GatewayOptions, openGateway } from "./open-gateway.ts";
export { type GatewayControl, openGatewayControl, type PanicResult } from "./panic-control.ts";
export { nextFreePort, portOwner } from "./port-owner.ts";
