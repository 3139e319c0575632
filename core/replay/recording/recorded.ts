import type { Exchange } from "../../contract/traffic.ts";

export type HeaderLines = [string, string][];

/**
 * What is known of a body. `whole`: every byte. `cut`: its beginning. `absent`: there was one that nobody saw (an access log).
 * `withheld`: it could not be read to be masked, so it was not written.
 */
export type BodyState = "whole" | "cut" | "absent" | "withheld";

/** Milliseconds, -1 where it does not apply; as in HAR. */
export type Timings = Partial<Record<"blocked" | "dns" | "connect" | "ssl" | "send" | "wait" | "receive", number>>;

/** One request with its answer, as a recording keeps it. Header values and targets: the bytes of the wire as latin1. */
export type Recorded = {
	/** Milliseconds since the epoch, with fractions. */
	startedAt: number;
	endedAt: number;
	/** Of the route plan, where the gateway recorded it. */
	route: string | null;
	request: { method: string; scheme: "http" | "https"; target: string; headers: HeaderLines; body: Buffer; state: BodyState };
	/** `status` 0: no answer reached the client; `error` says why. */
	response: { status: number; headers: HeaderLines; body: Buffer; state: BodyState };
	error: string | null;
	timings?: Timings;
};

/** What passed through a tunnel nobody could see into. */
export type Tunnel = { startedAt: number; endedAt: number; authority: string; sent: number; received: number; error: string | null };

export function headerOf(headers: HeaderLines, name: string): string {
	return headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? "";
}

/** The gateway says that something is missing, not where: the side whose length was told tells it, else both are cut. */
export function recordedOf(exchange: Exchange): Recorded {
	const { request, response, truncated } = exchange;
	const bodies = [Buffer.from(request.body, "base64"), Buffer.from(response.body, "base64")] as const;
	const isWhole = [request, response].map(({ headers }, side) => headerOf(headers, "content-length") === String(bodies[side]?.length));
	const stateOf = (side: number): BodyState => (truncated && isWhole[side] !== true && !isBodiless(side, exchange) ? "cut" : "whole");
	return {
		startedAt: exchange.startedAt,
		endedAt: exchange.endedAt,
		route: exchange.route,
		request: {
			method: request.method,
			scheme: "http",
			target: request.target,
			headers: request.headers,
			body: bodies[0],
			state: stateOf(0),
		},
		response: { status: response.status, headers: response.headers, body: bodies[1], state: stateOf(1) },
		error: exchange.error,
	};
}

function isBodiless(side: number, { request, response }: Exchange): boolean {
	if (side === 1) return request.method === "HEAD" || response.status === 204 || response.status === 304;
	return headerOf(request.headers, "transfer-encoding") === "" && ["", "0"].includes(headerOf(request.headers, "content-length"));
}
