import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { Fault } from "../../base/fault.ts";
import type { Exchange, ShadowAnswer } from "../../contract/traffic.ts";
import {
	ANSWERS,
	type ControlEvent,
	type ControlRequest,
	createMessageReader,
	decodeAnswers,
	decodeBatch,
	type Hello,
	parseJson,
	protocolVersion,
	type RefusalCode,
} from "../hot/index.ts";
import { helloShape, messageShape } from "./message-shapes.ts";

type WithoutId<Request> = Request extends { id: number } ? Omit<Request, "id"> : never;

/** A conversation with one supervisor. Every rejection is a Fault. */
export type ControlConnection = {
	hello: Hello;
	ask(request: WithoutId<ControlRequest>, limitMs?: number): Promise<unknown>;
	acknowledge(batch: number): void;
	close(): void;
};

/** `onClosed`: after the greeting, and not by `close`. */
export type ControlListeners = {
	onEvent(event: ControlEvent): void;
	onBatch(batch: number, items: Exchange[]): void;
	onAnswers(batch: number, answers: ShadowAnswer[]): void;
	onClosed(): void;
};
type Waiting = { resolve(result: unknown): void; reject(fault: Fault): void; verb: string; timer: NodeJS.Timeout };

/** Reason of a GATEWAY_LOST: the other side ended the conversation. */
export const hungUp = "it closed the connection";

const connectMs = 1_000;
const answerMs = 5_000;
const lineLimit = 256 * 1024 * 1024;

/** Opens the way to a supervisor, over which both sides send the same bytes as over its socket; null: nobody is there. */
export type Dial = () => Promise<Duplex | null>;

/** null: nobody answers there. Fault GATEWAY_LOST when somebody does whom this version does not understand. */
export async function connectControl(dial: Dial, log: string, listeners: ControlListeners): Promise<ControlConnection | null> {
	const socket = await dial();
	if (!socket) return null;
	const waiting = new Map<number, Waiting>();
	let nextId = 1;
	let isClosed = false;
	let isGreeted = false;

	function lose(reason: string): void {
		if (isClosed) return;
		isClosed = true;
		socket?.destroy();
		for (const { reject, timer } of waiting.values()) {
			clearTimeout(timer);
			reject(new Fault("GATEWAY_LOST", { reason, log }));
		}
		waiting.clear();
		if (isGreeted) listeners.onClosed();
	}

	function onLine(line: string): void {
		const message = messageShape.safeParse(parseJson(line));
		if (!message.success) {
			lose("it sent a message that this version does not know");
			return;
		}
		if ("event" in message.data) {
			listeners.onEvent(message.data);
			return;
		}
		const { id } = message.data;
		const asked = waiting.get(id);
		if (!asked) return;
		waiting.delete(id);
		clearTimeout(asked.timer);
		if (message.data.ok) asked.resolve(message.data.result);
		else asked.reject(faultOfRefusal(asked.verb, message.data));
	}

	function onBatch(payload: Buffer, mark: number): void {
		try {
			if (mark === ANSWERS) {
				const { batch, answers } = decodeAnswers(payload);
				listeners.onAnswers(batch, answers);
			} else {
				const { batch, items } = decodeBatch(payload);
				listeners.onBatch(batch, items);
			}
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			lose("it sent exchanges that this version cannot read");
		}
	}

	const connection = {
		ask(request: WithoutId<ControlRequest>, limitMs = answerMs): Promise<unknown> {
			return new Promise((resolve, reject) => {
				if (isClosed) return reject(new Fault("GATEWAY_LOST", { reason: "the connection is closed", log }));
				const id = nextId++;
				const timer = setTimeout(() => {
					waiting.delete(id);
					reject(new Fault("GATEWAY_LOST", { reason: `no answer to ${request.verb} within ${limitMs} ms`, log }));
				}, limitMs);
				waiting.set(id, { resolve, reject, verb: request.verb, timer });
				socket.write(`${JSON.stringify({ id, ...request })}\n`);
			});
		},
		acknowledge(batch: number): void {
			if (!isClosed) socket.write(`${JSON.stringify({ id: 0, verb: "ack", batch })}\n`);
		},
		/** On purpose: `onClosed` is not called. */
		close(): void {
			isClosed = true;
			for (const { timer, reject } of waiting.values()) {
				clearTimeout(timer);
				reject(new Fault("GATEWAY_LOST", { reason: "this side closed the connection", log }));
			}
			waiting.clear();
			socket.destroy();
		},
	};
	socket.on(
		"data",
		createMessageReader(onLine, onBatch, lineLimit, () => lose("it sent an endless line")),
	);
	socket.on("error", () => {});
	socket.on("close", () => lose(hungUp));
	try {
		const hello = helloShape.parse(await connection.ask({ verb: "hello" }, connectMs));
		if (hello.protocol !== protocolVersion) {
			throw new Fault("GATEWAY_LOST", { reason: `it speaks protocol ${hello.protocol}, this is ${protocolVersion}`, log });
		}
		isGreeted = true;
		return { ...connection, hello };
	} catch (error) {
		connection.close();
		if (error instanceof Fault) throw error;
		throw new Fault("GATEWAY_LOST", { reason: "its greeting is not understood", log }, { cause: error });
	}
}

/** The control socket on this machine. */
export function dialSocket(path: string): Dial {
	return () =>
		new Promise((resolve) => {
			const socket = connect(path);
			const timer = setTimeout(() => socket.destroy(new Error("timeout")), connectMs);
			socket.once("connect", () => {
				clearTimeout(timer);
				resolve(socket);
			});
			socket.once("error", () => {
				clearTimeout(timer);
				resolve(null);
			});
		});
}

type Refusal = { code: RefusalCode; reason: string; file?: string | undefined };

function faultOfRefusal(verb: string, { code, reason, file = "" }: Refusal): Fault {
	switch (code) {
		case "invalid":
			return new Fault("INPUT_INVALID", { subject: `The gateway request ${verb}`, reason });
		case "unusable":
			return new Fault("CERTIFICATE_UNUSABLE", { file, reason });
		case "stale-plan":
			return new Fault("RUN_STATE", { verb: "Setting the route plan", reason, remedy: "Make the next plan from the gateway's own." });
		case "panic":
			return new Fault("RUN_STATE", { verb: "Routing to a new service", reason, remedy: "Release the kill switch first." });
		case "no-legacy":
			return new Fault("RUN_STATE", {
				verb: "Sending all to legacy",
				reason,
				remedy: "Start legacy from its capsule and name it in a plan.",
			});
		case "not-stored":
			return new Fault("RUN_STATE", { verb: "Setting the route plan", reason, remedy: "Free space on that disk and try again." });
		case "not-done":
			return new Fault("RUN_STATE", { verb: `The gateway request ${verb}`, reason, remedy: "Remove that cause and try again." });
	}
}
