import { z } from "zod";

// HAR 1.2 as it is written in the wild: what the format demands and writers leave out is optional here, what nobody reads is not named.

const pair = z.object({ name: z.string(), value: z.string().catch("") });
const pairs = z.array(pair).catch([]);
const milliseconds = z.number().nullable().catch(null).optional();

export const harEntryShape = z.object({
	startedDateTime: z.string(),
	time: z.number().nullable().catch(null).optional(),
	request: z.object({
		method: z.string(),
		url: z.string(),
		httpVersion: z.string().catch("").optional(),
		headers: pairs,
		cookies: pairs.optional(),
		bodySize: z.number().catch(-1).optional(),
		postData: z
			.object({
				mimeType: z.string().catch(""),
				text: z.string().optional(),
				/** `base64` here is no HAR 1.2, and is what tools write that keep binary bodies. */
				encoding: z.string().optional(),
				params: z
					.array(
						z.object({
							name: z.string(),
							value: z.string().optional(),
							fileName: z.string().optional(),
							contentType: z.string().optional(),
						}),
					)
					.optional(),
			})
			.nullable()
			.optional(),
	}),
	response: z.object({
		status: z.number().catch(0),
		headers: pairs,
		content: z
			.object({
				size: z.number().catch(-1).optional(),
				mimeType: z.string().catch("").optional(),
				text: z.string().nullable().optional(),
				encoding: z.string().nullable().optional(),
			})
			.optional(),
		_error: z.string().nullable().optional(),
	}),
	timings: z
		.object({
			blocked: milliseconds,
			dns: milliseconds,
			connect: milliseconds,
			ssl: milliseconds,
			send: milliseconds,
			wait: milliseconds,
			receive: milliseconds,
		})
		.nullable()
		.catch(null)
		.optional(),
	_webSocketMessages: z.array(z.unknown()).optional(),
});
export type HarEntry = z.infer<typeof harEntryShape>;

export const harShape = z.object({
	log: z.object({
		creator: z
			.object({ name: z.string().catch("") })
			.catch({ name: "" })
			.optional(),
		entries: z.array(z.unknown()),
	}),
});
