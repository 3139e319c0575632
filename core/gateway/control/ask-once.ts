import { readLease, stateFiles } from "../hot/index.ts";
import { type ControlConnection, connectControl, dialSocket } from "./control-connection.ts";

/** A short conversation with the gateway of this state directory; null: nobody answers there. Rejections are Faults. */
export async function askOnce<Result>(stateDir: string, talk: (ask: ControlConnection["ask"]) => Promise<Result>): Promise<Result | null> {
	const files = stateFiles(stateDir);
	const path = readLease(files.lease)?.socket ?? files.socket;
	const connection = await connectControl(dialSocket(path), files.log, { onEvent() {}, onBatch() {}, onAnswers() {}, onClosed() {} });
	if (!connection) return null;
	try {
		return await talk(connection.ask);
	} finally {
		connection.close();
	}
}
