import { z } from "zod";

/** What stands at the beginning of a recording. */
export const headerShape = z.object({
	version: z.literal(1),
	/** Milliseconds since the epoch: when the recording was begun, not when the exchanges took place. */
	createdAt: z.number(),
	source: z.object({ kind: z.enum(["gateway", "har", "access-log", "outbound"]), name: z.string() }),
	/** null: nothing was masked, on purpose. `key`: a fingerprint by which the right key is found again, not the key. */
	masking: z.object({ key: z.string(), kinds: z.array(z.string()), headers: z.array(z.string()), fields: z.array(z.string()) }).nullable(),
	/** Only these routes of the plan; null: all traffic. */
	routes: z.array(z.string()).nullable(),
});
export type RecordingHeader = z.infer<typeof headerShape>;

const countsShape = z.record(z.string(), z.number());

/** What is missing at this place of the file, by reason. */
export const gapShape = z.object({ at: z.number(), count: z.number(), reason: z.string() });
export type Gap = z.infer<typeof gapShape>;

/** `records`: exchanges and tunnels. `masked`: values by kind. `withheld`: bodies that were not written, by reason. */
export const endShape = z.object({ at: z.number(), records: z.number(), missing: countsShape, masked: countsShape, withheld: countsShape });
export type RecordingEnd = z.infer<typeof endShape>;

export const tunnelShape = z.object({
	startedAt: z.number(),
	endedAt: z.number(),
	authority: z.string(),
	sent: z.number(),
	received: z.number(),
	error: z.string().nullable(),
});
