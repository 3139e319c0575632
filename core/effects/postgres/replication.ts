import type { Socket } from "node:net";
import type { Client } from "pg";
import { systemClock } from "../../base/index.ts";
import { quoteName } from "../sql-value.ts";
import { disconnect, quoteText } from "./connection.ts";
import { type Lsn, printLsn } from "./lsn.ts";
import { encodeStatus } from "./replication-frames.ts";

/** What `pg` has and its types do not tell: the connection under a client, which speaks COPY in both directions. */
type Wire = {
	stream: Socket;
	on(event: "copyData", listener: (message: { chunk: Buffer }) => void): void;
	once(event: "replicationStart", listener: () => void): void;
	sendCopyFromChunk(bytes: Buffer): void;
};

export type Replication = {
	/** Everything before `confirmed` may be forgotten by the server. */
	confirm(confirmed: Lsn, isReplyWanted?: boolean): void;
	close(): Promise<void>;
};

export type StreamOptions = {
	slot: string;
	publication: string;
	start: Lsn;
	/** One frame (`decodeFrame`). Its bytes may be overwritten afterwards. */
	onFrame(bytes: Buffer): void;
	/** The connection or the stream ended. Called once, and not after `close`. */
	onEnd(error: unknown): void;
};

const wireOf = (client: Client) => (client as Client & { connection: Wire }).connection;

/** `pause`: no more frames than those that are here already; the server waits once the connection is full. */
export function flowOf(client: Client): { pause(): void; resume(): void } {
	const { stream } = wireOf(client);
	return { pause: () => void stream.pause(), resume: () => void stream.resume() };
}

/** Turns a walsender's connection into the stream of a slot's transactions (pgoutput, protocol version 1, as text). */
export async function startReplication(client: Client, { slot, publication, start, onFrame, onEnd }: StreamOptions): Promise<Replication> {
	const wire = wireOf(client);
	const started = Promise.withResolvers<void>();
	let isOver = false;
	const end = (error: unknown) => {
		started.reject(error);
		if (isOver) return;
		isOver = true;
		onEnd(error);
	};
	wire.once("replicationStart", () => started.resolve());
	wire.on("copyData", ({ chunk }) => {
		if (!isOver) onFrame(chunk);
	});
	const names = `publication_names ${quoteText(quoteName(publication))}`;
	client
		.query(`START_REPLICATION SLOT ${quoteName(slot)} LOGICAL ${printLsn(start)} (proto_version '1', ${names}, messages 'true')`)
		.then(() => end(new Error("the server ended the stream of its log")), end);
	client.once("end", () => end(new Error("the connection to the server ended")));
	await started.promise;
	return {
		confirm(confirmed, isReplyWanted = false) {
			if (!isOver) wire.sendCopyFromChunk(encodeStatus(confirmed, systemClock.now(), isReplyWanted));
		},
		async close() {
			isOver = true;
			await disconnect(client);
		},
	};
}
