import { z } from "zod";

export const recordingInput = z.object({
	/** A whole path; there may be no file of that name yet. */
	file: z.string().min(1).max(4096),
	/** Milliseconds; absent: until it is stopped. */
	forMs: z.number().int().positive().optional(),
	/** Routes of the plan by their ids; absent: all traffic. */
	routes: z.array(z.string().min(1).max(400)).max(1000).optional(),
	/** Rules beside the usual ones: `header:X-Customer`, `field:customer/taxCode`, `phone:contact`, `no-kind:phone`. */
	mask: z.array(z.string().min(1).max(400)).max(1000).optional(),
	/** File with the key of the masks; absent: `mask.key` of the state directory. */
	maskKey: z.string().min(1).max(4096).optional(),
	/** Everything as it was, secrets too. */
	unmasked: z.boolean().optional(),
});

/** A recording of the traffic of the attached system, under way or ended. Times: milliseconds since the epoch. */
export type RecordingState = {
	file: string;
	startedAt: number;
	/** When it ends by itself. */
	until: number | null;
	routes: string[] | null;
	/** Of the key of the masks; null: nothing is masked. */
	maskKey: string | null;
	exchanges: number;
	bytes: number;
	/** Exchanges that took place and are not in the file, by reason; the file says so too. */
	missing: Record<string, number>;
	/** Replaced values by kind, bodies that are not in the file by reason. */
	masked: Record<string, number>;
	withheld: Record<string, number>;
	endedAt: number | null;
	/** Why it ended before it was meant to. */
	failure: string | null;
};

/** Formats of requests from elsewhere by name; any other text is a `log_format` of nginx or a `LogFormat` of Apache. */
export const importFormats = ["har", "json", "common", "combined", "apache-common", "apache-combined"] as const;

export const importInput = z.object({
	/** A HAR or an access log; a whole path. */
	from: z.string().min(1).max(4096),
	/** The recording that is made of it; there may be no file of that name yet. */
	to: z.string().min(1).max(4096),
	/** One of `importFormats`, or a format as it stands in the server's configuration. */
	format: z.string().min(1).max(2000),
	/** Where the log names no host. */
	host: z.string().min(1).max(300).optional(),
	mask: z.array(z.string().min(1).max(400)).max(1000).optional(),
});

export const exportInput = z.object({
	/** A recording; a whole path. */
	from: z.string().min(1).max(4096),
	/** The HAR 1.2 that is made of it; there may be no file of that name yet. */
	to: z.string().min(1).max(4096),
});

/** Of `read` requests of a HAR or a log, `records` are in the recording; the others are counted by reason. */
export type ImportedRecording = {
	file: string;
	read: number;
	records: number;
	skipped: Record<string, number>;
	masked: Record<string, number>;
	withheld: Record<string, number>;
};

/** `cut`: what is wrong with the recording's end, or null. Tunnels have no place in a HAR. */
export type ExportedHar = { file: string; entries: number; tunnels: number; cut: string | null };
