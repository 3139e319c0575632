// What belongs to one page of the small Electron: its contents, its session and its ports.
import { EventEmitter } from "node:events";

export type Preventable = { preventDefault(): void; prevented: boolean; url: string };

export function preventable(url = ""): Preventable {
	const event = {
		url,
		prevented: false,
		preventDefault() {
			event.prevented = true;
		},
	};
	return event;
}

type PermissionRequest = (
	contents: unknown,
	permission: string,
	answer: (yes: boolean) => void,
	details: { requestingUrl: string },
) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;

export class FakeContents extends EventEmitter {
	sent: unknown[] = [];
	opener: () => { action: string } = () => ({ action: "allow" });
	setWindowOpenHandler(opener: () => { action: string }): void {
		this.opener = opener;
	}
	send(name: string, message: unknown): void {
		this.sent.push([name, message]);
	}
	/** A call of the screen in this window's main frame. */
	ownEvent(ports: FakePort[] = []): { sender: FakeContents; senderFrame: object; ports: FakePort[] } {
		return { sender: this, senderFrame: { parent: null, url: "app://ui/#/run" }, ports };
	}
}

export class FakeSession {
	request: PermissionRequest = (_contents, _permission, answer) => answer(true);
	check: PermissionCheck = () => true;
	/** What answers, by scheme. */
	handlers = new Map<string, (request: Request) => Promise<Response>>();
	protocol = {
		handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void this.handlers.set(scheme, handler),
	};
	setPermissionRequestHandler(handler: PermissionRequest): void {
		this.request = handler;
	}
	setPermissionCheckHandler(handler: PermissionCheck): void {
		this.check = handler;
	}
}

/** The main process's end of a port, whose other end the test holds: `posted` went to the page, `say` comes from it. */
export class FakePort extends EventEmitter {
	posted: unknown[] = [];
	started = false;
	closed = false;
	postMessage(message: unknown): void {
		this.posted.push(message);
		this.emit("posted", message);
	}
	start(): void {
		this.started = true;
	}
	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.emit("close");
	}
	say(data: unknown): void {
		this.emit("message", { data });
	}
}
