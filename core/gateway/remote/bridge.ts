import { connect } from "node:net";
import { resolve, sep } from "node:path";
import { Metadata, type ServerDuplexStream, status } from "@grpc/grpc-js";
import { createMessageReader, parseJson, readLease, stateFiles } from "../hot/index.ts";
import { absent, messageLimit } from "./service.ts";
import type { Message } from "./wire.ts";

/** Of a batch: the mark and the length that it has on the control socket. */
const BATCH_HEAD = 5;

/**
 * One conversation: what the other host says goes to the control socket, and what comes from there goes back, each side at the pace of the
 * one that reads. Ends with whichever ends first, so that the supervisor keeps what was not acknowledged.
 */
export function bridge(call: ServerDuplexStream<Message, Message>, stateDir: string): void {
	const files = stateFiles(stateDir);
	const socket = connect(readLease(files.lease)?.socket ?? files.socket);
	let isConnected = false;
	let isOver = false;

	function end(code: status, details: string): void {
		if (isOver) return;
		isOver = true;
		socket.destroy();
		if (code === status.OK) call.end();
		else call.emit("error", { code, details });
	}

	function send(message: Message): void {
		if (isOver) return;
		if (!call.write(message)) socket.pause();
	}

	socket.on("connect", () => {
		isConnected = true;
		// Whoever waits for it knows that there is a gateway.
		call.sendMetadata(new Metadata());
	});
	socket.on(
		"data",
		createMessageReader(
			(line) => send({ line }),
			(payload, mark) => send({ batch: withHead(payload, mark) }),
			messageLimit,
			() => end(status.INTERNAL, "the gateway sent an endless line"),
		),
	);
	socket.on("drain", () => call.resume());
	socket.on("error", () => {});
	socket.on("close", () => {
		if (isConnected) end(status.OK, "");
		else end(status.UNAVAILABLE, absent);
	});

	call.on("data", (message: Message) => {
		if (isOver) return;
		if (!("line" in message) || message.line.includes("\n")) return end(status.INVALID_ARGUMENT, "that is not one line of JSON");
		const refusal = refusalOf(message.line, stateDir);
		if (refusal !== null) return send({ line: refusal });
		if (!socket.write(`${message.line}\n`)) call.pause();
	});
	call.on("drain", () => socket.resume());
	call.on("end", () => socket.end());
	call.on("cancelled", () => {
		isOver = true;
		socket.destroy();
	});
	call.on("error", () => socket.destroy());
}

function withHead(payload: Buffer, mark: number): Buffer {
	const batch = Buffer.allocUnsafe(BATCH_HEAD + payload.length);
	batch.writeUInt8(mark, 0);
	batch.writeUInt32LE(payload.length, 1);
	batch.set(payload, BATCH_HEAD);
	return batch;
}

/** Another host may not have files written wherever it likes; all else is the supervisor's to judge. The answer, or null. */
function refusalOf(line: string, stateDir: string): string | null {
	if (!line.includes("setAccessLog")) return null;
	const request = parseJson(line) as { id?: unknown; verb?: unknown; log?: { file?: unknown } | null } | undefined;
	if (request?.verb !== "setAccessLog" || !request.log) return null;
	const { file } = request.log;
	if (typeof file === "string" && resolve(file).startsWith(resolve(stateDir) + sep)) return null;
	const reason = `from another host an access log can only be written in ${resolve(stateDir)}`;
	return JSON.stringify({ id: request.id ?? 0, ok: false, code: "not-done", reason });
}
