import { serialize } from "node:v8";
import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type MessagePortMain, type WebContents } from "electron";
import type { z } from "zod";
import { createRate } from "./rate.ts";
import { isScreen } from "./screen-protocol.ts";

const longest = 1024 * 1024;

/** The only way in from the page: who may call, what it may say, how long and how often. */
export type Gate = {
	handle<Shape extends z.ZodType>(name: string, shape: Shape, perSecond: number, act: (payload: z.infer<Shape>) => unknown): void;
	/** A call that brings a port and nothing else. */
	onPort(name: string, perSecond: number, act: (port: MessagePortMain) => void): void;
};

export function createGate(page: WebContents): Gate {
	/** Throws at whoever is not the main frame of the screen in our window. */
	function check({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent, isAllowed: () => boolean): void {
		const isOwn = sender === page && senderFrame !== null && senderFrame.parent === null && isScreen(senderFrame.url);
		if (!isOwn) throw new Error("Not from here.");
		if (!isAllowed()) throw new Error("Too often.");
	}
	return {
		handle(name, shape, perSecond, act) {
			const isAllowed = createRate(perSecond);
			ipcMain.handle(name, (event, payload: unknown) => {
				check(event, isAllowed);
				if (serialize(payload).byteLength > longest) throw new Error("Too long.");
				return act(shape.parse(payload));
			});
		},
		onPort(name, perSecond, act) {
			const isAllowed = createRate(perSecond);
			ipcMain.on(name, (event) => {
				const [port] = event.ports;
				try {
					check(event, isAllowed);
					if (port !== undefined) act(port);
				} catch {
					port?.close();
				}
			});
		},
	};
}
