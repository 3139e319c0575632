import { eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import { routePlanShape } from "./traffic.ts";

/**
 * Between the engine and whoever hosts it: what commands print with `--json`, what stands in a state directory, and the host's own
 * verbs on the control socket. The desktop's shell knows this page and no other of the contract.
 */

const pid = z.number().int().positive();
/** On the loopback, with the token that opens it. */
const address = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/#token=[0-9a-f]{32,}$/);
/** A unix socket in a directory of this user alone, on Windows a named pipe of an unguessable name. */
const socket = z.string().min(1).max(4096);

/** The line that `phoenix serve` prints once it answers; no address with `--no-http`. */
export const servedShape = z.object({ url: address.nullable(), port: z.number().int().nullable(), pid, socket });

/** `core.json`: the core that works on the directory, as long as its process lives. */
export const coreLeaseShape = z.object({ pid, socket, url: address.nullable(), token: z.string().min(32).nullable() });
export type CoreLease = z.infer<typeof coreLeaseShape>;

/** What `phoenix panic` prints. `none`: no gateway runs; the next one starts with everything on legacy. */
export const panicResultShape = z.object({ ms: z.number(), way: z.enum(["control", "file", "none"]) });
export type PanicResult = z.infer<typeof panicResultShape>;

/** `gateway/gateway.json`: the gateway's supervisor, as long as its process lives. */
export const gatewayLeaseShape = z.object({ pid });

/** `gateway/plan.json`: the plan in force. */
export const storedPlanShape = z.object({ plan: routePlanShape });

/** What a command that failed says on stderr. */
export const failureShape = z.object({ code: z.string(), what: z.string(), safe: z.string(), todo: z.string() });

/**
 * The first frame of a line to the control socket says whose line it is: `page` speaks the contract (`api.ts`), `host` the verbs
 * below. The core answers with who it is; from then on both sides only pass messages.
 */
export const helloShape = z.object({ line: z.enum(["page", "host"]) });
export type Hello = z.infer<typeof helloShape>;
export const welcomeShape = z.object({ version: z.string().min(1).max(50), pid });
export type Welcome = z.infer<typeof welcomeShape>;

/** What a tray and a question before the end need to know. */
export type HostState = {
	/** For people, one line. */
	words: string;
	run: "none" | "running" | "paused";
	openRequests: number;
	/** The kill switch is pressed, and requests from before are still open. */
	draining: boolean;
};

/** `entered` on the screen: a host may keep it for the next start; null: forgotten, so should be what is kept. */
export type KeyChange = { key: string | null };

const key = z
	.string()
	.trim()
	.regex(/^[\x21-\x7e]{8,500}$/);
export const keyInput = z.object({ key });

export const hostApi = {
	/** The present state at once, then every change, at most once a second. */
	watch: oc.input(z.object({})).output(eventIterator(type<HostState>())),
	/** Pauses every migration of the run. */
	pause: oc.input(z.object({})).output(type<void>()),
	/** As a signal to the process: the journal is written, the core ends. With `panic` all traffic goes to legacy first. */
	end: oc.input(z.object({ panic: z.string().max(200).optional() })).output(type<void>()),
	/** Hands over the model key that the host kept. */
	putKey: oc.input(keyInput).output(type<void>()),
	/** Keys entered or forgotten on a screen from now on. */
	keys: oc.input(z.object({})).output(eventIterator(type<KeyChange>())),
};
