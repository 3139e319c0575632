import type { Recorded } from "./recorded.ts";

// The payload of an exchange: u32 length of the JSON, the JSON without bodies, the request's body, the answer's body.

type Side = {
	method?: string;
	scheme?: string;
	target?: string;
	status?: number;
	headers: [string, string][];
	size: number;
	state: string;
};
type Meta = Omit<Recorded, "request" | "response"> & { request: Side; response: Side };

export function encodeExchange({ request, response, ...rest }: Recorded): Buffer[] {
	const { body: asked, ...requestMeta } = request;
	const { body: answered, ...responseMeta } = response;
	const meta = Buffer.from(
		JSON.stringify({ ...rest, request: { ...requestMeta, size: asked.length }, response: { ...responseMeta, size: answered.length } }),
	);
	const length = Buffer.allocUnsafe(4);
	length.writeUInt32LE(meta.length);
	return [length, meta, asked, answered];
}

/** null: no exchange that this version knows. The bodies are slices of `payload`. */
export function decodeExchange(payload: Buffer): Recorded | null {
	if (payload.length < 4) return null;
	const bodies = 4 + payload.readUInt32LE(0);
	if (bodies > payload.length) return null;
	const meta = parse(payload.toString("utf8", 4, bodies));
	if (meta === null || bodies + meta.request.size + meta.response.size !== payload.length) return null;
	const answer = bodies + meta.request.size;
	const { size: _asked, ...request } = meta.request;
	const { size: _answered, ...response } = meta.response;
	return {
		...meta,
		request: { ...request, body: payload.subarray(bodies, answer) },
		response: { ...response, body: payload.subarray(answer) },
	} as Recorded;
}

/** The checksum vouches for the bytes, this for the sense: a file may come from anywhere. */
function parse(text: string): Meta | null {
	try {
		const meta = JSON.parse(text) as Meta;
		const { request, response } = meta;
		const isRight =
			isTime(meta.startedAt) &&
			isTime(meta.endedAt) &&
			(meta.route === null || typeof meta.route === "string") &&
			(meta.error === null || typeof meta.error === "string") &&
			/^[!#$%&'*+.^_`|~\w-]+$/.test(request.method ?? "") &&
			(request.scheme === "http" || request.scheme === "https") &&
			typeof request.target === "string" &&
			Number.isInteger(response.status) &&
			[request, response].every(isSide);
		return isRight ? meta : null;
	} catch {
		return null;
	}
}

const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const states = new Set(["whole", "cut", "absent", "withheld"]);

function isSide({ headers, size, state }: Side): boolean {
	const isHeaders = Array.isArray(headers) && headers.every((line) => typeof line[0] === "string" && typeof line[1] === "string");
	return isHeaders && Number.isInteger(size) && size >= 0 && states.has(state);
}
