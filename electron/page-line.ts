import type { MessagePortMain } from "electron";
import type { Line } from "../core/contract/line.ts";
import { portWords } from "../core/contract/port-words.ts";
import { createRate } from "./rate.ts";

/** Far above what a screen asks; a page that runs wild is cut off, and comes back by its own retries. */
const messagesPerSecond = 2_000;

/** Passes messages between a page and a core on, unread; when one side goes, the other does too. */
export async function forward(port: MessagePortMain, open: () => Promise<Line>): Promise<void> {
	let isGone = false;
	port.on("close", () => {
		isGone = true;
	});
	const hangUp = () => {
		if (isGone) return;
		port.postMessage(portWords.gone);
		port.close();
	};
	const line = await open().catch(() => null);
	if (line === null) return hangUp();
	if (isGone) return line.close();
	const isAllowed = createRate(messagesPerSecond);
	line.on("message", (event) => port.postMessage(event?.data));
	line.on("close", hangUp);
	port.on("message", ({ data }) => {
		if ((typeof data === "string" || data instanceof Uint8Array) && isAllowed()) line.postMessage(data);
		else line.close();
	});
	port.on("close", () => line.close());
	port.start();
	port.postMessage(portWords.ready);
}
