import type { Socket } from "node:net";
import type { Mirror, Upstream } from "../../../contract/traffic.ts";
import { countIn } from "../capture/counters.ts";
import { defaultMirrorTimeoutMs, type ShadowCopy } from "../shadow/shadow-copies.ts";
import { readyEvent } from "../tls/upstream-tls.ts";
import type { TcpListener } from "./conversation.ts";
import { createFramer } from "./framing.ts";
import { createKeyReader, createWaiting } from "./pairing.ts";

/** The shadow's side of one client's connection: a connection of its own, opened by the first copy and again after it broke. */
export type ShadowLine = {
	send(frame: Buffer, key: string, copy: ShadowCopy): void;
	sweep(at: number): void;
	/** The client is gone: closes when the answers under way have come or are given up. */
	finish(): void;
	isClosed(): boolean;
};

/** Bytes that the shadow has not taken yet; what comes on top is dropped. */
const unsentLimit = 1024 * 1024;
const backoffMs = { first: 250, last: 5_000 };

type LineDeps = {
	listener: TcpListener;
	mirror: Mirror;
	streams: Record<string, number>;
	open(upstream: Upstream): Socket;
	now(): number;
};

export function createShadowLine({ listener, mirror, streams, open, now }: LineDeps): ShadowLine {
	const { upstream, timeoutMs = defaultMirrorTimeoutMs } = mirror;
	const readKey = createKeyReader(listener.pairing);
	const isOrdered = listener.pairing.kind === "order";
	const waiting = createWaiting<ShadowCopy>();
	let socket: Socket | null = null;
	let isFinishing = false;
	let waitMs = 0;
	let notBefore = 0;

	function failAll(reason: string): void {
		for (let next = waiting.oldest(); next !== null; next = waiting.oldest()) {
			waiting.remove(next.key, next.entry);
			next.entry.fail(reason);
		}
	}

	function hangUp(reason: string): void {
		const left = socket;
		socket = null;
		left?.destroy();
		failAll(reason);
	}

	function connectLine(): Socket {
		const created = open(upstream);
		const framer = createFramer(listener.framing, {
			onMessage(frame, head) {
				if (socket !== created) return;
				const read = readKey(frame, head, "server");
				const copy = read?.isReply ? waiting.take(read.key) : null;
				if (copy === null) countIn(streams, "shadow-unsolicited");
				else copy.answer([], [frame], frame.length);
				if (isFinishing && waiting.size === 0) hangUp("");
			},
			onLost: (reason) => lost(`its bytes do not keep to the framing: ${reason}`),
		});
		const lost = (reason: string) => {
			if (socket === created) hangUp(reason);
		};
		created.on(readyEvent(created), () => {
			waitMs = 0;
		});
		created.on("data", (chunk: Buffer) => framer.push(chunk));
		created.on("error", (error: NodeJS.ErrnoException) => {
			if (socket !== created) return;
			if (created.connecting || error.syscall === "connect") {
				waitMs = Math.min(Math.max(backoffMs.first, waitMs * 2), backoffMs.last);
				notBefore = now() + waitMs;
			}
			lost(`the shadow's connection failed (${error.code ?? error.message})`);
		});
		created.on("end", () => lost("the shadow ended the connection"));
		created.on("close", () => lost("the shadow closed the connection"));
		return created;
	}

	return {
		send(frame, key, copy) {
			if (isFinishing) return copy.drop("shadow-late");
			if (socket === null && now() < notBefore) return copy.drop("shadow-open");
			socket ??= connectLine();
			if (socket.writableLength + frame.length > unsentLimit) return copy.drop("shadow-busy");
			waiting.add(key, copy);
			socket.write(frame);
		},
		sweep(at) {
			for (let next = waiting.oldest(); next !== null && next.entry.startedAt + timeoutMs <= at; next = waiting.oldest()) {
				waiting.remove(next.key, next.entry);
				next.entry.fail(`no answer within ${timeoutMs} ms`);
				// A late answer would be taken for that of the next one.
				if (isOrdered) hangUp(`the order of answers was lost: one took longer than ${timeoutMs} ms`);
			}
			if (isFinishing && waiting.size === 0) hangUp("");
		},
		finish() {
			isFinishing = true;
			if (waiting.size === 0) hangUp("");
		},
		isClosed: () => isFinishing && socket === null,
	};
}
