/** A proxy under measurement, listening and waiting. */
export type Peer = {
	name: string;
	port: number;
	/** Every process that works for it. */
	pids(): number[];
	end(): Promise<void>;
	/** Not part of the proxy, but what it hands its exchanges to; its processor time is told beside the proxy's. */
	consumer?: Consumer;
};

export type Consumer = {
	pid: number;
	/** Of what was mirrored since the last call: what came, and what was dropped on the way. */
	account(): Promise<{ delivered: number; dropped: number }>;
};

/** What the proxies stand before. */
export type Backends = { legacy: number; shadow: number };
