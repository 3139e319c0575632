import { z } from "zod";
import { routePlanShape } from "./traffic.ts";

/** Between the engine and whoever hosts it without the API: what commands print with `--json`, and what stands in a state directory. */

const pid = z.number().int().positive();
/** On the loopback, with the token that opens it; nothing else is ever loaded into a window. */
const address = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/#token=[0-9a-f]{32,}$/);

/** The line that `phoenix serve` prints once it answers. */
export const servedShape = z.object({ url: address, port: z.number().int(), pid });

/** `core.json`: the core that works on the directory, as long as its process lives. */
export const coreLeaseShape = z.object({ pid, url: address, token: z.string().min(32) });

/** What `phoenix panic` prints. `none`: no gateway runs; the next one starts with everything on legacy. */
export const panicResultShape = z.object({ ms: z.number(), way: z.enum(["control", "file", "none"]) });
export type PanicResult = z.infer<typeof panicResultShape>;

/** `gateway/gateway.json`: the gateway's supervisor, as long as its process lives. */
export const gatewayLeaseShape = z.object({ pid });

/** `gateway/plan.json`: the plan in force. */
export const storedPlanShape = z.object({ plan: routePlanShape });

/** What a command that failed says on stderr. */
export const failureShape = z.object({ code: z.string(), what: z.string(), safe: z.string(), todo: z.string() });
