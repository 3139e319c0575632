import { createORPCClient } from "@orpc/client";
import { RPCLink as PortLink } from "@orpc/client/message-port";
import { RPCLink as SocketLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import type { api } from "../../core/contract/api.ts";
import { portWords } from "../../core/contract/port-words.ts";

/** The engine as the screen sees it; every verb and feed of the contract, typed. */
export type Client = ContractRouterClient<typeof api>;

/** One line to a core. `closed` resolves when it is gone; a new one must then be made. */
export type Line = { client: Client; closed: Promise<void>; close(): void };

/** A part of a file to save: no message to the desktop may be longer than a mebibyte. */
export type FilePart = { name: string; part: Uint8Array; first: boolean; last: boolean };

/** What the desktop puts on the window (`electron/preload.ts`), and all of it. `connect` is answered by a port posted to this window. */
export type Bridge = {
	connect(): void;
	native: {
		pickFolder(): Promise<string | null>;
		/** The name under which it was saved, for the last part; null when it was not. */
		saveFile(part: FilePart): Promise<string | null>;
		openLink(id: "modelKeys" | "node"): Promise<void>;
		setTitle(title: string): Promise<void>;
		/** Menu bar and links: the id of a command, and what it is about. */
		onMenu(choose: (command: string, argument?: string) => void): void;
	};
};

/** null in a browser. */
export function bridge(): Bridge | null {
	return (globalThis as { phoenix?: Bridge }).phoenix ?? null;
}

/** Rejects when no core answers within `timeoutMs`. */
export function openLine(timeoutMs = 5000): Promise<Line> {
	return bridge() === null ? openSocket(timeoutMs) : openPort(timeoutMs);
}

/** The core answers, but does not know this window: the page was not opened by the address that the core printed. */
export class UnknownWindow extends Error {}

/** Shows the one-time token of the address, if there is one, and takes it out of the address again. */
async function enter(): Promise<void> {
	const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
	if (token === undefined) return;
	history.replaceState(null, "", location.pathname);
	await fetch("/enter", { method: "POST", body: token });
}

async function isRefused(): Promise<boolean> {
	const { status } = await fetch("/rpc", { method: "POST" });
	return status === 401;
}

async function openSocket(timeoutMs: number): Promise<Line> {
	await enter();
	try {
		return await connect(timeoutMs);
	} catch (error) {
		if (await isRefused()) throw new UnknownWindow();
		throw error;
	}
}

function connect(timeoutMs: number): Promise<Line> {
	const scheme = location.protocol === "https:" ? "wss" : "ws";
	const socket = new WebSocket(`${scheme}://${location.host}/rpc`);
	const line = lineOver(socket);
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			socket.close();
			reject(new Error("no answer"));
		}, timeoutMs);
		socket.addEventListener("open", () => {
			clearTimeout(timer);
			resolve(line);
		});
		socket.addEventListener("error", () => {
			clearTimeout(timer);
			reject(new Error("no answer"));
		});
	});
}

/**
 * A socket as a line. When it ends, whoever waits for an answer is told first, and only then the listeners of `closed`: what those
 * end has nothing left to say to a core that is gone.
 */
export function lineOver(socket: WebSocket): Line {
	const link = new SocketLink({ websocket: untilClosed(socket) });
	const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve(), { once: true }));
	return { client: createORPCClient(link), closed, close: () => socket.close() };
}

/** A socket that is closing drops by itself what it is given; the link would throw, where nobody catches it. */
function untilClosed(socket: WebSocket): Pick<WebSocket, "readyState" | "send" | "addEventListener" | "removeEventListener"> {
	return {
		get readyState() {
			return socket.readyState === WebSocket.CLOSING ? WebSocket.OPEN : socket.readyState;
		},
		send: (data) => socket.send(data),
		addEventListener: socket.addEventListener.bind(socket),
		removeEventListener: socket.removeEventListener.bind(socket),
	};
}

function openPort(timeoutMs: number): Promise<Line> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(giveUp, timeoutMs);
		function giveUp(): void {
			clearTimeout(timer);
			removeEventListener("message", receive);
			reject(new Error("no answer"));
		}
		function receive(event: MessageEvent): void {
			const port = event.ports[0];
			if (event.source !== window || event.data !== "phoenix-port" || port === undefined) return;
			removeEventListener("message", receive);
			const { line, ready, closed } = joinPort(port);
			void closed.then(giveUp);
			void ready.then(() => {
				clearTimeout(timer);
				resolve({ client: createORPCClient(new PortLink({ port: line })), closed, close: line.close });
			});
		}
		addEventListener("message", receive);
		bridge()?.connect();
	});
}

/** The port of the desktop as a line that tells when its other end has gone, which a port of the web does not. */
function joinPort(port: MessagePort) {
	const ready = Promise.withResolvers<void>();
	const closed = Promise.withResolvers<void>();
	const listeners: ((event: { data: unknown }) => void)[] = [];
	port.onmessage = (event) => {
		if (event.data === portWords.ready) ready.resolve();
		else if (event.data === portWords.gone) closed.resolve();
		else for (const listener of listeners) listener(event);
	};
	const line = {
		postMessage: (message: unknown) => port.postMessage(message),
		on(event: string, listener: (event?: { data: unknown }) => void) {
			if (event === "message") listeners.push(listener);
			else void closed.promise.then(() => listener());
		},
		close() {
			port.close();
			closed.resolve();
		},
	};
	return { line, ready: ready.promise, closed: closed.promise };
}
