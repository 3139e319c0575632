import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "../../base/fault.ts";
import { type ControlConnection, connectControl, dialSocket, openGatewayControl } from "../control/index.ts";
import { readLease, stateFiles } from "../hot/index.ts";

export type PressLine = {
	panic(reason: string): Promise<{ at: number; ms: number }>;
	close(): void;
};

const againMs = 500;

/** A line to the supervisor that is open before the kill switch is needed; where it is not, every other way to the switch is taken. */
export function openPressLine(stateDir: string): PressLine {
	const files = stateFiles(stateDir);
	const control = openGatewayControl(stateDir);
	let connection: ControlConnection | null = null;
	let isClosed = false;

	async function keepOpen(): Promise<void> {
		while (!isClosed && connection === null) {
			const dial = dialSocket(readLease(files.lease)?.socket ?? files.socket);
			connection = await connectControl(dial, files.log, { onEvent() {}, onBatch() {}, onAnswers() {}, onClosed }).catch(() => null);
			if (connection === null) await delay(againMs, undefined, { ref: false });
		}
		if (isClosed) connection?.close();
	}

	function onClosed(): void {
		connection = null;
		void keepOpen();
	}

	void keepOpen();
	return {
		async panic(reason) {
			try {
				const pressed = await connection?.ask({ verb: "panic", reason });
				if (isPressed(pressed)) return pressed;
			} catch (error) {
				// A refusal is an answer; a lost line is not.
				if (!(error instanceof Fault) || error.code !== "GATEWAY_LOST") throw error;
			}
			return await control.panic(reason);
		},
		close() {
			isClosed = true;
			connection?.close();
		},
	};
}

function isPressed(value: unknown): value is { at: number; ms: number } {
	return typeof value === "object" && value !== null && "at" in value && "ms" in value;
}
